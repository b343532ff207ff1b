"""Loudness and true peak: what a gain, a layout and a phase must do to them."""

from __future__ import annotations

import math

import numpy as np
import pyloudnorm
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.level.loudness import integrated_lufs, match_loudness, measured
from stylus_daw.audio.level.true_peak import limit_true_peak, true_peak_db
from stylus_daw.errors import RequestError

RATE = 48_000


def noise(channels: int = 2, seconds: float = 2.0, rms: float = 0.05, rate: int = RATE, seed: int = 0) -> Clip:
    samples = rms * np.random.default_rng(seed).standard_normal((channels, max(1, round(seconds * rate))))
    return Clip(samples=samples.astype(np.float32), rate=rate)


def tone(frequency: float, *, phase: float = 0.0, peak: float = 0.5, seconds: float = 1.0, rate: int = RATE) -> Clip:
    """A sine that fades in and out, so that its edges ring nowhere."""
    time = np.arange(round(seconds * rate)) / rate
    fade = np.minimum(1, 20 * np.minimum(time, time[::-1]) / seconds)
    samples = peak * fade * np.sin(2 * np.pi * frequency * time + phase)
    return Clip(samples=samples[None].astype(np.float32), rate=rate)


def gained(clip: Clip, gain_db: float) -> Clip:
    return clip.with_samples(clip.samples * np.float32(10 ** (gain_db / 20)))


@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000, 96_000, 192_000])
@pytest.mark.parametrize("channels", [1, 2, 3, 5])
def test_it_is_what_pyloudnorm_measures(channels: int, rate: int) -> None:
    clip = noise(channels, rate=rate)
    expected = pyloudnorm.Meter(rate).integrated_loudness(clip.samples.T.astype(np.float64))
    assert integrated_lufs(clip) == pytest.approx(expected, abs=1e-9)


def test_a_stereo_tone_of_minus_23_dbfs_at_1_khz_is_minus_23_lufs() -> None:
    """EBU Tech 3341, case 1."""
    time = np.arange(20 * RATE) / RATE
    samples = 10 ** (-23 / 20) * np.sin(2 * np.pi * 1000 * time)
    assert integrated_lufs(Clip(samples=np.stack([samples] * 2).astype(np.float32), rate=RATE)) == pytest.approx(
        -23, abs=0.1
    )


@settings(max_examples=25, deadline=None)
@given(gain_db=st.floats(-20, 40), channels=st.integers(1, 8), seconds=st.sampled_from([0.001, 0.1, 0.399, 0.4, 1.7]))
def test_a_gain_moves_the_loudness_and_the_true_peak_by_as_much(gain_db: float, channels: int, seconds: float) -> None:
    clip = noise(channels, seconds)
    moved = gained(clip, gain_db)
    assert integrated_lufs(moved) - integrated_lufs(clip) == pytest.approx(gain_db, abs=0.01)
    assert true_peak_db(moved) - true_peak_db(clip) == pytest.approx(gain_db, abs=0.01)


@pytest.mark.parametrize("seconds", [0.01, 0.1, 0.2, 0.39])
def test_a_short_clip_is_as_loud_as_a_long_one_of_the_same_sound(seconds: float) -> None:
    assert integrated_lufs(noise(seconds=seconds)) == pytest.approx(integrated_lufs(noise(seconds=5)), abs=1.5)


def test_the_loudness_has_no_step_where_a_clip_becomes_short() -> None:
    block = round(0.4 * RATE)
    whole = noise(seconds=0.4)
    assert integrated_lufs(whole.slice(0, block - 1)) == pytest.approx(integrated_lufs(whole), abs=0.01)


def test_a_single_sample_has_a_loudness() -> None:
    assert math.isfinite(integrated_lufs(Clip(samples=np.full((2, 1), 0.5, np.float32), rate=RATE)))


@pytest.mark.parametrize("length", [1, 1000, 100_000])
@pytest.mark.parametrize("channels", [1, 8])
def test_silence_is_minus_infinity(channels: int, length: int) -> None:
    silence = Clip(samples=np.zeros((channels, length), np.float32), rate=RATE)
    assert integrated_lufs(silence) == true_peak_db(silence) == -math.inf


@pytest.mark.parametrize("seconds", [0.1, 2.0])
def test_what_lies_below_the_gate_is_minus_infinity(seconds: float) -> None:
    assert integrated_lufs(noise(rms=1e-5, seconds=seconds)) == -math.inf


def test_silence_between_phrases_does_not_count() -> None:
    clip = noise(seconds=4)
    with_pause = clip.with_samples(np.pad(clip.samples, ((0, 0), (0, 8 * RATE))))
    assert integrated_lufs(with_pause) == pytest.approx(integrated_lufs(clip), abs=0.3)


def test_the_low_frequency_channel_does_not_count_and_the_sides_count_more() -> None:
    def only(channel: int, channels: int) -> float:
        samples = np.zeros((channels, RATE), np.float32)
        samples[channel] = noise(1, 1.0).samples
        return integrated_lufs(Clip(samples=samples, rate=RATE))

    assert only(3, 6) == only(3, 8) == -math.inf
    assert only(4, 6) - only(0, 6) == pytest.approx(10 * math.log10(1.41), abs=1e-6)
    assert only(6, 8) - only(4, 8) == pytest.approx(10 * math.log10(1.41), abs=1e-6)


def test_quiet_and_silent_measurements_warn_of_nothing(recwarn: pytest.WarningsRecorder) -> None:
    for clip in [noise(rms=1e-6), noise(rms=3.0), noise(seconds=0.01), noise(8)]:
        integrated_lufs(clip)
        match_loudness(clip, -10)
        limit_true_peak(clip, -1)
    assert not recwarn.list


@pytest.mark.parametrize("target", [-40.0, -23.0, -14.0])
@pytest.mark.parametrize("seconds", [0.05, 2.0])
def test_matching_reaches_the_target_and_keeps_the_place(target: float, seconds: float) -> None:
    clip = Clip(samples=noise(seconds=seconds).samples, rate=RATE, start=77)
    matched = match_loudness(clip, target)
    assert integrated_lufs(matched) == pytest.approx(target, abs=0.01)
    assert (matched.start, matched.rate, matched.length) == (77, RATE, clip.length)


def test_a_boost_stops_at_its_limit_and_a_cut_does_not() -> None:
    clip = noise(rms=0.001)
    assert integrated_lufs(match_loudness(clip, -10, max_gain_db=6)) == pytest.approx(
        integrated_lufs(clip) + 6, abs=0.01
    )
    assert integrated_lufs(match_loudness(noise(rms=1), -60, max_gain_db=0)) == pytest.approx(-60, abs=0.01)


def test_silence_cannot_be_matched_and_can_be_a_target() -> None:
    silence = Clip(samples=np.zeros((2, RATE), np.float32), rate=RATE)
    assert match_loudness(silence, -14) is silence
    assert not match_loudness(noise(), -math.inf).samples.any()


def test_a_match_of_the_same_loudness_changes_nothing() -> None:
    clip = noise()
    assert match_loudness(clip, integrated_lufs(clip)) is clip


@pytest.mark.parametrize(
    "bad", [{"target_lufs": math.nan}, {"target_lufs": 99.0}, {"target_lufs": -14, "max_gain_db": -1}]
)
def test_targets_that_mean_nothing_are_refused(bad: dict[str, float]) -> None:
    with pytest.raises(RequestError, match="allowed"):
        match_loudness(noise(), **bad)
    with pytest.raises(RequestError, match="ceiling"):
        limit_true_peak(noise(), math.nan)


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000])
def test_a_sine_at_a_quarter_of_the_rate_and_45_degrees_peaks_3_db_between_its_samples(rate: int) -> None:
    clip = tone(rate / 4, phase=math.pi / 4, rate=rate)
    sample_peak_db = 20 * math.log10(np.abs(clip.samples).max())
    assert true_peak_db(clip) - sample_peak_db == pytest.approx(20 * math.log10(math.sqrt(2)), abs=0.05)


@settings(max_examples=25, deadline=None)
@given(frequency=st.floats(100, 20_000), phase=st.floats(0, 2 * math.pi))
def test_the_true_peak_of_a_sine_is_its_amplitude(frequency: float, phase: float) -> None:
    """BS.1770-4, annex 2: four-fold oversampling reads at most 0.69 dB low."""
    assert -0.6 < true_peak_db(tone(frequency, phase=phase, peak=0.5)) - 20 * math.log10(0.5) < 0.1


@given(length=st.integers(1, 300), seed=st.integers(0, 9))
def test_the_true_peak_is_never_below_the_sample_peak(length: int, seed: int) -> None:
    clip = noise(seconds=length / RATE, seed=seed)
    assert true_peak_db(clip) >= 20 * math.log10(np.abs(clip.samples).max()) - 1e-6


def test_the_true_peak_does_not_depend_on_where_the_clip_is_cut_into_blocks() -> None:
    over = tone(RATE / 4, phase=math.pi / 4, seconds=0.05)
    for before in (65_530 - over.length // 2, 65_536 - over.length // 2, 10):
        clip = over.with_samples(np.pad(over.samples, ((0, 0), (before, 70_000))))
        assert true_peak_db(clip) == pytest.approx(true_peak_db(over), abs=1e-5)


@settings(max_examples=20, deadline=None)
@given(
    ceiling_db=st.floats(-20, 0),
    seconds=st.sampled_from([0.0001, 0.02, 1.5]),
    channels=st.integers(1, 3),
    seed=st.integers(0, 99),
)
def test_nothing_is_above_the_ceiling_afterwards(ceiling_db: float, seconds: float, channels: int, seed: int) -> None:
    limited = limit_true_peak(noise(channels, seconds, rms=0.5, seed=seed), ceiling_db)
    assert true_peak_db(limited) <= ceiling_db + 1e-6


def test_a_clip_below_the_ceiling_is_the_same_clip() -> None:
    clip = noise()
    assert limit_true_peak(clip, 0) is clip


def test_only_the_surroundings_of_an_over_change_and_never_get_louder() -> None:
    samples = noise(seconds=1.0).samples.copy()
    samples[0, 24_000] = 3
    clip = Clip(samples=samples, rate=RATE, start=5)

    limited = limit_true_peak(clip, -1)

    changed = np.flatnonzero((limited.samples != samples).any(axis=0))
    assert changed.size
    assert changed.min() >= 24_000 - 0.021 * RATE
    assert changed.max() <= 24_000 + 0.021 * RATE
    assert np.all(np.abs(limited.samples) <= np.abs(samples))
    assert (limited.start, limited.length) == (5, clip.length)
    assert true_peak_db(limited) == pytest.approx(-1, abs=0.1)


def test_all_channels_get_the_same_gain_so_that_the_image_stays() -> None:
    samples = noise(seconds=0.5).samples.copy()
    samples[0, 12_000:12_050] *= 40
    limited = limit_true_peak(Clip(samples=samples, rate=RATE), -1).samples
    gain = limited / samples
    np.testing.assert_allclose(gain[0], gain[1], rtol=1e-5)


def test_a_steady_tone_keeps_its_shape() -> None:
    """A limiter that pumped would leave harmonics; a held gain leaves none."""
    clip = tone(60, peak=1.4, seconds=2.0)
    limited = limit_true_peak(clip, -1).samples[0, RATE // 2 : 3 * RATE // 2]
    spectrum = np.abs(np.fft.rfft(limited * np.hanning(limited.size)))
    harmonics = spectrum[np.arange(2, 40) * 60].max()
    assert 20 * math.log10(harmonics / spectrum.max()) < -80


def test_a_gain_is_found_through_the_gate() -> None:
    """Below -70 LUFS nothing is measured, and yet the sound can be brought to any loudness."""
    faint = Clip(samples=noise(seconds=2.0).samples * np.float32(1e-4), rate=RATE)
    assert integrated_lufs(faint) == -math.inf
    assert measured(faint).level_lufs < -70
    assert integrated_lufs(match_loudness(faint, -40, max_gain_db=90)) == pytest.approx(-40, abs=0.01)


def test_a_faint_sound_is_matched_to_a_faint_one_and_not_to_silence() -> None:
    faint, fainter = (noise(seconds=2.0).samples * np.float32(share) for share in (1e-4, 2e-5))
    target = measured(Clip(samples=fainter, rate=RATE)).level_lufs
    gain_db = measured(Clip(samples=faint, rate=RATE)).gain_db_to(target)
    assert gain_db == pytest.approx(20 * math.log10(0.2), abs=0.1)
