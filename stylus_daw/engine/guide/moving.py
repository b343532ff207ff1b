"""Mel filters that move a spectrum by an interval on the way: a pitch shift for the price of one product."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.sparse import csr_matrix

from stylus_daw.audio.spectrogram import MelGrid


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
