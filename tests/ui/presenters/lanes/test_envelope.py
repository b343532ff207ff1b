"""Strength over time in the workspace, without a window."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stylus_daw.engine.knobs.points import MAX_POINTS
from stylus_ui.context import UiContext
from stylus_ui.presenters.lanes.curve_shape import column_spans
from stylus_ui.presenters.lanes.envelope import EnvelopePresenter
from stylus_ui.presenters.sound.controls import ControlsPresenter
from stylus_ui.presenters.workspace.drafts import quickly
from stylus_ui.presenters.workspace.take_words import facts_of
from stylus_ui.workspace.content_file import content_of
from stylus_ui.workspace.workpiece import Selection
from stylus_ui.workspace.workpiece_file import workpiece_from_json, workpiece_to_json
from tests.support.ui.sounds import write_tone

RATE = 48_000


@pytest.fixture
def curve(context: UiContext, tmp_path: Path) -> EnvelopePresenter:
    """Over ten seconds, of which 2 to 8 are the region."""
    context.workspace.open_content(content_of(write_tone(tmp_path / "loop.wav", seconds=10.0)))
    context.workspace.select(Selection(first=2 * RATE, length=6 * RATE))
    return EnvelopePresenter(context.workspace, context.text)


def kept(context: UiContext) -> object:
    return context.workspace.workpiece.value.treatment.settings.envelope


def drawn(curve: EnvelopePresenter) -> list[tuple[float, float]]:
    return [(round(point.at_s, 3), round(point.factor, 3)) for point in curve.points.value]


def test_points_are_in_order_and_count_from_the_regions_start(curve: EnvelopePresenter, context: UiContext) -> None:
    curve.add(6.0, 0.2)
    curve.add(3.0, 1.5)
    curve.add(1.0, 0.0)
    assert drawn(curve) == [(2.0, 0.0), (3.0, 1.5), (6.0, 0.2)], "none lies before the region"
    assert kept(context) == ((0.0, 0.0), (1.0, 1.5), (4.0, 0.2))
    curve.add(4.5)
    assert drawn(curve)[2] == (4.5, 0.85), "without a factor it is on the curve"
    assert curve.chosen.value == 2


def test_a_point_stops_at_its_neighbours_and_at_the_ends_of_the_range(
    curve: EnvelopePresenter, context: UiContext
) -> None:
    for at_s in (3.0, 4.0, 5.0):
        curve.add(at_s, 0.5)
    curve.move(1, 9.0, 3.0)
    assert drawn(curve)[1] == (5.0, 2.0)
    curve.move(2, 99.0, -1.0)
    assert drawn(curve)[2] == (8.0, 0.0)
    curve.move(0, 3.0, 1.03)
    assert drawn(curve)[0] == (3.0, 1.0), "near 100 % the mouse takes 100 %"


def test_a_drag_is_one_step_of_undo_and_so_is_everything_else(curve: EnvelopePresenter, context: UiContext) -> None:
    curve.add(4.0, 0.5)
    for factor in (0.6, 0.7, 1.8):
        curve.move(0, 4.5, factor, gesture="drag")
    curve.let_go()
    curve.remove()
    assert kept(context) is None
    context.workspace.undo()
    assert drawn(curve) == [(4.5, 1.8)]
    context.workspace.undo()
    assert drawn(curve) == [(4.0, 0.5)]
    curve.reset()
    assert kept(context) is None
    context.workspace.undo()
    assert drawn(curve) == [(4.0, 0.5)]


def test_the_keyboard_chooses_and_moves(curve: EnvelopePresenter, context: UiContext) -> None:
    curve.add(4.0, 0.5)
    curve.add(6.0, 1.5)
    curve.choose(-5)
    for _ in range(3):
        curve.nudge(by=0.05)
    curve.nudge(by_s=-0.5)
    curve.let_go()
    assert drawn(curve) == [(3.5, 0.65), (6.0, 1.5)]
    assert curve.said == "Point 1 of 2: 3.50 s, 65 %"
    context.workspace.undo()
    assert drawn(curve) == [(4.0, 0.5), (6.0, 1.5)]


def test_the_curve_stays_with_the_content_when_the_region_changes(curve: EnvelopePresenter, context: UiContext) -> None:
    curve.add(4.0, 0.5)
    context.workspace.select(Selection(first=3 * RATE, length=5 * RATE))
    assert (drawn(curve), kept(context)) == ([(4.0, 0.5)], ((1.0, 0.5),))
    context.workspace.select(None)
    assert (drawn(curve), kept(context)) == ([(4.0, 0.5)], ((4.0, 0.5),))
    context.workspace.undo()
    context.workspace.undo()
    assert (drawn(curve), kept(context)) == ([(4.0, 0.5)], ((2.0, 0.5),))


def test_a_render_and_a_draft_get_the_curve_where_it_is_drawn(
    curve: EnvelopePresenter, context: UiContext, tmp_path: Path
) -> None:
    curve.add(4.0, 0.5)
    context.workspace.add_styles([tmp_path / "loop.wav"])
    context.workspace.connect_core(SimpleNamespace(queue=None, presets=None))  # pyright: ignore[reportArgumentType]
    [(_, request)] = context.workspace.requests()
    assert request.settings.envelope == ((2.0, 0.5),)
    assert facts_of(request, context.text)["envelope"].words == "Strength over time"
    part = Selection(first=round(3.5 * RATE), length=4 * RATE)
    assert quickly(context.workspace.workpiece.value, part).envelope == ((0.5, 0.5),)


def test_it_is_kept_with_the_workpiece_and_resetting_all_knobs_takes_it_away(
    curve: EnvelopePresenter, context: UiContext
) -> None:
    curve.add(4.0, 0.5)
    workpiece = context.workspace.workpiece.value
    again = workpiece_from_json(workpiece_to_json(workpiece))
    assert again.treatment.settings.envelope == ((2.0, 0.5),)
    controls = ControlsPresenter(context)
    assert (controls.shown.value.is_changed, controls.shown.value.turned) == (True, 1)
    controls.reset_all()
    assert (kept(context), drawn(curve), curve.chosen.value) == (None, [], -1)


@given(
    st.lists(st.floats(0, 50), min_size=2, max_size=300).map(sorted),
    st.lists(st.floats(0, 100), min_size=300, max_size=300),
)
def test_a_dense_curve_is_drawn_as_high_and_as_low_in_every_column_as_it_is(xs: list[float], ys: list[float]) -> None:
    across, down = np.array(xs), np.array(ys[: len(xs)])
    lefts, tops, bottoms = column_spans(across, down)
    assert len(lefts) <= 51, "one for each pixel, however many points there are"
    assert ((tops[1:] <= bottoms[:-1]) & (bottoms[1:] >= tops[:-1])).all(), "neighbours touch"
    columns = np.minimum(np.floor(across) - lefts[0], len(lefts) - 1).astype(int)
    assert ((tops[columns] <= down) & (down <= bottoms[columns])).all(), "every point is in its span"
    assert tops.min() >= down.min()
    assert bottoms.max() <= down.max()


def test_of_thousands_of_points_a_drag_touches_one_and_undo_brings_it_back(
    curve: EnvelopePresenter, context: UiContext
) -> None:
    moments = np.linspace(0, 6, MAX_POINTS)
    before = tuple(zip(moments.tolist(), (1 + np.sin(moments)).tolist(), strict=True))
    context.workspace.edit_settings(envelope=before)
    at = MAX_POINTS // 2
    for step in range(3):
        curve.move(at, 5.0, 0.1 * step, gesture="drag")
    after = context.workspace.workpiece.value.treatment.settings.envelope
    assert after
    assert [number for number, pair in enumerate(after) if pair is not before[number]] == [at]
    assert curve.points.value[at] == pytest.approx((2 + after[at][0], 0.2))
    curve.add(7.99, 1.5)
    assert len(curve.points.value) == MAX_POINTS, "there is room for no more"
    context.workspace.undo()
    assert kept(context) == before
    assert len(curve.points.value[10:20]) == 10
