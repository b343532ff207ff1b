"""What a chain does to sound: place, length, channels, level."""

from __future__ import annotations

import numpy as np
import pytest

from stylus_daw.audio.clip import Clip, Samples
from stylus_daw.audio.level.loudness import integrated_lufs
from stylus_daw.audio.level.true_peak import true_peak_db
from stylus_daw.chain.apply import SPEAKERS, apply_chain, process_chunks
from stylus_daw.chain.build import build
from stylus_daw.chain.effects import EFFECTS
from stylus_daw.chain.spec import ChainSpec, EffectSpec
from stylus_daw.errors import ChainError

RATE = 48_000
MOVING = ("pitch", "invert", "low_pass", "ladder", "downsample", "gsm", "mp3")
ON_THEIR_SAMPLE = [kind for kind in EFFECTS if kind not in MOVING]


def chain(*effects: dict[str, object], **rest: object) -> ChainSpec:
    return ChainSpec.model_validate({"effects": list(effects), **rest})


def noise(channels: int = 2, length: int = RATE // 4, rate: int = RATE, seed: int = 0) -> Clip:
    samples = np.random.default_rng(seed).uniform(-0.3, 0.3, (channels, length)).astype(np.float32)
    return Clip(samples=samples, rate=rate, start=777)


def impulse(at: int, length: int = RATE // 4, level: float = 0.5) -> Clip:
    samples = np.zeros((2, length), np.float32)
    samples[:, at] = level
    return Clip(samples=samples, rate=RATE)


def rms(samples: Samples) -> float:
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))


@pytest.mark.parametrize(
    "spec",
    [chain(), chain({"kind": "reverb", "bypass": True}), chain({"kind": "gain", "mix": 0}, tail="keep")],
    ids=["empty", "bypassed", "dry"],
)
def test_a_chain_without_active_effect_gives_the_same_object_back(spec: ChainSpec) -> None:
    clip = noise()
    assert apply_chain(clip, spec) is clip


@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000, 192_000])
@pytest.mark.parametrize("kind", EFFECTS)
def test_every_effect_keeps_length_place_and_finite_samples_at_any_rate(kind: str, rate: int) -> None:
    clip = noise(length=rate // 20 + 1, rate=rate)
    result = apply_chain(clip, chain({"kind": kind, "mix": 1}))
    assert (result.length, result.rate, result.start, result.channels) == (clip.length, rate, 777, 2)
    assert np.abs(result.samples).max() < 4


@pytest.mark.parametrize("at", [0, 1_000, RATE // 4 - 1])
@pytest.mark.parametrize("kind", ON_THEIR_SAMPLE)
def test_an_impulse_stays_on_its_sample(kind: str, at: int) -> None:
    mix = 1.0 if EFFECTS[kind].mix == 1 else 0.5
    result = apply_chain(impulse(at), chain({"kind": kind, "mix": mix}))
    assert int(np.abs(result.samples[0]).argmax()) == at
    assert np.abs(result.samples[:, :at]).max(initial=0) < 1e-6


@pytest.mark.parametrize("length", [1, 2, 3, 8, 17])
@pytest.mark.parametrize("channels", [1, 2, 3, 8])
def test_clips_shorter_than_a_block_are_not_misread(channels: int, length: int) -> None:
    clip = noise(channels=channels, length=length)
    result = apply_chain(clip, chain({"kind": "gain", "params": {"gain_db": -20}}))
    np.testing.assert_allclose(result.samples, clip.samples * 0.1, rtol=1e-4)


@pytest.mark.parametrize("kind", ["limiter", "compressor", "pitch", "high_shelf"])
def test_half_wet_is_the_mean_of_dry_and_wet_on_the_same_samples(kind: str) -> None:
    params = {"pitch": {"semitones": 5}, "compressor": {"threshold_db": -30}, "high_shelf": {"gain_db": 9}}
    clip = noise()
    wet = apply_chain(clip, chain({"kind": kind, "params": params.get(kind, {}), "mix": 1}))
    half = apply_chain(clip, chain({"kind": kind, "params": params.get(kind, {}), "mix": 0.5}))
    np.testing.assert_allclose(half.samples, (clip.samples + wet.samples) / 2, atol=1e-6)


def test_trim_returns_the_same_length_and_keep_the_echo_behind_it() -> None:
    clip = impulse(RATE // 4 - 10)
    echo = {"kind": "delay", "params": {"time_ms": 100, "feedback": 0}, "mix": 0.5}
    trimmed = apply_chain(clip, chain(echo))
    kept = apply_chain(clip, chain(echo, tail="keep", tail_seconds=0.25))
    assert trimmed.length == clip.length
    assert kept.length == clip.length + RATE // 4
    np.testing.assert_array_equal(kept.samples[:, : clip.length], trimmed.samples)
    assert kept.samples[0, RATE // 4 - 10 + RATE // 10] == pytest.approx(0.25, abs=1e-3)


def test_the_start_of_a_clip_sounds_the_same_whatever_follows() -> None:
    effects = [{"kind": kind} for kind in ("high_pass", "compressor", "chorus", "delay", "reverb")]
    clip = noise(length=RATE)
    whole = apply_chain(clip, chain(*effects))
    part = apply_chain(clip.slice(0, RATE // 3), chain(*effects))
    np.testing.assert_allclose(whole.samples[:, : RATE // 3], part.samples, atol=1e-6)


def test_the_same_clip_twice_gives_the_same_samples() -> None:
    spec = chain(*({"kind": kind} for kind in EFFECTS))
    np.testing.assert_array_equal(apply_chain(noise(), spec).samples, apply_chain(noise(), spec).samples)


@pytest.mark.parametrize("channels", SPEAKERS)
def test_every_channel_is_treated_and_silent_speakers_outside_a_pair_stay_silent(channels: int) -> None:
    assert sum(SPEAKERS[channels]) == channels
    samples = noise(channels=channels).samples.copy()
    wet = apply_chain(Clip(samples=samples, rate=RATE), chain({"kind": "reverb", "mix": 1})).samples
    assert all(rms(channel) > 0.01 for channel in wet)
    samples[2:] = 0
    wet = apply_chain(Clip(samples=samples, rate=RATE), chain({"kind": "reverb", "mix": 1})).samples
    assert np.abs(wet[2:]).max(initial=0) < 1e-6


def test_a_wet_reverb_is_about_as_loud_as_what_excites_it() -> None:
    clip = noise(length=RATE)
    wet = apply_chain(clip, chain({"kind": "reverb", "mix": 1}))
    assert 0.5 < rms(wet.samples[:, RATE // 2 :]) / rms(clip.samples) < 2


def test_the_limiter_holds_its_ceiling_and_leaves_what_is_below_it() -> None:
    loud = Clip(samples=noise().samples * 10, rate=RATE)
    spec = chain({"kind": "limiter", "params": {"ceiling_db": -6}})
    assert np.abs(apply_chain(loud, spec).samples).max() <= 10 ** (-6 / 20) + 1e-3
    soft = Clip(samples=noise().samples * np.float32(0.1), rate=RATE)
    np.testing.assert_allclose(apply_chain(soft, spec).samples, soft.samples, atol=1e-6)


@pytest.mark.parametrize("ceiling_db", [-1, -6])
def test_the_limiter_holds_true_peaks_between_the_samples(ceiling_db: float) -> None:
    phase = np.pi / 2 * np.arange(RATE) + np.pi / 4  # a quarter of the rate: 3 dB between the samples
    clip = Clip(samples=(1.2 * np.sin(phase))[None].astype(np.float32), rate=RATE)
    assert true_peak_db(clip) > 1.5
    limited = apply_chain(clip, chain({"kind": "limiter", "params": {"ceiling_db": ceiling_db}}))
    assert true_peak_db(limited) <= ceiling_db + 0.1


@pytest.mark.parametrize(
    ("lengths", "tail", "match_loudness"),
    [
        ((1, 500), "keep", False),
        ((8_192,), "trim", False),
        ((20_000, 3), "until_quiet", False),
        ((3_000,), "keep", True),
    ],
)
def test_chunks_of_any_length_give_the_samples_of_one_call(
    lengths: tuple[int, ...], tail: str, match_loudness: bool
) -> None:
    clip = noise(channels=3)
    effects = [{"kind": kind} for kind in ("compressor", "downsample", "chorus", "reverb", "delay", "limiter")]
    branches = [{"effects": [{"kind": "limiter"}, {"kind": "hall"}]}, {"gain_db": -6}]
    spec = chain(
        *effects,
        {"kind": "parallel", "branches": branches},
        {"kind": "limiter"},
        tail=tail,
        match_loudness=match_loudness,
    )
    cuts = [int(at) for at in np.cumsum(lengths * 400) if at < clip.length]
    parts = process_chunks(np.split(clip.samples, cuts, axis=1), RATE, spec)
    np.testing.assert_array_equal(np.concatenate(list(parts), axis=1), apply_chain(clip, spec).samples)


@pytest.mark.parametrize("kind", ["pitch", "gsm", "mp3"])
def test_effects_that_need_the_whole_sound_get_it_from_chunks(kind: str) -> None:
    clip, spec = noise(), chain({"kind": kind}, {"kind": "gain", "params": {"gain_db": -3}})
    parts = process_chunks(np.split(clip.samples, [1, 5_000], axis=1), RATE, spec)
    np.testing.assert_array_equal(np.concatenate(list(parts), axis=1), apply_chain(clip, spec).samples)


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000])
@pytest.mark.parametrize("kind", ["mp3", "gsm"])
def test_coders_keep_sound_within_a_millisecond_of_its_place(kind: str, rate: int) -> None:
    seconds = np.arange(rate) / rate
    gate = ((seconds > 0.3) & (seconds < 0.5)) | ((seconds > 0.65) & (seconds < 0.7))
    clip = Clip(samples=(0.3 * np.sin(2 * np.pi * 600 * seconds) * gate)[None].astype(np.float32), rate=rate)
    coded = apply_chain(clip, chain({"kind": kind})).samples[0]
    shifts = range(-rate // 500, rate // 500)
    alike = [float(np.dot(np.roll(coded, shift), clip.samples[0])) for shift in shifts]
    assert abs(shifts[int(np.argmax(alike))]) <= rate // 1000


def test_parallel_branches_add_up_with_their_gains() -> None:
    clip = noise()
    branches = [{"gain_db": -12}, {"effects": [{"kind": "invert"}], "gain_db": -18}, {"effects": [], "gain_db": -60}]
    result = apply_chain(clip, chain({"kind": "parallel", "branches": branches}))
    wanted = clip.samples * (10 ** (-12 / 20) - 10 ** (-18 / 20) + 10 ** (-60 / 20))
    np.testing.assert_allclose(result.samples, wanted, atol=1e-6)


def test_a_tail_until_quiet_ends_sixty_decibels_below_the_loudest_sample() -> None:
    clip = impulse(RATE // 4 - 1)
    echo = {"kind": "delay", "params": {"time_ms": 100, "feedback": 0.5}, "mix": 0.5}
    result = apply_chain(clip, chain(echo, tail="until_quiet"))
    echoes = (result.length - clip.length) / (RATE // 10)
    assert echoes == pytest.approx(10, abs=0.01)  # halved ten times, the last is at -60.2 dB of the dry sound
    dry = apply_chain(clip, chain({"kind": "gain"}, tail="until_quiet"))
    assert dry.length == clip.length


def test_a_hall_rings_as_long_as_it_says() -> None:
    spec = chain({"kind": "hall", "params": {"decay_s": 1.0, "brightness": 1, "pre_delay_ms": 0}, "mix": 1})
    clip = impulse(0, length=RATE)
    tail = apply_chain(clip, spec).samples[0]
    early, late = rms(tail[RATE // 10 : RATE // 5]), rms(tail[RATE // 10 * 6 : RATE // 10 * 7])
    assert 20 * np.log10(early / late) == pytest.approx(30, abs=2)


def test_a_filter_above_the_top_of_the_rate_is_held_there_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "stylus_daw.chain.build")
    clip = noise(rate=8_000, length=4_000)
    result = apply_chain(clip, chain({"kind": "low_pass", "params": {"frequency_hz": 15_000, "poles": 1}}))
    assert rms(result.samples) == pytest.approx(rms(clip.samples), rel=0.2)
    assert "15000 Hz held at 3600 Hz" in caplog.text


@pytest.mark.parametrize("semitones", [-12, -5, 7, 12])
def test_pitch_moves_the_tone_and_keeps_the_time_within_twenty_milliseconds(semitones: int) -> None:
    seconds = np.arange(RATE) / RATE
    burst = np.sin(2 * np.pi * 440 * seconds) * ((seconds > 0.4) & (seconds < 0.6)) * 0.3
    clip = Clip(samples=burst[None].astype(np.float32), rate=RATE)
    shifted = apply_chain(clip, chain({"kind": "pitch", "params": {"semitones": semitones}})).samples[0]
    peak_hz = int(np.abs(np.fft.rfft(shifted)).argmax())
    assert 12 * np.log2(peak_hz / 440) == pytest.approx(semitones, abs=0.5)
    energy = np.square(shifted, dtype=np.float64)
    assert float((seconds * energy).sum() / energy.sum()) == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("length", [RATE, RATE // 10])
def test_loudness_is_matched_before_a_final_limiter(length: int) -> None:
    clip = noise(length=length)
    spec = chain({"kind": "gain", "params": {"gain_db": -15}}, {"kind": "limiter"}, match_loudness=True)
    assert integrated_lufs(apply_chain(clip, spec)) == pytest.approx(integrated_lufs(clip), abs=0.5)


def test_matching_the_loudness_of_silence_leaves_silence() -> None:
    silence = Clip(samples=np.zeros((2, RATE), np.float32), rate=RATE)
    spec = chain({"kind": "gain", "params": {"gain_db": 6}}, match_loudness=True)
    assert not apply_chain(silence, spec).samples.any()


def test_samples_that_are_no_numbers_name_the_effect() -> None:
    clip = Clip(samples=np.full((1, 1_000), 3e38, np.float32), rate=RATE)
    with pytest.raises(ChainError, match="gain made samples") as caught:
        apply_chain(clip, chain({"kind": "gain", "params": {"gain_db": 24}}))
    assert caught.value.code == "chain.non_finite"


def test_every_kind_of_the_table_has_a_builder() -> None:
    for kind in EFFECTS:
        build(EffectSpec(kind=kind), RATE)
