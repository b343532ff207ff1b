"""Where the partials of a pitch lie: combs over STFT bins and over mel bands. numpy only."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from stylus_daw.audio.spectrogram import band_edges_hz
from stylus_daw.engine.image.values import GEOMETRY
from stylus_daw.engine.notes.note import KEYS, LOWEST_PITCH, hertz

Float = NDArray[np.floating]

PARTIAL_HZ = 17.0
"""Width (standard deviation) of a steady partial under a Hann window of 50 ms."""
BAND_PARTIAL_HZ = 24.0
"""The same in a mel band, where lows are 28 Hz apart."""
BAND_SHARE = 0.6
"""Of the distance of two bands: the width of a partial that falls between them."""

LOW_PARTIALS = 8
BRIGHTEST = 2.0
"""Power of the fundamental of a note at most, re all its low partials under the comb, which counts some twice."""


def comb(bins_hz: NDArray[np.floating], fundamental_hz: float) -> Float:
    """How near each bin lies to a partial, 0..1. Shape: ``[bins] -> [bins]``.

    >>> comb(np.array([0.0, 220.0, 330.0]), 220.0).round(2).tolist()
    [0.0, 1.0, 0.0]
    """
    partial = np.maximum(1.0, np.round(bins_hz / fundamental_hz))
    return np.exp(-0.5 * ((bins_hz - partial * fundamental_hz) / PARTIAL_HZ) ** 2).astype(np.float32)


@lru_cache(maxsize=8)
def band_combs(tuning_cents: int = 0) -> Float:
    """How much of a mel band a pitch's partials take, 0..1. Shape: ``[keys, bands]``.

    Args:
        tuning_cents: how far the keys lie above A4 = 440 Hz.
    """
    width = np.maximum(BAND_PARTIAL_HZ, BAND_SHARE * np.diff(band_edges_hz(GEOMETRY))[1:])
    combs = [_band_comb(_centres_hz(), width, fundamental) for fundamental in _fundamentals_hz(tuning_cents)]
    return np.stack(combs).astype(np.float32)


@lru_cache(maxsize=8)
def low_combs(tuning_cents: int = 0) -> Float:
    """:func:`band_combs` of the lowest partials alone, which tell a note's level: higher up everybody sounds."""
    partials = _centres_hz()[None] / _fundamentals_hz(tuning_cents)[:, None]
    return np.where(partials < LOW_PARTIALS + 0.5, band_combs(tuning_cents), 0.0).astype(np.float32)


@lru_cache(maxsize=8)
def most_expected(tuning_cents: int = 0) -> Float:
    """What a bright note has in a band at most, re its level by :func:`low_combs`. Shape: ``[keys, bands]``.

    Partials fall as 3 dB an octave; where they lie closer than the bands, more of them share one.
    """
    fundamentals = _fundamentals_hz(tuning_cents)[:, None]
    partials = np.maximum(_centres_hz()[None] / fundamentals, 1.0)
    in_band = np.maximum(np.diff(band_edges_hz(GEOMETRY))[1:][None] / fundamentals, 1.0)
    return (BRIGHTEST * in_band / partials).astype(np.float32)


def _centres_hz() -> NDArray[np.float64]:
    return band_edges_hz(GEOMETRY)[1:-1]


def _fundamentals_hz(tuning_cents: int) -> NDArray[np.float64]:
    return np.array([hertz(LOWEST_PITCH + key, tuning_cents=tuning_cents) for key in range(KEYS)])


def key_of(pitch: float) -> int:
    """The row of ``[keys, ...]`` nearest to a pitch.

    >>> key_of(21.2), key_of(200)
    (0, 87)
    """
    return int(np.clip(round(pitch) - LOWEST_PITCH, 0, KEYS - 1))


def _band_comb(centres: NDArray[np.float64], width: NDArray[np.float64], fundamental_hz: float) -> NDArray[np.float64]:
    partial = np.maximum(1.0, np.round(centres / fundamental_hz))
    return np.exp(-0.5 * ((centres - partial * fundamental_hz) / width) ** 2)
