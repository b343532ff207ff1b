"""Attacks do not sound before they begin, and nothing else changes."""

from __future__ import annotations

import numpy as np
import pytest

from stylus_daw.audio import reconstruction
from stylus_daw.audio.attacks import FADE_S, attacks
from stylus_daw.audio.clip import Clip
from stylus_daw.audio.reconstruction import apply_gain, mel_image
from stylus_daw.audio.spectrogram import Image, MelGeometry

GEOMETRY = MelGeometry()
PLACES_S = (0.31, 0.7043)


def plucks(rate: int) -> Clip:
    """Two low notes out of silence, the right channel half as loud."""
    time = np.arange(rate) / rate
    mono = np.zeros(rate)
    for place in (round(second * rate) for second in PLACES_S):
        note = 0.3 * np.cos(2 * np.pi * 110 * time[:-place]) * np.exp(-20 * time[:-place])
        mono[place:] += note * np.clip((0.25 - time[:-place]) / 0.2, 0.0, 1.0)
    return Clip(samples=np.stack([mono, 0.5 * mono]).astype(np.float32), rate=rate)


def resonances(clip: Clip) -> Image:
    """A gain that rings: every other band is 20 dB up."""
    gain = np.zeros_like(mel_image(clip, GEOMETRY))
    gain[::2] = 20.0
    return gain


@pytest.mark.parametrize("rate", [22_050, 44_100, 96_000])
def test_nothing_sounds_before_the_last_3_ms_ahead_of_an_attack(rate: int) -> None:
    clip = plucks(rate)
    shaped = apply_gain(clip, resonances(clip), GEOMETRY).samples[0].astype(np.float64)
    for place in (round(second * rate) for second in PLACES_S):
        before = shaped[place - rate // 50 : place - round(FADE_S * rate)]
        assert np.mean(before**2) < 1e-4 * np.mean(shaped[place : place + rate // 50] ** 2)


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000])
def test_a_click_peaks_where_it_did(rate: int) -> None:
    samples = np.zeros((2, rate), np.float32)
    samples[:, rate // 3] = 0.5
    clip = Clip(samples=samples, rate=rate)
    assert int(np.abs(apply_gain(clip, resonances(clip), GEOMETRY).samples[0]).argmax()) == rate // 3


def test_an_attack_is_found_on_its_sample() -> None:
    clip = plucks(48_000)
    assert attacks(clip.samples, clip.rate) == [round(second * 48_000) for second in PLACES_S]


def test_a_steady_sound_has_no_attacks() -> None:
    noise = np.random.default_rng(0).standard_normal((2, 48_000)).astype(np.float32)
    assert [place for place in attacks(noise, 48_000) if place > 1_500] == []


def test_the_sound_is_the_same_however_it_is_cut_into_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    clip = plucks(44_100)
    whole = apply_gain(clip, resonances(clip), GEOMETRY)
    for frames in (7, 33):
        monkeypatch.setattr(reconstruction, "BLOCK_FRAMES", frames)
        cut = apply_gain(clip, resonances(clip), GEOMETRY)
        np.testing.assert_allclose(cut.samples, whole.samples, atol=2e-6)


def test_both_channels_go_through_the_same_filter() -> None:
    clip = plucks(48_000)
    shaped = apply_gain(clip, resonances(clip), GEOMETRY).samples
    np.testing.assert_allclose(shaped[1], 0.5 * shaped[0], atol=1e-6)


def test_a_gain_of_nothing_gives_the_sound_back() -> None:
    clip = plucks(44_100)
    flat = np.zeros_like(mel_image(clip, GEOMETRY))
    np.testing.assert_allclose(apply_gain(clip, flat, GEOMETRY).samples, clip.samples, atol=1e-5)


def late_right(mono: np.ndarray, late: int, rate: int) -> Clip:
    """The right channel softer, late, and with a reflection."""
    right = 0.6 * np.roll(mono, late) + 0.15 * np.roll(mono, 5 * late)
    return Clip(samples=np.stack([mono, right]).astype(np.float32), rate=rate)


@pytest.mark.parametrize("rate", [44_100, 96_000])
def test_a_click_out_of_silence_sends_nothing_ahead_in_any_channel(rate: int) -> None:
    mono, place, late = np.zeros(rate), rate // 3, round(0.0002 * rate)
    mono[place] = 0.5
    shaped = (clip := late_right(mono, late, rate)) and apply_gain(clip, resonances(clip), GEOMETRY).samples
    assert np.abs(shaped[0, :place]).max() < 1e-5
    assert np.abs(shaped[1, : place + late]).max() < 1e-5
    np.testing.assert_allclose(shaped[1, place + late], 0.6 * shaped[0, place], rtol=1e-3)


def test_an_attack_at_once_sends_nothing_ahead_and_keeps_what_lies_below() -> None:
    """A kick that begins at full level, highs raised by 30 dB: its lows are those that it had."""
    rate, place = 48_000, 12_000
    time = np.arange(rate - place) / rate
    mono = np.zeros(rate)
    mono[place:] = 0.3 * np.cos(2 * np.pi * 60 * time) * np.exp(-8 * time)
    clip = Clip(samples=mono[None].astype(np.float32), rate=rate)
    gain = np.zeros_like(mel_image(clip, GEOMETRY))
    gain[60:] = 30.0
    shaped = apply_gain(clip, gain, GEOMETRY).samples[0].astype(np.float64)
    assert np.mean(shaped[place - 960 : place] ** 2) < 1e-4 * np.mean(shaped[place : place + 960] ** 2)
    lows = slice(6, 20)  # 30 to 100 Hz
    ours, theirs = (np.abs(np.fft.rfft(one[place : place + 9_600]))[lows] for one in (shaped, mono))
    assert np.abs(20 * np.log10(ours / theirs)).max() < 1.0


def test_a_soft_attack_still_fades_in() -> None:
    """A swell of 2 ms: what is heard ahead of it ends smoothly, not on a sample."""
    rate, place = 48_000, 12_000
    time = np.arange(rate - place) / rate
    mono = np.zeros(rate)
    mono[place:] = 0.3 * np.sin(2 * np.pi * 300 * time) * np.clip(time / 0.002, 0, 1) * np.exp(-8 * time)
    clip = Clip(samples=mono[None].astype(np.float32), rate=rate)
    shaped = apply_gain(clip, resonances(clip), GEOMETRY).samples[0].astype(np.float64)
    steps = np.abs(np.diff(shaped))
    assert steps[place - 144 : place + 10].max() < 2 * steps[place : place + 960].max()
