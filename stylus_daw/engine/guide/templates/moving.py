"""Mel filters that move a note by an interval on the way: a pitch shift for the price of one product."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from stylus_daw.audio.spectrogram import MelGrid, band_edges_hz
from stylus_daw.engine.image.values import GEOMETRY

Float = NDArray[np.floating]


RESONANCE_OCTAVES = 0.5
"""What is broader belongs to the body of an instrument, and does not move with the pitch."""
KEPT = 0.65
"""Share, in dB, of the body's colour that stays where it was; the rest moves with the partials."""


def resonances_kept(before: Float, after: Float) -> Float:
    """Factor on the bands of a moved spectrum, of the same broad colour as before. Shape: ``[bands]`` all."""
    smooth = _smoothing()
    level = 1e-4 * max(float(before.max()), 1e-12)
    return ((smooth @ before + level) / (smooth @ after + level)) ** np.float32(KEPT)


@lru_cache(maxsize=1)
def _smoothing() -> Float:
    octave = np.log2(band_edges_hz(GEOMETRY)[1:-1])
    weights = np.exp(-0.5 * ((octave[:, None] - octave[None]) / RESONANCE_OCTAVES) ** 2)
    return (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)


LOBE_HZ = 40.0
"""Half the width of a steady partial under a Hann window of 50 ms."""


@lru_cache(maxsize=64)
def moved_filters(grid: MelGrid, cents: int, bins: int, fundamental_hz: float) -> csr_matrix:
    """Filters for spectra of a note that shall lie ``cents`` higher. Shape: ``[bands, bins]``.

    A partial moves as a whole and stays as wide as the window made it: two octaves up, stretched ones would fill the
    valleys between them. Only what lies between partials is stretched. Unit peak, as
    :meth:`~stylus_daw.audio.spectrogram.MelGrid.filters`.

    Args:
        bins: how many of the grid's bins are given.
        fundamental_hz: of the note as it is.
    """
    bin_hz, (rows, targets, weights) = grid.rate / grid.transform, _entries(grid)
    place = _origin_hz(targets * bin_hz, fundamental_hz, 2.0 ** (cents / 1200.0)) / bin_hz
    low = place.astype(int)
    share = place - low
    inside = low < bins - 1
    rows, low, share, weights = (values[inside] for values in (rows, low, share, weights))
    entries = np.concatenate([weights * (1.0 - share), weights * share]).astype(np.float32)
    columns = np.concatenate([low, low + 1])
    return csr_matrix((entries, (np.tile(rows, 2), columns)), shape=(GEOMETRY.bands, bins))


@lru_cache(maxsize=8)
def _entries(grid: MelGrid) -> tuple[NDArray[np.intp], NDArray[np.intp], Float]:
    """Band, bin and weight of all that is not 0 in a grid's filters, which are the same for every interval."""
    rows, targets = np.nonzero(grid.filters())
    return rows, targets, grid.filters()[rows, targets]


def _origin_hz(hz: Float, fundamental_hz: float, ratio: float) -> Float:
    """Where in a note lies what is at ``hz`` once it is moved by ``ratio``. Shape: ``[bins] -> [bins]``."""
    moved_hz = fundamental_hz * ratio
    lobe = min(LOBE_HZ, 0.5 * fundamental_hz, 0.5 * moved_hz)
    partial = np.maximum(1.0, np.round(hz / moved_hz))
    away = hz - partial * moved_hz
    stretch = (0.5 * fundamental_hz - lobe) / max(0.5 * moved_hz - lobe, 1e-6)
    beyond = np.maximum(np.abs(away) - lobe, 0.0)
    origin = partial * fundamental_hz + np.sign(away) * (np.minimum(np.abs(away), lobe) + stretch * beyond)
    return np.where(away < -0.5 * moved_hz, hz / ratio, origin)
