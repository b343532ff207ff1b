"""The time-frequency grid: STFT and mel image of a signal, at the session's own rate.

Every length of a grid is given in milliseconds, so the same grid in time and mel exists at every
rate without resampling. The hop is ``rate / 100`` samples. It is rounded where a rate such as
22,050 Hz is not a multiple of 100: the image is then 0.2 % off in time, but the audio is not,
because analysis and synthesis use the same hop.

    frame i  is centred on sample  i * hop
    frames   = ceil(length / hop) + 1        so that every sample is under full windows
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any

import numpy as np
import scipy.fft
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from stylus_daw.audio.filter_bank import FilterBank
from stylus_daw.audio.parallel import cores

POWER_FLOOR = 1e-12  # full scale squared, -120 dB: below the noise of 20 bits; keeps logarithms finite
GATE_DB = 40.0  # dB below the loudest frame: softer frames do not count for a clip's level
_SMALLEST_SUM = 1e-8  # of squared windows: keeps the division finite at the first sample, where the window is 0

Spectrum = NDArray[np.complex64]
Image = NDArray[np.float32]


class MelScale(Enum):
    """HTK (``2595 log10(1 + f/700)``) or Slaney (linear below 1 kHz, logarithmic above)."""

    HTK = "htk"
    SLANEY = "slaney"


@dataclass(frozen=True, slots=True, kw_only=True)
class MelGeometry:
    """How a checkpoint divides time and frequency, at any sample rate.

    Attributes:
        hop_ms, window_ms, fft_ms: frame step, Hann window, transform length (zero-padded).
        bands: rows of the image.
        low_hz, high_hz: lower edge of the first and upper edge of the last band.
        scale: the mel scale.
    """

    hop_ms: int = 10
    window_ms: int = 50
    fft_ms: int = 100
    bands: int = 128
    low_hz: float = 30.0
    high_hz: float = 16_000.0
    scale: MelScale = MelScale.SLANEY

    def __post_init__(self) -> None:
        if self.window_ms % self.hop_ms or self.fft_ms < self.window_ms:
            raise ValueError("window_ms must be a multiple of hop_ms and at most fft_ms")

    def at(self, rate: int) -> MelGrid:
        """This geometry at a sample rate."""
        hop = round(rate * self.hop_ms / 1000)
        window = hop * (self.window_ms // self.hop_ms)
        wanted = max(window, round(rate * self.fft_ms / 1000))
        transform = int(scipy.fft.next_fast_len(wanted, real=True) or wanted)
        return MelGrid(geometry=self, rate=rate, hop=hop, window=window, transform=transform)


@dataclass(frozen=True, slots=True, kw_only=True)
class MelGrid:
    """A geometry at one rate: both directions of the STFT, and the mel image.

    >>> grid = MelGeometry().at(48_000)
    >>> grid.hop, grid.window, grid.frames(48_000)
    (480, 2400, 101)
    >>> signal = np.random.default_rng(0).standard_normal(48_000).astype(np.float32)
    >>> spectrum = grid.stft(signal)
    >>> spectrum.shape == (grid.bins, 101)
    True
    >>> bool(np.abs(grid.istft(spectrum, 48_000) - signal).max() < 1e-5)
    True
    """

    geometry: MelGeometry
    rate: int
    hop: int
    window: int
    transform: int

    @property
    def bins(self) -> int:
        return self.transform // 2 + 1

    def frames(self, length: int) -> int:
        """Number of frames of a signal of ``length`` samples."""
        return math.ceil(length / self.hop) + 1

    def stft(self, signal: NDArray[np.float32], first: int = 0, count: int | None = None) -> Spectrum:
        """Complex spectrum of one channel, or of ``count`` of its frames from ``first``.

        Shape: ``[samples] -> [bins, frames]``.
        """
        count = self.frames(signal.shape[0]) - first if count is None else count
        return self.transformed(self._under(signal, first, count))

    def transformed(self, samples: NDArray[np.float32]) -> Spectrum:
        """Complex spectrum of the frames that fit under ``samples``, the first at their beginning.

        Shape: ``[(frames - 1) * hop + window] -> [bins, frames]``.
        """
        windows = sliding_window_view(samples, self.window)[:: self.hop]
        frames = np.zeros((len(windows), self.transform), np.float32)
        np.multiply(windows, _hann(self.window), out=frames[:, : self.window])
        return np.asarray(scipy.fft.rfft(frames, axis=1, workers=cores())).T

    def istft(self, spectrum: Spectrum, length: int) -> NDArray[np.float32]:
        """Least-squares inverse. Shape: ``[bins, frames] -> [length]``."""
        total = self.overlap_add(spectrum)
        left = self.window // 2
        return (total / self.window_sum(spectrum.shape[1]))[left : left + length]

    def overlap_add(self, spectrum: Spectrum) -> NDArray[np.float32]:
        """Sum of the windowed frames, not yet divided by :meth:`window_sum`.

        What a gain smears beyond the window (time aliasing) is dropped by the synthesis window.
        Shape: ``[bins, frames] -> [(frames - 1) * hop + window]``; begins ``window // 2`` before the first centre.
        """
        frames = np.asarray(scipy.fft.irfft(spectrum.T, self.transform, axis=1, workers=cores()), np.float32)
        return _overlap_add(frames[:, : self.window] * _hann(self.window), self.hop)

    def window_sum(self, count: int, first_row: int = 0, rows: int | None = None) -> NDArray[np.float32]:
        """The divisor for :meth:`overlap_add` of ``count`` frames, or a stretch of it.

        Args:
            count: frames.
            first_row: where the stretch begins, in hops.
            rows: its length in hops; None = to the end.

        Shape: ``[rows * hop]``; all of it is ``(count - 1) * hop + window``.
        """
        parts = self.window // self.hop
        rows = count + parts - 1 - first_row if rows is None else rows
        few = min(count, parts)  # with more frames, those in the middle all have the same neighbours
        squares = np.broadcast_to(_hann(self.window) ** 2, (few, self.window))
        by_row = np.maximum(_overlap_add(squares, self.hop), _SMALLEST_SUM).reshape(-1, self.hop)
        places = np.arange(first_row, first_row + rows)
        middle = np.minimum(places, few - 1)
        return by_row[np.maximum(middle, places - (count - few))].reshape(-1)

    def _under(self, signal: NDArray[np.float32], first: int, count: int) -> NDArray[np.float32]:
        """The samples under ``count`` windows from frame ``first``, zeros outside the signal.

        Shape: ``[samples] -> [(count - 1) * hop + window]``.
        """
        begin = first * self.hop - self.window // 2
        end = begin + (count - 1) * self.hop + self.window
        inside = signal[max(0, begin) : max(0, min(end, signal.shape[0]))]
        before = max(0, -begin)
        return np.pad(inside, (before, end - begin - before - inside.shape[0]))

    @property
    def power_scale(self) -> float:
        """Factor on squared magnitudes at which the bins under a full-scale sine add up to 1."""
        return 4.0 / (self.transform * float((_hann(self.window) ** 2).sum()))

    def filters(self) -> Image:
        """Triangular mel filters of unit peak. Shape: ``[bands, bins]``."""
        return _mel_filters(self)

    def mel_power(self, spectrum: Spectrum) -> Image:
        """Power in each mel band. Shape: ``[bins, frames] -> [bands, frames]``.

        Scaled so that the bins under a full-scale sine add up to 1 (0 dB) at every rate and window length.
        """
        frames = np.ascontiguousarray(spectrum.T, np.complex64)  # as they lie in memory: nothing is copied
        return np.maximum(_power_bank(self).power(frames).T, POWER_FLOOR)

    def mel_db(self, spectrum: Spectrum) -> Image:
        """Mel image in dB re full scale. Shape: ``[bins, frames] -> [bands, frames]``."""
        return np.float32(10.0) * np.log10(self.mel_power(spectrum))

    def gain_per_bin(self, band_gain: Image, bands: MelGeometry) -> Image:
        """A gain per band of ``bands``, interpolated in mel to every STFT bin and constant outside the bands.

        Shape: ``[bands, frames] -> [bins, frames]``.
        """
        return _band_to_bin(self, bands) @ band_gain

    def linear_gain(self, gain_db: Image, bands: MelGeometry) -> Image:
        """:meth:`gain_per_bin` of decibels, as a factor. Frames are contiguous in memory, as in spectra.

        Shape: ``[bands, frames] -> [bins, frames]``.
        """
        gain = np.asfortranarray(self.gain_per_bin(gain_db * np.float32(np.log(10.0) / 20.0), bands))
        return np.exp(gain, out=gain)


def level_db(mel_db: Image) -> float:
    """Loudness of a mel image: mean power (dB) of the frames within 40 dB of the loudest. Shape: ``[bands, frames]``.

    >>> round(level_db(np.full((4, 3), -6.02, np.float32)), 2)
    0.0
    """
    return gated_level_db(frame_powers(mel_db))


def frame_powers(mel_db: Image) -> NDArray[np.float64]:
    """Power of each frame. Shape: ``[bands, frames] -> [frames]``."""
    return np.sum(10.0 ** (mel_db.astype(np.float64) / 10.0), axis=0)


def gated_level_db(frame_levels: NDArray[np.floating]) -> float:
    """:func:`level_db` from the :func:`frame_powers` of all frames. Shape: ``[frames]``."""
    active = frame_levels >= frame_levels.max() * 10.0 ** (-GATE_DB / 10.0)
    return float(10.0 * np.log10(frame_levels[active].mean()))


def hz_to_mel(hz: Any, scale: MelScale) -> Any:
    """Frequency in Hz to mel. Shape: kept."""
    hz = np.asarray(hz, np.float64)
    if scale is MelScale.HTK:
        return 2595.0 * np.log10(1.0 + hz / 700.0)
    return np.where(hz < 1000.0, 3.0 * hz / 200.0, 15.0 + np.log(np.maximum(hz, 1e-9) / 1000.0) * 27.0 / np.log(6.4))


def mel_to_hz(mel: Any, scale: MelScale) -> Any:
    """Mel to frequency in Hz. Shape: kept."""
    mel = np.asarray(mel, np.float64)
    if scale is MelScale.HTK:
        return 700.0 * (10.0 ** (mel / 2595.0) - 1.0)
    return np.where(mel < 15.0, mel * 200.0 / 3.0, 1000.0 * np.exp((mel - 15.0) * np.log(6.4) / 27.0))


def band_edges_hz(geometry: MelGeometry) -> NDArray[np.float64]:
    """Edges of the bands; band b rises from edge b, peaks at b + 1, falls to b + 2. Shape: ``[bands + 2]``."""
    low, high = hz_to_mel([geometry.low_hz, geometry.high_hz], geometry.scale)
    return mel_to_hz(np.linspace(low, high, geometry.bands + 2), geometry.scale)


@lru_cache(maxsize=16)
def _hann(length: int) -> NDArray[np.float32]:
    """A periodic Hann window. Shape: ``[length]``."""
    return (0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(length) / length)).astype(np.float32)


@lru_cache(maxsize=8)
def _mel_filters(grid: MelGrid) -> Image:
    """See :meth:`MelGrid.filters`. Shape: ``[bands, bins]``."""
    edges = band_edges_hz(grid.geometry)
    bins = np.arange(grid.bins) * (grid.rate / grid.transform)
    rise = (bins - edges[:-2, None]) / np.diff(edges)[:-1, None]
    fall = (edges[2:, None] - bins) / np.diff(edges)[1:, None]
    return np.maximum(0.0, np.minimum(rise, fall)).astype(np.float32)


@lru_cache(maxsize=8)
def _power_bank(grid: MelGrid) -> FilterBank:
    """The mel filters, scaled as :meth:`MelGrid.mel_power` is."""
    return FilterBank.of(grid.filters() * np.float32(grid.power_scale))


@lru_cache(maxsize=8)
def _band_to_bin(grid: MelGrid, bands: MelGeometry) -> Any:
    """Linear interpolation over mel, as a sparse matrix ``[bins, bands]``."""
    centres = hz_to_mel(band_edges_hz(bands)[1:-1], bands.scale)
    bins = hz_to_mel(np.arange(grid.bins) * (grid.rate / grid.transform), bands.scale)
    place = np.interp(bins, centres, np.arange(len(centres)))
    lower = np.minimum(place.astype(int), len(centres) - 2)
    share = (place - lower).astype(np.float32)
    rows = np.tile(np.arange(grid.bins), 2)
    columns = np.concatenate([lower, lower + 1])
    return csr_matrix((np.concatenate([1.0 - share, share]), (rows, columns)), shape=(grid.bins, len(centres)))


def _overlap_add(frames: NDArray[np.float32], hop: int) -> NDArray[np.float32]:
    """Sum of frames placed ``hop`` apart. Shape: ``[frames, window] -> [(frames - 1) * hop + window]``.

    The window is a multiple of the hop.
    """
    count, window = frames.shape
    parts = window // hop
    total = np.zeros((count + parts - 1, hop), np.float32)
    for part in range(parts):
        total[part : part + count] += frames[:, part * hop : (part + 1) * hop]
    return total.reshape(-1)
