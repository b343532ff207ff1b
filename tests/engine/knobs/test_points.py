"""The points of an envelope are checked as they are written, by hand or by a program."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stylus_daw.engine.knobs.points import MAX_FACTOR, MAX_POINTS, MAX_SECONDS, checked_points
from stylus_daw.errors import RequestError

SOUND = st.lists(st.tuples(st.floats(-MAX_SECONDS, MAX_SECONDS), st.floats(0, MAX_FACTOR)), min_size=1, max_size=40)


@given(SOUND.map(sorted))
def test_points_that_are_right_come_back_themselves(points: list[tuple[float, float]]) -> None:
    checked = checked_points(points)
    assert all(one is other for one, other in zip(checked, points, strict=True))


@pytest.mark.parametrize(
    "wrong",
    [
        (math.nan, 1.0),
        (0.5, math.nan),
        (0.5, -0.1),
        (0.5, 2.1),
        (math.inf, 1.0),
        (-MAX_SECONDS * 2, 1.0),
        (0.5,),
        (0.5, 1.0, 2.0),
        (0.5, "loud"),
        0.5,
        (0.5, None),
    ],
)
@pytest.mark.parametrize("at", [0, 1, 2])
def test_one_wrong_point_is_named_wherever_it_is(wrong: object, at: int) -> None:
    points: list[object] = [(0.5, 1.0), (0.5, 0.0)]
    points.insert(at, wrong)
    with pytest.raises(RequestError, match=f"point {at + 1}|Point {at + 1}"):
        checked_points(points)  # pyright: ignore[reportArgumentType]


def test_what_is_written_in_whole_numbers_or_lists_becomes_pairs_of_floats() -> None:
    checked = checked_points([[0, 1], (1, 0.5), (2.5, True)])
    assert checked == ((0.0, 1.0), (1.0, 0.5), (2.5, 1.0))
    assert {type(value) for pair in checked for value in pair} == {float}


@pytest.mark.parametrize("points", [[], [(0.0, 1.0)] * (MAX_POINTS + 1)])
def test_none_or_too_many_are_refused(points: list[tuple[float, float]]) -> None:
    with pytest.raises(RequestError, match=f"{len(points)} points; allowed: 1 to {MAX_POINTS}"):
        checked_points(points)


def test_a_point_that_goes_back_in_time_is_named() -> None:
    with pytest.raises(RequestError, match=r"Point 3 of the envelope is at 1 s, the one before it at 2 s"):
        checked_points([(0.0, 1.0), (2.0, 1.0), (1.0, 1.0)])
