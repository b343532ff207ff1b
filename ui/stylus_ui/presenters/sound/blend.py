"""Blend: shares of two to four styles as a point: on a line, in a triangle, in a square. No Qt.

The corners stand for the styles, in their order; x goes to the right, y downwards, both 0..1. Two styles share a
line and three a triangle by their barycentric coordinates, four a square bilinearly. Shares that no point stands for
(four weights have one freedom more than a point) are shown at their centre of gravity.
"""

from __future__ import annotations

from collections.abc import Sequence

Point = tuple[float, float]
CORNERS: dict[int, tuple[Point, ...]] = {
    2: ((0.0, 0.5), (1.0, 0.5)),
    3: ((0.5, 0.0), (0.0, 1.0), (1.0, 1.0)),
    4: ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)),
}
"""Where the styles are, by their number."""


def point_of(shares: Sequence[float]) -> Point:
    """Centre of gravity of the shares, which sum to 1.

    >>> point_of([0.25, 0.75]), point_of([0.0, 0.0, 0.0, 1.0])
    ((0.75, 0.5), (1.0, 1.0))
    """
    corners = CORNERS[len(shares)]
    x = sum(share * corner[0] for share, corner in zip(shares, corners, strict=True))
    y = sum(share * corner[1] for share, corner in zip(shares, corners, strict=True))
    return x, y


def shares_at(point: Point, count: int) -> tuple[float, ...]:
    """Shares of ``count`` styles at a point, sum 1; a point outside is taken to the nearest one inside.

    >>> shares_at((0.25, 0.9), 2), shares_at((0.5, 0.5), 4)
    ((0.75, 0.25), (0.25, 0.25, 0.25, 0.25))
    """
    x, y = (min(max(part, 0.0), 1.0) for part in point)
    if count == 2:
        return 1 - x, x
    if count == 4:
        return (1 - x) * (1 - y), x * (1 - y), (1 - x) * y, x * y
    return _in_triangle(x, y)


def _in_triangle(x: float, y: float) -> tuple[float, float, float]:
    """Barycentric; at a height ``y`` the triangle is ``y`` wide around the middle."""
    top = 1 - y
    left = min(max(y + (0.5 - x) - y / 2, 0.0), y)
    return top, left, y - left


def with_share(shares: Sequence[float], index: int, share: float) -> tuple[float, ...]:
    """One share set, the others scaled so that all sum to 1; where they were nothing, they are equal.

    >>> with_share([0.5, 0.25, 0.25], 0, 0.2)
    (0.2, 0.4, 0.4)
    """
    rest = sum(shares) - shares[index]
    left = 1 - share
    scaled = [one / rest * left if rest > 1e-9 else left / (len(shares) - 1) for one in shares]
    return tuple(share if number == index else one for number, one in enumerate(scaled))
