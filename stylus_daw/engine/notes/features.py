"""What the transcriber sees: decibels on a grid of thirds of semitones, in three windows, and bands for percussion.

The long window tells bass notes apart, the short one when things begin. All is relative to the sound's own level and
tuning, so that a quiet or detuned recording looks like any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.fft import rfft
from scipy.ndimage import maximum_filter1d

from stylus_daw.audio.filter_bank import FilterBank
from stylus_daw.audio.parallel import cores
from stylus_daw.engine.notes.note import HOP_S, KEYS

RATE = 24_000
"""Hz; C8 and its overtone, and the hats of a kit, lie below half of it."""
HOP = round(RATE * HOP_S)
WINDOWS = (1024, 4096, 8192)
"""Samples: 43, 171 and 341 ms."""
REACH = WINDOWS[-1] // 2
PER_SEMITONE = 3
BINS = PER_SEMITONE * (KEYS + 12)
"""From a third of a semitone below A0 to an octave above C8: overtones of high notes."""
LOWEST_HZ = 27.5
BANDS = 32
BAND_RANGE_HZ = (40.0, 11_500.0)
RANGE_DB = 80.0
FAINTEST = 1e-16
"""Power of a cell in which there is nothing: below the range of any sound."""
SILENCE_DB = -100.0
"""A sound whose loudest cell lies below, in dB re full scale, is silent: dither and hiss are not music."""
WIDEST_SHARE = 0.75
"""Narrowest half width of a bin, in lines of the FFT: narrower ones would fall between two lines."""

PARTIALS = (0, 36, 57)
"""Bins from a key to its first three partials."""
RISE_FRAMES = 8
"""An attack is as loud as the key gets within 80 ms."""

Float = NDArray[np.floating]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class View:
    """Levels of some frames.

    Attributes:
        grid: dB re full scale. Shape: ``[windows, bins, frames]``.
        bands: dB re full scale, short window. Shape: ``[bands, frames]``.
    """

    grid: Float
    bands: Float

    @property
    def loudest_db(self) -> float:
        return float(self.grid.max(initial=-200.0))

    def relative(self, level_db: float) -> tuple[Float, Float]:
        """Both as shares of the 80 dB below ``level_db``: 0 is silence, 1 the level."""
        if level_db < SILENCE_DB:
            return np.zeros_like(self.grid), np.zeros_like(self.bands)
        return _share(self.grid, level_db - RANGE_DB), _share(self.bands, level_db - RANGE_DB)


def _share(decibels: Float, low: float) -> Float:
    return np.clip((decibels - np.float32(low)) / np.float32(RANGE_DB), 0.0, 1.0)


class Viewer:
    """Makes views in one tuning.

    Args:
        tuning_cents: where the keys of the sound lie above A4 = 440 Hz.
    """

    def __init__(self, tuning_cents: float = 0.0) -> None:
        bins = np.arange(-1, BINS - 1) / (12 * PER_SEMITONE)
        self.hz = LOWEST_HZ * 2.0 ** (bins + tuning_cents / 1200)
        self._banks = [_bank(size, self.hz) for size in WINDOWS]
        self._bands = _bank(WINDOWS[0], np.geomspace(*BAND_RANGE_HZ, BANDS), steps_per_octave=BANDS / 8.2)

    def view(self, samples: Float, frames: int) -> View:
        """``frames`` frames; ``samples`` begins ``REACH`` before the first one's middle and ends ``REACH`` after it.

        Shape: ``[(frames - 1) * HOP + 2 * REACH]`` mono samples at ``RATE``.
        """
        layers, bands = [], np.empty(0)
        for size, bank in zip(WINDOWS, self._banks, strict=True):
            spectrum = _spectrum(samples, size, frames)
            layers.append(_decibels(bank.power(spectrum).T))
            bands = _decibels(self._bands.power(spectrum).T) if size == WINDOWS[0] else bands
        return View(grid=np.stack(layers), bands=bands)


def _spectrum(samples: Float, size: int, frames: int) -> NDArray[np.complex64]:
    """A full-scale sine has the power 1/4. Shape: ``[frames, lines]``."""
    begin = REACH - size // 2
    cuts = np.lib.stride_tricks.sliding_window_view(samples[begin:], size)[: (frames - 1) * HOP + 1 : HOP]
    return np.asarray(rfft(cuts * _window(size), axis=1, workers=cores()))


@lru_cache(maxsize=len(WINDOWS))
def _window(size: int) -> NDArray[np.float32]:
    window = np.hanning(size).astype(np.float32)
    return window / window.sum()


def _decibels(power: Float) -> Float:
    return (10.0 * np.log10(np.maximum(power, FAINTEST))).astype(np.float32)


def _bank(size: int, middles_hz: NDArray[np.float64], *, steps_per_octave: float = 36.0) -> FilterBank:
    """Triangles of weight 1 around each frequency."""
    line_hz = RATE / size
    hz = np.arange(size // 2 + 1) * line_hz
    width = np.maximum(middles_hz * (2 ** (1 / steps_per_octave) - 1), WIDEST_SHARE * line_hz)[:, None]
    bank = np.maximum(0.0, 1.0 - np.abs(hz - middles_hz[:, None]) / width)
    return FilterBank.of(bank / np.maximum(bank.sum(axis=1, keepdims=True), 1e-9))


def key_loudness(grid: Float) -> Float:
    """How loud each key's strongest partial gets within ``RISE_FRAMES``, as a share of MIDI velocity.

    Velocity is taken as half the decibels (40 log10), as synthesisers do. Shape: ``[windows, bins, t] -> [keys, t]``.
    """
    levels = maximum_filter1d(grid[1], PER_SEMITONE, axis=0)
    rows = 1 + PER_SEMITONE * np.arange(KEYS)
    partials = [levels[np.minimum(rows + offset, BINS - 1)] for offset in PARTIALS]
    loudest = np.max(partials, axis=0)
    rising = maximum_filter1d(loudest, RISE_FRAMES, axis=1, origin=-(RISE_FRAMES // 2), mode="constant")
    return np.power(10.0, (rising - 1) * np.float32(RANGE_DB / 40)).astype(np.float32)
