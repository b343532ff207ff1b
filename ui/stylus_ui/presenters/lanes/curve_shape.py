"""What of a dense curve can be seen: how far it goes up and down in each column of pixels. No Qt."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.float64]


def column_spans(xs: Pixels, ys: Pixels) -> tuple[Pixels, Pixels, Pixels]:
    """The line through points as one span for each column that it crosses; neighbours touch.

    Args:
        xs: pixels from the left, rising. Shape: (points,), at least one.
        ys: pixels from the top. Shape: (points,).

    Returns:
        Left edges, tops and bottoms. Shape: (columns,).

    >>> [part.tolist() for part in column_spans(np.array([0.0, 0.5, 0.6, 2.0]), np.array([4.0, 9.0, 2.0, 2.0]))]
    [[0.0, 1.0], [2.0, 2.0], [9.0, 2.0]]
    """
    first, end = np.floor(xs[0]), max(np.ceil(xs[-1]), np.floor(xs[0]) + 1)
    edges = np.arange(first, end + 1)
    at_edges = np.interp(edges, xs, ys)
    tops, bottoms = np.minimum(at_edges[:-1], at_edges[1:]), np.maximum(at_edges[:-1], at_edges[1:])
    columns = np.minimum((xs - first).astype(np.int64), len(tops) - 1)
    np.minimum.at(tops, columns, ys)
    np.maximum.at(bottoms, columns, ys)
    return edges[:-1], tops, bottoms
