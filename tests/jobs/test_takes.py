"""Takes: the same request several times, a little different each."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stylus_daw.engine.request import StyleSettings
from stylus_daw.errors import RequestError
from stylus_daw.jobs.job import RenderRequest, StyleFile
from stylus_daw.jobs.takes import MAX_TAKES, take_id, takes

REQUEST = RenderRequest(source=Path("in.wav"), stem=Path("out/stem.wav"), styles=(StyleFile(path=Path("a.flac")),))

any_settings = st.builds(
    StyleSettings,
    strength=st.none() | st.floats(0, 2),
    structure=st.none() | st.floats(0, 1),
    sharpness=st.none() | st.floats(0.25, 4),
    seed=st.integers(0, 2**31 - 1),
)


def with_settings(chosen: StyleSettings) -> RenderRequest:
    return RenderRequest(source=REQUEST.source, stem=REQUEST.stem, styles=REQUEST.styles, settings=chosen)


def test_stems_are_numbered_and_nothing_but_settings_and_stem_differs() -> None:
    made = takes(REQUEST, 4)
    assert [one.stem.as_posix() for one in made] == [f"out/stem-{number}.wav" for number in (1, 2, 3, 4)]
    assert {(one.source, one.styles, one.region, one.device) for one in made} == {
        (Path("in.wav"), REQUEST.styles, None, "auto")
    }
    assert [take_id("job", number) for number in (1, 2)] == ["job-1", "job-2"]
    assert len(take_id("x" * 64, 32)) == 64


@settings(max_examples=100, deadline=None)
@given(chosen=any_settings, spread=st.floats(0.01, 1))
def test_take_one_is_the_request_and_all_takes_differ(chosen: StyleSettings, spread: float) -> None:
    made = [one.settings for one in takes(with_settings(chosen), 8, spread=spread)]
    assert made[0] == chosen
    assert len({one.seed for one in made}) == 8
    heard = [(one.strength, one.structure, one.sharpness) for one in made]
    assert all(one != other for one, other in combinations(heard, 2))


@settings(max_examples=50, deadline=None)
@given(chosen=any_settings, spread=st.floats(0, 1), count=st.integers(1, MAX_TAKES))
def test_more_takes_leave_the_first_ones_as_they_were(chosen: StyleSettings, spread: float, count: int) -> None:
    request = with_settings(chosen)
    assert takes(request, MAX_TAKES, spread=spread)[:count] == takes(request, count, spread=spread)


def test_without_spread_only_the_seed_differs() -> None:
    made = [one.settings for one in takes(with_settings(StyleSettings(seed=5, strength=1.2)), 3, spread=0)]
    assert made == [StyleSettings(seed=seed, strength=1.2) for seed in (5, 6, 7)]


def test_takes_lie_around_the_preset_as_far_as_the_spread_says() -> None:
    strengths = [one.settings.strength or 1.0 for one in takes(REQUEST, 16, spread=0.3)]
    assert min(strengths) < 0.8
    assert max(strengths) > 1.2
    assert all(0.7 <= one <= 1.3 for one in strengths)


@pytest.mark.parametrize(("count", "spread"), [(0, 0.3), (33, 0.3), (4, -0.1), (4, 1.1), (4, float("nan"))])
def test_impossible_takes_are_refused(count: int, spread: float) -> None:
    with pytest.raises(RequestError, match="allowed"):
        takes(REQUEST, count, spread=spread)
