"""What a chain does to sound: place, length, channels, level."""

from __future__ import annotations

import numpy as np
import pytest

from stylus_daw.audio.clip import Clip, Samples
from stylus_daw.audio.loudness import integrated_lufs
from stylus_daw.chain.build import build
from stylus_daw.chain.effects import EFFECTS
from stylus_daw.chain.host import SPEAKERS, apply_chain
from stylus_daw.chain.spec import ChainSpec, EffectSpec
from stylus_daw.errors import ChainError

RATE = 48_000
ON_THEIR_SAMPLE = [kind for kind in EFFECTS if kind not in ("pitch", "invert", "low_pass", "ladder", "downsample")]


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
