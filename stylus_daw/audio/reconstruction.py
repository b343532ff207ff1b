"""From images back to sound: the content's complex STFT, shaped by the result's image.

The ratio of the result's to the content's mel image is applied as a gain on the complex STFT of
every channel: phase, fine structure, stereo image and length are the content's, the spectral
envelope over time is the result's. Works in blocks of frames, so memory does not grow with length
beyond the samples and the images themselves.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stylus_daw.audio.clip import Clip, Samples
from stylus_daw.audio.spectrogram import POWER_FLOOR, Image, MelGeometry, MelGrid

# Short enough for attacks, long enough to tell neighbouring low notes apart.
SYNTHESIS = MelGeometry(hop_ms=10, window_ms=50, fft_ms=100)
BLOCK_FRAMES = 1024
MAX_BOOST_DB, MAX_CUT_DB = 40.0, -80.0


def mel_image(clip: Clip, geometry: MelGeometry) -> Image:
    """Mel image of all channels together, dB re full scale. Shape: ``[bands, frames]``.

    Power is averaged over channels, so that channels in opposite phase do not vanish.
    """
    grid = geometry.at(clip.rate)
    image = np.empty((geometry.bands, grid.frames(clip.length)), np.float32)
    for first, count in _blocks(image.shape[1]):
        power = sum(grid.mel_power(grid.stft(channel, first, count)) for channel in clip.samples)
        image[:, first : first + count] = power / clip.channels
    return np.float32(10.0) * np.log10(np.maximum(image, np.float32(POWER_FLOOR)))


def apply_gain(clip: Clip, gain_db: Image, bands: MelGeometry) -> Clip:
    """The clip with a gain per band and frame. Same length, rate and channels.

    Args:
        clip: the content.
        gain_db: ``[bands, frames]`` on the grid of ``bands`` (whose hop must be that of the synthesis grid).
        bands: the geometry of ``gain_db``.
    """
    if bands.hop_ms != SYNTHESIS.hop_ms:
        raise ValueError(f"gain on a {bands.hop_ms} ms grid; the synthesis grid has {SYNTHESIS.hop_ms} ms")
    grid = SYNTHESIS.at(clip.rate)
    limited = np.clip(gain_db, MAX_CUT_DB, MAX_BOOST_DB)
    out = np.zeros((clip.channels, (gain_db.shape[1] - 1) * grid.hop + grid.window), np.float32)
    for first, count in _blocks(gain_db.shape[1]):
        gain = _linear_gain(grid, limited[:, first : first + count], bands)
        _add_block(out, clip.samples, grid, first, gain)
    out /= grid.window_sum(gain_db.shape[1])
    left = grid.window // 2
    return clip.with_samples(np.ascontiguousarray(out[:, left : left + clip.length]))


def _linear_gain(grid: MelGrid, gain_db: Image, bands: MelGeometry) -> Image:
    return np.exp(grid.gain_per_bin(gain_db * np.float32(np.log(10.0) / 20.0), bands))


def _add_block(out: Samples, samples: Samples, grid: MelGrid, first: int, gain: Image) -> None:
    for target, channel in zip(out, samples, strict=True):
        shaped = grid.overlap_add(grid.stft(channel, first, gain.shape[1]) * gain)
        target[first * grid.hop : first * grid.hop + shaped.shape[0]] += shaped


def _blocks(frames: int) -> Iterator[tuple[int, int]]:
    for first in range(0, frames, BLOCK_FRAMES):
        yield first, min(BLOCK_FRAMES, frames - first)
