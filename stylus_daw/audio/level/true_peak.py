"""True peaks after ITU-R BS.1770-4, annex 2: measured, and limited to a ceiling."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.ndimage import minimum_filter1d
from scipy.signal import oaconvolve
from scipy.signal.windows import hann

from stylus_daw.audio.clip import Clip, Samples
from stylus_daw.audio.level.loudness import measured
from stylus_daw.audio.sound import BLOCK_SAMPLES, Amplified, Derived, Sound, Watched, padded, to_clip
from stylus_daw.errors import check_range

SAFE_PEAK_DB = -1.0  # dBTP: EBU R128's ceiling; leaves room for lossy coding

_OVERSAMPLING = 4  # BS.1770-4, annex 2: at least 4 at 48 kHz
_REACH = 16  # input samples on each side of the interpolation: 128 taps, more than the 48 of BS.1770-4
_KAISER_BETA = 5.0  # of the interpolation's window: about 50 dB of stop band
_ROW = 32  # samples that one row of the matrix product interpolates; by trial for speed
_HOT_BLOCK = 1 << 14  # samples, 0.3 s at 48 kHz: the unit in which the limiter remembers where peaks are
_LOOK_S = 0.010  # s of look-ahead: half a period of 50 Hz, so that bass is not distorted
_MARGIN_DB = 0.02  # dB below the ceiling: what the limiter's smooth gain may add between samples, measured
_LOST_LU = 0.1  # LU: less loudness than this is not given back, because meters show tenths
_MOST_RAISED_DB = 6.0  # dB that are given back at most (decision 0006); more would audibly squash
_ROUNDS = 4  # rounds of raising and limiting; each gives most of the rest back


Listener = Callable[[float], None]


def _nobody(fraction: float) -> None:
    """Ignores progress."""


def true_peak_db(sound: Sound) -> float:
    """Highest level between and on the samples, in dBTP; ``-inf`` for silence. 4x oversampled.

    >>> true_peak_db(Clip(samples=np.zeros((1, 100), np.float32), rate=48_000))
    -inf
    """
    highest = max(float(_peaks(sound, first, count, 0.0).max()) for first, count in _blocks(sound.length))
    return _decibels(highest)


def limited(sound: Sound, ceiling_db: float, *, listener: Listener = _nobody) -> Sound:
    """The sound with all true peaks at or below ``ceiling_db``; the sound itself if they already are.

    A look-ahead limiter with one gain for all channels: the gain that each moment needs is held for 10 ms
    on both sides and smoothed by a window of the same width. It adds neither make-up gain nor latency.
    Samples more than 20 ms away from an over stay bit-identical. The smooth gain itself may add less than
    0.02 dB between samples; should more remain, the whole sound is turned down by it.

    Args:
        sound: any.
        ceiling_db: in dBTP.
        listener: receives the progress of the measurement, 0..1.

    Raises:
        RequestError: a ceiling outside -60 to +60 dBTP.
    """
    check_range("ceiling (dBTP)", ceiling_db, -60, 60)
    wanted = 10 ** ((ceiling_db - _MARGIN_DB) / 20)
    hot, highest = _hot_blocks(_watched(sound, listener, 0.0, 0.5), wanted)
    if _decibels(highest) <= ceiling_db:
        return sound
    result = _Limited(source=sound, ceiling=wanted, hot=hot)
    excess_db = _decibels(_highest(result, listener)) - ceiling_db
    return Amplified(source=result, gain_db=-excess_db - _MARGIN_DB) if excess_db > 0 else result


def guarded(sound: Sound, original: Sound, *, keeps_loudness: bool = False, listener: Listener = _nobody) -> Sound:
    """The sound with all true peaks at or below -1 dBTP, or the original's own true peak where that is higher.

    Args:
        sound: any.
        original: what it was made from.
        keeps_loudness: make up for the integrated loudness that the limiter takes, up to 6 dB.
        listener: receives the progress of the measurement, 0..1.
    """
    safe = 10 ** (SAFE_PEAK_DB / 20)
    heard = _watched(sound, listener, 0.0, 0.3)
    if all(_peaks(heard, first, count, safe).max() <= safe for first, count in _blocks(sound.length)):
        return sound
    ceiling_db = max(SAFE_PEAK_DB, true_peak_db(_watched(original, listener, 0.3, 0.4)))
    result = limited(sound, ceiling_db, listener=lambda fraction: listener(0.4 + 0.3 * fraction))
    if result is sound or not keeps_loudness:
        return result
    return _as_loud(sound, result, ceiling_db, lambda fraction: listener(0.7 + 0.3 * fraction))


def _as_loud(sound: Sound, result: Sound, ceiling_db: float, listener: Listener) -> Sound:
    """The sound, turned up into the limiter until the result is as loud as the sound was."""
    wanted = measured(_watched(sound, listener, 0.0, 0.1)).level_lufs
    gain_db = 0.0
    for done in range(_ROUNDS):
        low, step = 0.1 + 0.9 * done / _ROUNDS, 0.9 / _ROUNDS
        lost = wanted - measured(_watched(result, listener, low, low + step / 2)).level_lufs
        if lost < _LOST_LU or gain_db >= _MOST_RAISED_DB:
            break
        gain_db = min(gain_db + lost, _MOST_RAISED_DB)
        result = limited(Amplified(source=sound, gain_db=gain_db), ceiling_db)
    return result


def limit_true_peak(clip: Clip, ceiling_db: float) -> Clip:
    """See :func:`limited`."""
    return to_clip(limited(clip, ceiling_db))


def guard_true_peak(clip: Clip, original: Clip) -> Clip:
    """See :func:`guarded`; as loud as before."""
    return to_clip(guarded(clip, original, keeps_loudness=True))


@dataclass(frozen=True, kw_only=True, eq=False)
class _Limited(Derived):
    """The source through the limiter.

    Attributes:
        ceiling: as amplitude.
        hot: numbers of the blocks of ``_HOT_BLOCK`` samples that hold a peak above the ceiling.
    """

    ceiling: float
    hot: tuple[int, ...]

    def read(self, first: int, count: int) -> Samples:
        """Shape: ``[channels, count]``."""
        samples = self.source.read(first, count)
        if not self._is_touched(first, count):
            return samples
        low, high = max(0, first - 2 * self._look), min(self.length, first + count + 2 * self._look)
        gain = _limiter_gain(_peaks(self.source, low, high - low, self.ceiling), self.ceiling, self._look)
        return (samples * gain[first - low : first - low + count]).astype(np.float32)

    @property
    def reach(self) -> int:
        """How far from a hot block samples may change, plus the reach of the interpolation."""
        return 2 * self._look + 2 * _REACH

    @cached_property
    def _look(self) -> int:
        return round(_LOOK_S * self.rate)

    @cached_property
    def _hot_starts(self) -> NDArray[np.int64]:
        """First samples of the hot blocks. Shape: ``[blocks]``."""
        return np.array(self.hot, np.int64) * _HOT_BLOCK

    def _is_touched(self, first: int, count: int) -> bool:
        begins = self._hot_starts < first + count + 2 * self._look
        ends = self._hot_starts + _HOT_BLOCK > first - 2 * self._look
        return bool((begins & ends).any())


def _hot_blocks(sound: Sound, ceiling: float) -> tuple[tuple[int, ...], float]:
    """Numbers of the blocks that hold a true peak above the ceiling (an amplitude), and the highest peak."""
    hot: list[int] = []
    highest = 0.0
    for first, count in _blocks(sound.length):
        peaks = _peaks(sound, first, count, ceiling)
        highest = max(highest, float(peaks.max()))
        hot += np.unique((first + np.flatnonzero(peaks > ceiling)) // _HOT_BLOCK).tolist()
    return tuple(hot), highest


def _highest(sound: _Limited, listener: Listener) -> float:
    """Highest peak (an amplitude) of what was touched; all else stays below the ceiling."""
    highest = 0.0
    for number, block in enumerate(sound.hot, 1):
        low = max(0, block * _HOT_BLOCK - sound.reach)
        high = min(sound.length, (block + 1) * _HOT_BLOCK + sound.reach)
        highest = max(highest, float(_peaks(sound, low, high - low, sound.ceiling).max()))
        listener(0.5 + 0.5 * number / len(sound.hot))
    return highest


def _watched(sound: Sound, listener: Listener, low: float, high: float) -> Sound:
    return Watched(source=sound, listener=lambda fraction: listener(low + (high - low) * min(1.0, fraction)))


def _peaks(sound: Sound, first: int, count: int, above: float) -> NDArray[np.float32]:
    """Highest oversampled level of any channel within one sample of each sample of a stretch. Shape: ``[count]``.

    Exact where it is over ``above``; elsewhere it may be anything from the sample's own level up to ``above``.
    It does not depend on where the stretch begins and ends.
    """
    begin = max(0, first - 1)
    wanted = first + count - begin
    samples = padded(sound, begin - _REACH + 1, wanted + 2 * _REACH - 1)
    following = _following(samples, wanted, above)
    if begin == first:
        return np.maximum(following, np.concatenate([following[:1], following[:-1]]))
    return np.maximum(following[1:], following[:-1])


def _following(samples: Samples, count: int, above: float) -> NDArray[np.float32]:
    """Highest level of any channel on each sample and up to the next. Shape: ``[channels, count + 31] -> [count]``."""
    rows = -(-count // _ROW)
    filled = np.pad(samples, ((0, 0), (0, rows * _ROW + 2 * _REACH - 1 - samples.shape[1])))
    windows = sliding_window_view(filled, _ROW + 2 * _REACH - 1, axis=1)[:, ::_ROW]
    level = np.abs(filled)
    own = level[:, _REACH - 1 : _REACH - 1 + rows * _ROW].max(axis=0).reshape(rows, _ROW)
    can_be_over = _window_maxima(level, rows) * _LARGEST_GAIN > above
    for channel, chosen in zip(windows, can_be_over, strict=True):
        between = np.abs(channel[chosen] @ _INTERPOLATION).reshape(-1, _OVERSAMPLING - 1, _ROW)
        own[chosen] = np.maximum(own[chosen], between.max(axis=1))
    return own.reshape(-1)[:count]


def _window_maxima(level: Samples, rows: int) -> Samples:
    """Highest level under each row's window, or a little around it. Shape: ``[channels, rows]``."""
    missing = (rows + 1) * _ROW - level.shape[1]
    by_row = np.pad(level, ((0, 0), (0, missing))).reshape(level.shape[0], rows + 1, _ROW).max(axis=2)
    return np.maximum(by_row[:, :-1], by_row[:, 1:])


def _interpolation() -> NDArray[np.float32]:
    """From the samples under a window to what is between ``_ROW`` of them. Shape: ``[_ROW + 31, 3 * _ROW]``.

    A windowed sinc at a quarter, a half and three quarters of the way to the next sample.
    """
    taps = np.arange(-_OVERSAMPLING * _REACH, _OVERSAMPLING * _REACH + 1)
    response = np.sinc(taps / _OVERSAMPLING) * np.kaiser(taps.size, _KAISER_BETA)
    matrix = np.zeros((_ROW + 2 * _REACH - 1, _OVERSAMPLING - 1, _ROW))
    for phase in range(1, _OVERSAMPLING):
        weights = response[phase::_OVERSAMPLING][::-1]  # of the 15 samples before, the sample and the 16 after it
        for column in range(_ROW):
            matrix[column : column + 2 * _REACH, phase - 1, column] = weights
    return matrix.reshape(matrix.shape[0], -1).astype(np.float32)


_INTERPOLATION = _interpolation()
_LARGEST_GAIN = float(np.abs(_INTERPOLATION).sum(axis=0).max())  # of a peak between samples over the samples


def _limiter_gain(peaks: NDArray[np.float32], ceiling: float, reach: int) -> NDArray[np.float64]:
    """A smooth gain that nowhere exceeds what ``peaks`` need: each mean of held minima is at most the need.

    Shape: ``[samples]``, kept.
    """
    needed = np.minimum(1.0, ceiling / np.maximum(peaks.astype(np.float64), ceiling))
    held = minimum_filter1d(needed, 2 * reach + 1, mode="nearest")
    window = hann(2 * reach + 3)[1:-1]
    smooth = oaconvolve(np.pad(held, reach, mode="edge"), window / window.sum(), mode="valid")
    return np.minimum(smooth, 1.0)


def _blocks(length: int) -> Iterator[tuple[int, int]]:
    for first in range(0, length, BLOCK_SAMPLES):
        yield first, min(BLOCK_SAMPLES, length - first)


def _decibels(amplitude: float) -> float:
    return 20 * math.log10(amplitude) if amplitude > 0 else -math.inf
