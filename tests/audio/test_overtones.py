"""Overtones stand where the content has nothing, and only there."""

from __future__ import annotations

import numpy as np
import pytest

from stylus_daw.audio import reconstruction
from stylus_daw.audio.clip import Clip
from stylus_daw.audio.overtones import AROUND, MOST_RAISED_DB, missing_levels, overdriven
from stylus_daw.audio.reconstruction import MissingAt, can_take_overtones, mel_image, shaped_blocks
from stylus_daw.audio.spectrogram import Image, MelGeometry, level_db

GEOMETRY = MelGeometry()
RANGE_DB = 70.0


def dull(rate: int = 44_100, channels: int = 2) -> Clip:
    """A note with five partials, nothing above 1.2 kHz."""
    time = np.arange(rate) / rate
    mono = sum(np.sin(2 * np.pi * 220 * k * time) / k for k in range(1, 6)) * 0.1
    return Clip(samples=np.stack([mono, 0.5 * mono][:channels]).astype(np.float32), rate=rate)


def half_alike(rate: int = 44_100) -> Clip:
    """Two channels that share half of their power: a note in both, another one in each."""
    shared, left, right = (dull(rate, 1).samples[0], _dull_at(277.0, rate), _dull_at(330.0, rate))
    return Clip(samples=np.stack([shared + left, shared + right]).astype(np.float32), rate=rate)


def _dull_at(hz: float, rate: int) -> np.ndarray:
    time = np.arange(rate) / rate
    return np.sum([np.sin(2 * np.pi * hz * k * time) / k for k in range(1, 5)], axis=0) * 0.1


def shaped(clip: Clip, gain_db: Image, *, with_overtones: bool = True) -> Clip:
    content_db = mel_image(clip, GEOMETRY)
    floor_db = level_db(content_db) - RANGE_DB

    def missing(first: int, asked: Image) -> Image:
        low, high = max(0, first - AROUND), first + asked.shape[1] + AROUND
        return missing_levels(content_db[:, low:high], asked, floor_db, before=first - low)

    at: MissingAt | None = missing if with_overtones else None
    blocks = shaped_blocks(clip, lambda first, count: gain_db[:, first : first + count], GEOMETRY, missing_db=at)
    return clip.with_samples(np.concatenate(list(blocks), axis=1))


def brighter(clip: Clip) -> Image:
    """A gain that asks for highs 40 dB over the floor."""
    gain = np.zeros_like(mel_image(clip, GEOMETRY))
    gain[80:] = 40.0
    return gain


@pytest.mark.parametrize("rate", [44_100, 96_000])
def test_a_dull_note_gets_the_highs_that_are_asked_for(rate: int) -> None:
    clip = dull(rate)
    floor_db = level_db(mel_image(clip, GEOMETRY)) - RANGE_DB
    inside = slice(20, 80)
    highs = mel_image(shaped(clip, brighter(clip)), GEOMETRY)[84:120, inside]
    assert abs(float(highs.mean()) - (floor_db + 40.0)) < 4.0
    without = mel_image(shaped(clip, brighter(clip), with_overtones=False), GEOMETRY)[84:120, inside]
    assert float(without.mean()) < floor_db + 10.0


def test_what_the_content_has_is_left_alone() -> None:
    clip = dull()
    lows = slice(0, 60)
    with_them, without = (mel_image(shaped(clip, brighter(clip), with_overtones=on), GEOMETRY) for on in (True, False))
    np.testing.assert_allclose(with_them[lows, 20:80], without[lows, 20:80], atol=0.05)


def test_where_nothing_is_missing_not_a_bit_changes() -> None:
    clip = dull()
    gain = np.full_like(mel_image(clip, GEOMETRY), 5.0)
    np.testing.assert_array_equal(shaped(clip, gain).samples, shaped(clip, gain, with_overtones=False).samples)


def test_silence_gets_none() -> None:
    clip = dull()
    samples = clip.samples.copy()
    samples[:, clip.rate // 2 :] = 0.0
    clip = clip.with_samples(samples)
    out = shaped(clip, brighter(clip)).samples
    assert np.abs(out[:, clip.rate // 2 + clip.rate // 10 :]).max() < 1e-6


def test_channels_keep_their_balance() -> None:
    out = shaped(clip := dull(), brighter(clip)).samples
    np.testing.assert_allclose(out[1], 0.5 * out[0], atol=1e-5)


def test_overtones_are_as_alike_between_the_channels_as_the_sound() -> None:
    clip = half_alike()
    inside = slice(clip.rate // 5, clip.rate * 4 // 5)
    highs = np.diff(overdriven(clip.samples, clip.rate)[:, inside], 2)
    assert _likeness(highs) == pytest.approx(_likeness(clip.samples[:, inside]), abs=0.1)  # by themselves: .05 and .54


def _likeness(channels: np.ndarray) -> float:
    return float(np.asarray(np.corrcoef(channels))[0, 1])


@pytest.mark.parametrize("clip", [dull(), half_alike()], ids=["one sound", "half alike"])
def test_the_sound_is_the_same_however_it_is_cut_into_blocks(monkeypatch: pytest.MonkeyPatch, clip: Clip) -> None:
    whole = shaped(clip, brighter(clip))
    for frames in (17, 40):
        monkeypatch.setattr(reconstruction, "BLOCK_FRAMES", frames)
        np.testing.assert_allclose(shaped(clip, brighter(clip)).samples, whole.samples, atol=1e-5)


def test_more_than_can_be_raised_cleanly_is_made_up_by_overtones() -> None:
    """A cell 30 dB over the floor of which 33 dB more are asked: the content is raised so far, the rest is added."""
    content = np.full((1, 1), -60.0, np.float32)
    loud = np.concatenate([content, np.zeros((1, 1), np.float32)])
    wanted = missing_levels(loud, np.array([[MOST_RAISED_DB + 10.0], [0.0]], np.float32), -90.0)
    assert wanted[1, 0] == -np.inf
    assert wanted[0, 0] == pytest.approx(-60.0 + MOST_RAISED_DB + 10.0 + 10 * np.log10(0.9), abs=0.01)
    assert missing_levels(loud, np.array([[MOST_RAISED_DB - 1], [0.0]], np.float32), -90.0)[0, 0] == -np.inf


@pytest.mark.parametrize(("below_db", "is_made_up"), [(20.0, False), (39.0, False), (41.0, True)])
def test_a_band_with_a_sound_of_its_own_takes_no_overtones(below_db: float, is_made_up: bool) -> None:
    """They have no stereo image: each channel's are driven by itself."""
    content = np.array([[-below_db], [0.0]], np.float32)
    gain = np.array([[MOST_RAISED_DB + 10.0], [0.0]], np.float32)
    assert np.isfinite(missing_levels(content, gain, -90.0)[0, 0]) == is_made_up


def test_a_band_that_sounds_nearby_is_not_missed() -> None:
    content = np.full((2, 40), -90.0, np.float32)
    content[0] = 0.0
    content[1, 20] = -40.0
    gain = np.array([[0.0], [12.0]], np.float32).repeat(40, axis=1)
    missed = missing_levels(content, gain, -90.0, before=0)[1] > -np.inf
    assert not missed[20 - AROUND : 21 + AROUND].any()


def test_driving_does_not_depend_on_level() -> None:
    clip = dull(channels=1)
    soft, loud = (overdriven(clip.samples * np.float32(share), clip.rate) for share in (0.1, 1.0))
    np.testing.assert_allclose(loud * 0.1, soft, atol=1e-6)


def test_only_grids_of_the_synthesis_can_take_overtones() -> None:
    assert can_take_overtones(GEOMETRY)
    assert not can_take_overtones(MelGeometry(hop_ms=10, window_ms=100, fft_ms=400))


def test_overtones_do_not_sound_before_the_attack_they_belong_to() -> None:
    clip = dull(48_000)
    place = clip.rate // 2
    samples = clip.samples.copy()
    samples[:, :place] = 0.0
    fade = np.exp(-np.arange(clip.rate - place) / (0.1 * clip.rate)).astype(np.float32)
    samples[:, place:] *= fade
    clip = clip.with_samples(samples)
    out = shaped(clip, brighter(clip)).samples[0].astype(np.float64)
    without = shaped(clip, brighter(clip), with_overtones=False).samples[0].astype(np.float64)
    added = np.square(out - without)
    assert added[place - 960 : place - 144].mean() < 1e-4 * added[place : place + 960].mean()
