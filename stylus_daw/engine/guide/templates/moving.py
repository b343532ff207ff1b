"""Mel filters that move a spectrum by an interval on the way: a pitch shift for the price of one product."""

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


@lru_cache(maxsize=512)
def moved_filters(grid: MelGrid, cents: int, bins: int) -> csr_matrix:
    """Filters for spectra whose partials shall lie ``cents`` higher.

    Bin ``f`` of the moved spectrum is bin ``f / ratio`` of the given one, between two bins by interpolation. Unit peak,
    as :meth:`~stylus_daw.audio.spectrogram.MelGrid.filters`. Shape: ``[bands, bins]``.

    Args:
        bins: how many of the grid's bins are given.
    """
    filters, ratio = grid.filters(), 2.0 ** (cents / 1200.0)
    rows, targets = np.nonzero(filters)
    weights = filters[rows, targets]
    place = targets / ratio
    low = place.astype(int)
    share = place - low
    inside = low < bins - 1
    rows, low, share, weights = (values[inside] for values in (rows, low, share, weights))
    entries = np.concatenate([weights * (1.0 - share), weights * share]).astype(np.float32)
    columns = np.concatenate([low, low + 1])
    return csr_matrix((entries, (np.tile(rows, 2), columns)), shape=(filters.shape[0], bins))
