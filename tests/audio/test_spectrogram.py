"""The grid in both directions, against librosa where it has the same thing."""

from __future__ import annotations

import numpy as np
import pytest

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.reconstruction import apply_gain, mel_image
from stylus_daw.audio.spectrogram import MelGeometry, MelScale, band_edges_hz, hz_to_mel, level_db, mel_to_hz
from stylus_daw.audio.windows import Tiling
from tests.support.needs import need_module

RATES = [8_000, 11_025, 22_050, 44_100, 48_000, 88_200, 96_000, 192_000]


def noise(rate: int, seconds: float = 0.5, channels: int = 2, seed: int = 0) -> Clip:
    samples = np.random.default_rng(seed).standard_normal((channels, round(rate * seconds))) * 0.1
    return Clip(samples=samples.astype(np.float32), rate=rate)


@pytest.mark.parametrize("rate", RATES)
def test_no_gain_gives_the_input_back(rate: int) -> None:
    clip, geometry = noise(rate), MelGeometry()
    flat = np.zeros_like(mel_image(clip, geometry))
    np.testing.assert_allclose(apply_gain(clip, flat, geometry).samples, clip.samples, atol=1e-5)


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000])
def test_one_gain_for_all_bands_is_a_fader(rate: int) -> None:
    clip, geometry = noise(rate), MelGeometry()
    down = np.full_like(mel_image(clip, geometry), -6.0206)
    np.testing.assert_allclose(apply_gain(clip, down, geometry).samples, clip.samples / 2, atol=1e-4)


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000])
def test_an_impulse_stays_on_its_sample(rate: int) -> None:
    place = rate // 3 + 7
    samples = np.zeros((1, rate), np.float32)
    samples[0, place] = 1.0
    clip = Clip(samples=samples, rate=rate)
    tilt = np.linspace(-12, 6, 128, dtype=np.float32)[:, None] + np.zeros_like(mel_image(clip, MelGeometry()))
    assert int(np.abs(apply_gain(clip, tilt, MelGeometry()).samples[0]).argmax()) == place


def test_blocks_leave_no_trace() -> None:
    clip, geometry = noise(8_000, 12.0, channels=1), MelGeometry()
    gain = np.zeros_like(mel_image(clip, geometry))
    assert gain.shape[1] > 1024
    np.testing.assert_allclose(apply_gain(clip, gain, geometry).samples, clip.samples, atol=1e-5)


@pytest.mark.parametrize("rate", RATES)
def test_frames_cover_every_sample(rate: int) -> None:
    grid = MelGeometry().at(rate)
    for length in (1, grid.hop - 1, grid.hop, grid.hop + 1, 10 * grid.hop + 3):
        assert (grid.frames(length) - 1) * grid.hop >= length - grid.hop
        assert grid.stft(np.ones(length, np.float32)).shape == (grid.bins, grid.frames(length))


def test_a_full_scale_sine_reads_zero_decibels_at_every_rate() -> None:
    for rate in (22_050, 44_100, 48_000, 96_000):
        time = np.arange(rate) / rate
        centre = float(band_edges_hz(MelGeometry())[61])
        image = mel_image(
            Clip(samples=np.sin(2 * np.pi * centre * time, dtype=np.float32)[None], rate=rate), MelGeometry()
        )
        assert abs(float(image[:, 50].max())) < 2.0


def test_the_image_does_not_depend_on_the_rate() -> None:
    """A slow chirp at two rates gives nearly the same image."""
    images = []
    for rate in (44_100, 96_000):
        time = np.arange(rate) / rate
        chirp = np.sin(2 * np.pi * (200 * time + 400 * time**2)) * 0.5
        images.append(mel_image(Clip(samples=chirp[None].astype(np.float32), rate=rate), MelGeometry()))
    loud = images[0] > -40
    assert np.abs(images[0] - images[1])[loud].mean() < 0.3


@pytest.mark.parametrize("scale", list(MelScale))
def test_mel_scales_agree_with_librosa(scale: MelScale) -> None:
    need_module("librosa")
    import librosa

    hertz = np.array([0.0, 30, 440, 999, 1_000, 5_000, 16_000])
    expected = librosa.hz_to_mel(hertz, htk=scale is MelScale.HTK)
    np.testing.assert_allclose(hz_to_mel(hertz, scale), expected, rtol=1e-6)
    np.testing.assert_allclose(mel_to_hz(expected, scale), hertz, rtol=1e-6, atol=1e-6)


def test_level_does_not_count_silence() -> None:
    loud = np.full((4, 10), -20.0, np.float32)
    half_silent = np.concatenate([loud, np.full((4, 90), -120.0, np.float32)], axis=1)
    assert level_db(half_silent) == pytest.approx(level_db(loud))


@pytest.mark.parametrize("frames", [1, 15, 16, 17, 64, 65, 300, 1_001])
def test_tiles_join_to_what_was_split(frames: int) -> None:
    image = np.random.default_rng(0).uniform(-1, 1, (3, frames)).astype(np.float32)
    tiling = Tiling(frames=frames, width=64, overlap=16)
    tiles = tiling.split(image, fill=-1.0)
    assert tiles.shape[1:] == (3, 64)
    np.testing.assert_allclose(tiling.join(tiles), image, atol=1e-6)


def test_a_seam_is_a_cross_fade() -> None:
    tiling = Tiling(frames=112, width=64, overlap=16)
    joined = tiling.join(np.stack([np.zeros((1, 64), np.float32), np.ones((1, 64), np.float32)]))[0]
    assert np.abs(np.diff(joined)).max() < 1 / 16
