"""The level of a clip after ITU-R BS.1770-4, measured and set: loudness, true peak."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from pyloudnorm import IIRfilter, Meter
from scipy.ndimage import minimum_filter1d
from scipy.signal import oaconvolve, resample_poly
from scipy.signal.windows import hann

from stylus_daw.audio.clip import Clip, Samples
from stylus_daw.errors import check_range

_BLOCK_S = 0.4
_SIDE, _LFE = 1.41, 0.0
# By channel count, in WAV order; 6 = L R C LFE Ls Rs, 8 = L R C LFE Lb Rb Ls Rs. BS.1770-4, table 4.
_WEIGHTS = {
    1: (1.0,),
    2: (1.0, 1.0),
    3: (1.0, 1.0, 1.0),
    4: (1.0, 1.0, 1.0, 1.0),
    5: (1.0, 1.0, 1.0, _SIDE, _SIDE),
    6: (1.0, 1.0, 1.0, _LFE, _SIDE, _SIDE),
    7: (1.0, 1.0, 1.0, _LFE, 1.0, _SIDE, _SIDE),
    8: (1.0, 1.0, 1.0, _LFE, 1.0, 1.0, _SIDE, _SIDE),
}

_OVERSAMPLING = 4
_FILTER_REACH = 16  # input samples on each side
_TAPS = np.arange(-_OVERSAMPLING * _FILTER_REACH, _OVERSAMPLING * _FILTER_REACH + 1)
_OVERSAMPLING_FIR = (np.sinc(_TAPS / _OVERSAMPLING) * np.kaiser(_TAPS.size, 5.0) / _OVERSAMPLING).astype(np.float32)
_PEAK_BLOCK = 1 << 16

SAFE_PEAK_DB = -1.0
_LOOK_S = 0.010
_MARGIN_DB = 0.02


def integrated_lufs(clip: Clip) -> float:
    """Gated loudness in LUFS; ``-inf`` for silence and for anything below the gate of -70 LUFS.

    Blocks and gates are pyloudnorm's. Its filters run here first and the channels are then added by
    power, so that any channel count is measured. A clip shorter than one block of 400 ms counts as one
    block of its own length: its K-weighted power over its own duration.

    >>> tone = 0.1 * np.sin(2 * np.pi * 997 * np.arange(48_000) / 48_000)
    >>> round(integrated_lufs(Clip(samples=tone[None].astype(np.float32), rate=48_000)))
    -23
    """
    if not clip.samples.any():
        return -math.inf
    weighted = _k_weighted(_at_least_a_block(clip), clip.rate)
    gains = np.array(_WEIGHTS[clip.channels])
    power_sum = np.sqrt(gains @ np.square(weighted))
    return float(Meter(clip.rate, filter_class="custom", block_size=_BLOCK_S).integrated_loudness(power_sum))


def match_loudness(clip: Clip, target_lufs: float, *, max_gain_db: float = 24.0) -> Clip:
    """The clip at ``target_lufs``, by one gain for all of it.

    A boost stops at ``max_gain_db``, so that noise is not made music; a cut has no limit. Silence
    stays silence, and a target of ``-inf`` (the loudness of silence) gives silence.

    Raises:
        RequestError: a target above +24 LUFS or a limit outside 0 to 96 dB.
    """
    check_range("target loudness (LUFS)", target_lufs, -math.inf, 24)
    check_range("largest gain (dB)", max_gain_db, 0, 96)
    measured = integrated_lufs(clip)
    if measured in (-math.inf, target_lufs):
        return clip
    return _amplified(clip, min(target_lufs - measured, max_gain_db))


def true_peak_db(clip: Clip) -> float:
    """Highest level between and on the samples, in dBTP; ``-inf`` for silence. 4x oversampled.

    >>> true_peak_db(Clip(samples=np.zeros((1, 100), np.float32), rate=48_000))
    -inf
    """
    return _decibels(float(_peaks(clip.samples).max()))


def limit_true_peak(clip: Clip, ceiling_db: float) -> Clip:
    """The clip with no true peak above ``ceiling_db``; the clip itself where there is none.

    A look-ahead limiter over the whole clip, all channels alike: the gain that each moment needs is
    held for 10 ms on both sides and smoothed by a window of the same width. It adds no gain and no
    latency, and samples more than 20 ms from an over stay bit for bit. What the smooth gain itself may
    add between samples is under 0.02 dB; should more remain, the whole clip is trimmed by it.

    Raises:
        RequestError: a ceiling outside -60 to +60 dBTP.
    """
    check_range("ceiling (dBTP)", ceiling_db, -60, 60)
    peaks = _peaks(clip.samples)
    if _decibels(float(peaks.max())) <= ceiling_db:
        return clip
    gain = _limiter_gain(peaks, 10 ** ((ceiling_db - _MARGIN_DB) / 20), round(_LOOK_S * clip.rate))
    limited = clip.with_samples((clip.samples * gain).astype(np.float32))
    excess_db = true_peak_db(limited) - ceiling_db
    return _amplified(limited, -excess_db - _MARGIN_DB) if excess_db > 0 else limited


def guard_true_peak(clip: Clip, original: Clip) -> Clip:
    """The clip with no true peak above -1 dBTP, or above the original's own where that is higher."""
    if true_peak_db(clip) <= SAFE_PEAK_DB:
        return clip
    return limit_true_peak(clip, max(SAFE_PEAK_DB, true_peak_db(original)))


def _at_least_a_block(clip: Clip) -> NDArray[np.float64]:
    """Samples, filled with silence up to one block and raised by the power that the silence takes away."""
    samples = clip.samples.astype(np.float64)
    block = math.ceil(_BLOCK_S * clip.rate)
    if clip.length >= block:
        return samples
    return np.pad(samples * math.sqrt(block / clip.length), ((0, 0), (0, block - clip.length)))


def _k_weighted(samples: NDArray[np.float64], rate: int) -> NDArray[np.float64]:
    """K-weighting with pyloudnorm's coefficients. Shape: ``[channels, samples]`` both."""
    shelf = IIRfilter(4.0, 1 / np.sqrt(2), 1500.0, rate, "high_shelf")
    high_pass = IIRfilter(0.0, 0.5, 38.0, rate, "high_pass")
    return high_pass.apply_filter(shelf.apply_filter(samples))


def _peaks(samples: Samples) -> NDArray[np.float32]:
    """Highest oversampled level of any channel within one sample around each sample.

    In blocks, each with the filter's reach on both sides: the result does not depend on them.

    Shape: ``[channels, samples]`` to ``[samples]``.
    """
    length = samples.shape[1]
    blocks = []
    for first in range(0, length, _PEAK_BLOCK):
        low = max(0, first - 2 * _FILTER_REACH)
        high = min(length, first + _PEAK_BLOCK + 2 * _FILTER_REACH)
        blocks.append(_block_peaks(samples[:, low:high])[first - low : first - low + _PEAK_BLOCK])
    return np.concatenate(blocks)[:length]


def _block_peaks(samples: Samples) -> NDArray[np.float32]:
    oversampled = resample_poly(samples, _OVERSAMPLING, 1, axis=1, window=_OVERSAMPLING_FIR)
    following = np.abs(oversampled).max(axis=0).reshape(-1, _OVERSAMPLING).max(axis=1)
    following = np.maximum(following, np.abs(samples).max(axis=0))
    return np.maximum(following, np.concatenate([following[:1], following[:-1]]))


def _limiter_gain(peaks: NDArray[np.float32], ceiling: float, reach: int) -> NDArray[np.float64]:
    """Smooth gain, nowhere above what ``peaks`` need: every mean of held minima is at most the need.

    Shape: ``[samples]`` both.
    """
    needed = np.minimum(1.0, ceiling / np.maximum(peaks.astype(np.float64), ceiling))
    held = minimum_filter1d(needed, 2 * reach + 1, mode="nearest")
    window = hann(2 * reach + 3)[1:-1]
    smooth = oaconvolve(np.pad(held, reach, mode="edge"), window / window.sum(), mode="valid")
    return np.minimum(smooth, 1.0)


def _amplified(clip: Clip, gain_db: float) -> Clip:
    return clip.with_samples((clip.samples * np.float64(10 ** (gain_db / 20))).astype(np.float32))


def _decibels(amplitude: float) -> float:
    return 20 * math.log10(amplitude) if amplitude > 0 else -math.inf
