"""CurvePoints: the points of a strength curve, few or thousands, for those who draw and move them. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple, overload

import numpy as np

from stylus_daw.engine.knobs.points import EnvelopePoints


class CurvePoint(NamedTuple):
    """A point: second of the content, and the factor of the strength there, 0..2."""

    at_s: float
    factor: float


class CurvePoints(Sequence[CurvePoint]):
    """The points of a curve as arrays, of thousands too; each is made when it is asked for.

    Attributes:
        moments, heights: seconds of the content and factors. Shape: (points,).

    Args:
        curve: counted from the region's first sample.
        first_s: second of the content where the region begins.
    """

    def __init__(self, curve: EnvelopePoints = (), first_s: float = 0.0) -> None:
        pairs = np.fromiter(chain.from_iterable(curve), np.float64, 2 * len(curve)).reshape(-1, 2)
        self.moments, self.heights = pairs[:, 0] + first_s, np.ascontiguousarray(pairs[:, 1])

    def __len__(self) -> int:
        return len(self.moments)

    @overload
    def __getitem__(self, at: int) -> CurvePoint: ...
    @overload
    def __getitem__(self, at: slice) -> list[CurvePoint]: ...
    def __getitem__(self, at: int | slice) -> CurvePoint | list[CurvePoint]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        return CurvePoint(float(self.moments[at]), float(self.heights[at]))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CurvePoints):
            return NotImplemented
        return np.array_equal(self.moments, other.moments) and np.array_equal(self.heights, other.heights)

    __hash__ = None  # pyright: ignore[reportAssignmentType]
