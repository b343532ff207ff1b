"""Attacks through filters of minimum phase: sounds nothing early, and peaks late (`reconstructions.md`).

The sound from an attack to the next goes through the filter of minimum phase with the same gain, in the bands that
the attack raises by 6 dB (a little) to 18 dB (wholly); over the 50 ms after, the phase turns back to zero.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import scipy.fft
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from stylus_daw.audio.attacks import attacks
from stylus_daw.audio.clip import Clip, Samples
from stylus_daw.audio.spectrogram import Image, MelGrid

FADE_S, BALANCE_S, SMOOTH_HZ = 0.003, 0.020, 200.0
QUIET_RISE_DB, CLEAR_RISE_DB = 6.0, 18.0
REACH_HOPS, HOLD_HOPS, TURN_HOPS = 8, 2, 5


def with_causal_attacks(shaped: Samples, content: Clip, gain: Image, grid: MelGrid) -> Samples:
    """The shaped sound with its attacks exchanged.

    Args:
        shaped: the content under the gain. ``[channels, samples]``.
        content: what the gain was for.
        gain: linear. ``[bins, frames]``.
        grid: the grid of the gain.
    """
    result = shaped.copy()
    for begin, end in pairwise([*attacks(content.samples, content.rate), content.length]):
        _exchange(result, content, gain, grid, begin, end)
    return result


def minimum_phase(gain: Image, transform: int) -> Image:
    """Phase of the filter of minimum phase with this gain: Hilbert transform of its logarithm. Radians, shape kept."""
    cepstrum = np.asarray(scipy.fft.irfft(np.log(np.maximum(gain, 1e-5)), transform, axis=0))
    cepstrum[1 : (transform + 1) // 2] *= 2.0
    cepstrum[transform // 2 + 1 :] = 0.0
    return np.imag(np.asarray(scipy.fft.rfft(cepstrum, axis=0)))


def _exchange(result: Samples, content: Clip, gain: Image, grid: MelGrid, begin: int, end: int) -> None:
    first = max(0, begin // grid.hop - REACH_HOPS)
    low, high = first * grid.hop, min(content.length, begin + 2 * REACH_HOPS * grid.hop)
    frames = grid.frames(high - low)
    near = gain[:, first : first + frames] * _share(content, begin, grid)[:, None]
    late_hops = np.arange(first, first + frames) - (begin + grid.window // 2) / grid.hop
    weight = np.clip(1.0 - (late_hops - HOLD_HOPS) / TURN_HOPS, 0.0, 1.0)
    phase = minimum_phase(gain[:, first : first + frames], grid.transform) * weight
    turned = (near * np.exp(1j * phase)).astype(np.complex64)
    ramp = _ramp(content.rate)
    for target, channel in zip(result, content.samples, strict=True):
        spectrum = grid.stft(_segment(channel, begin, end, ramp)[low:high])
        causal = grid.istft(spectrum * turned, high - low)
        causal[: max(0, begin - ramp.size - low)] = 0.0
        target[low:high] += causal - grid.istft(spectrum * near, high - low)


def _segment(channel: NDArray[np.float32], begin: int, end: int, ramp: NDArray[np.float32]) -> NDArray[np.float32]:
    window = np.zeros_like(channel)
    window[begin:end] = 1.0
    head = min(begin, ramp.size)
    window[begin - head : begin] = ramp[ramp.size - head :]
    if end < channel.size:
        window[end - ramp.size : end] = 1.0 - ramp
    return channel * window


def _ramp(rate: int) -> NDArray[np.float32]:
    size = round(FADE_S * rate)
    return (0.5 - 0.5 * np.cos(np.pi * (np.arange(size) + 0.5) / size)).astype(np.float32)


def _share(content: Clip, place: int, grid: MelGrid) -> NDArray[np.float32]:
    """How far the attack raises each bin. Shape: ``[bins]``."""
    size = round(BALANCE_S * content.rate)
    before = content.samples[:, max(0, place - size) : place]
    after = content.samples[:, place : place + size]
    fall = np.hanning(2 * size)[size:]
    old = _power(before * np.hanning(size)[size - before.shape[1] :], grid)
    new = _power(after * fall[: after.shape[1]], grid)
    rise_db = 10.0 * np.log10(new / old)
    return np.clip((rise_db - QUIET_RISE_DB) / (CLEAR_RISE_DB - QUIET_RISE_DB), 0.0, 1.0).astype(np.float32)


def _power(part: NDArray[np.float64], grid: MelGrid) -> NDArray[np.float64]:
    power = (np.abs(np.asarray(scipy.fft.rfft(part, grid.transform, axis=1))) ** 2).sum(axis=0)
    return np.maximum(uniform_filter1d(power, round(SMOOTH_HZ * grid.transform / grid.rate)), 0.0) + 1e-12
