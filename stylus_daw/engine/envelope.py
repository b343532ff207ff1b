"""Strength over time: the curve through the points of an automation lane. numpy only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stylus_daw.engine.knobs.points import EnvelopePoints


def delayed(points: EnvelopePoints, seconds: float) -> EnvelopePoints:
    """The same curve, counted from ``seconds`` earlier, for audio that begins with a handle.

    >>> delayed(((0.0, 1.0),), 0.5)
    ((0.5, 1.0),)
    """
    return tuple((moment + seconds, factor) for moment, factor in points)


def factors(points: EnvelopePoints, seconds: NDArray[np.float64]) -> NDArray[np.float32]:
    """The curve at the given times. Shape: kept.

    >>> factors(((0.0, 0.0), (1.0, 2.0)), np.array([-1.0, 0.25, 9.0])).tolist()
    [0.0, 0.5, 2.0]
    """
    moments, values = zip(*points, strict=True)
    return np.interp(seconds, moments, values).astype(np.float32)
