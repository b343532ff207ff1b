"""The points of an envelope: an automation lane as a value that a knob may hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from operator import le
from typing import TypeGuard

from stylus_daw.errors import RequestError, check_range

EnvelopePoints = tuple[tuple[float, float], ...]
"""Seconds from the region's first sample and the factor there, in order of time."""

MAX_POINTS = 4_096  # more than an automation lane of an hour has
MAX_SECONDS = 86_400.0  # s, a day: the longest session
MAX_FACTOR = 2.0  # as strength goes to 2


def checked_points(points: Iterable[Sequence[float]]) -> EnvelopePoints:
    """The points, validated. Two points may share a moment: the factor jumps there.

    Raises:
        RequestError: ``request.envelope`` or ``request.range``: none or too many points, not pairs, a value out of its
            range, or a point that goes back in time.

    >>> checked_points([[0, 1], [2.5, 0]])
    ((0.0, 1.0), (2.5, 0.0))
    """
    points = tuple(points)
    if _are_checked(points):  # a curve of thousands of points is dragged: most of it was checked before
        return points
    pairs = tuple(_pair(point, number) for number, point in enumerate(points, 1))
    if not 1 <= len(pairs) <= MAX_POINTS:
        raise RequestError("request.envelope", f"The envelope has {len(pairs)} points; allowed: 1 to {MAX_POINTS}.")
    for number, (before, after) in enumerate(pairwise(pairs), 2):
        if after[0] < before[0]:
            text = f"Point {number} of the envelope is at {after[0]:g} s, the one before it at {before[0]:g} s."
            raise RequestError("request.envelope", f"{text} Put them in order of time.")
    return pairs


def _are_checked(points: tuple[Sequence[float], ...]) -> TypeGuard[EnvelopePoints]:
    """Nothing is wrong with them and nothing has to be converted. Much quicker than telling what is wrong."""
    if not 1 <= len(points) <= MAX_POINTS or {*map(type, points)} != {tuple} or {*map(len, points)} != {2}:
        return False
    moments, factors = zip(*points, strict=True)
    return (
        {*map(type, moments), *map(type, factors)} == {float}
        and moments[0] >= -MAX_SECONDS
        and moments[-1] <= MAX_SECONDS
        and all(map(le, moments, moments[1:]))
        and all(map((0.0).__le__, factors))
        and all(map(MAX_FACTOR.__ge__, factors))
    )


def _pair(point: Sequence[float], number: int) -> tuple[float, float]:
    try:
        moment, factor = (float(value) for value in point)
    except (TypeError, ValueError) as error:
        text = f"Point {number} of the envelope is {point!r:.60}; write [seconds, factor]."
        raise RequestError("request.envelope", text) from error
    check_range(f"the time of envelope point {number} (seconds)", moment, -MAX_SECONDS, MAX_SECONDS)
    check_range(f"the factor of envelope point {number}", factor, 0, MAX_FACTOR)
    return moment, factor
