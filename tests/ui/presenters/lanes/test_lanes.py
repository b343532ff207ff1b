"""What the lanes show and do, without a window."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from stylus_daw.engine.request import Quality, StyleSettings
from stylus_daw.jobs.job import JobDone, JobFailed, JobProgressed, JobWasCancelled, Origin, RenderRequest, Stem
from stylus_ui.context import UiContext
from stylus_ui.drawing.lane_audio import LaneSources
from stylus_ui.drawing.peak_cache import PeakCache
from stylus_ui.drawing.peak_loader import PeakLoader
from stylus_ui.presenters.lanes.lane import LaneState
from stylus_ui.presenters.lanes.lanes import LanesPresenter
from stylus_ui.presenters.lanes.ruler import Tempo, ticks
from stylus_ui.presenters.lanes.time_view import LEAST_S, TimeView
from stylus_ui.workspace.content_file import content_of
from stylus_ui.workspace.takes import Take
from tests.support.ui.lane_sounds import RATE, ramp
from tests.support.ui.worlds import AtOnce


@pytest.fixture
def lanes(context: UiContext, tmp_path: Path) -> LanesPresenter:
    at_once = AtOnce()
    loader = PeakLoader(PeakCache(tmp_path / "peaks"), at_once, at_once)
    sources = LaneSources(loader=loader, background=at_once)
    return LanesPresenter(context.workspace, sources, context.text, context.preferences)


@pytest.fixture
def song(tmp_path: Path) -> Path:
    return ramp(tmp_path / "song.wav", 10)


def take_of(context: UiContext, tmp_path: Path) -> Take:
    workpiece = context.workspace.workpiece.value
    assert workpiece.content is not None
    assert workpiece.region is not None
    request = RenderRequest(
        source=workpiece.content.path,
        stem=tmp_path / "stem.wav",
        styles=(),
        region=workpiece.region.region(workpiece.content),
        settings=StyleSettings(quality=Quality.DRAFT),
    )
    return Take(job="win-1", request=request)


def test_a_dropped_file_is_shown_whole(lanes: LanesPresenter, song: Path) -> None:
    assert lanes.content.value.state is LaneState.EMPTY
    lanes.drop([song])
    assert lanes.content.value.state is LaneState.SHOWN
    assert lanes.view.value == TimeView.all_of(10.0)
    assert lanes.region_s.value == (0.0, 10.0)
    assert lanes.header == ("song.wav", "48 kHz stereo · 10.000 s")


def test_the_header_names_track_and_project_of_the_daw(lanes: LanesPresenter, context: UiContext, song: Path) -> None:
    origin = Origin(client="reaper", project="Late Night", track="Keys")
    context.workspace.open_content(replace(content_of(song), origin=origin))
    assert lanes.header[0] == "Keys · Late Night"


def test_a_file_that_has_gone_is_said_in_its_lane(lanes: LanesPresenter, context: UiContext, song: Path) -> None:
    content = content_of(song)
    song.unlink()
    context.workspace.open_content(content)
    assert lanes.content.value.state is LaneState.FAILED
    assert "does not exist" in lanes.content.value.message


def test_dragging_an_end_is_one_step_of_undo_in_samples(lanes: LanesPresenter, context: UiContext, song: Path) -> None:
    lanes.drop([song])
    for to in (1.0, 2.0, 2.5):
        lanes.move_edge(is_end=False, to_s=to, gesture="drag")
    lanes.end_gesture()
    assert lanes.region_s.value == (2.5, 10.0)
    selection = context.workspace.workpiece.value.selection
    assert selection is not None
    assert (selection.first, selection.length) == (2.5 * RATE, 7.5 * RATE)
    context.workspace.undo()
    assert lanes.region_s.value == (0.0, 10.0)


@pytest.mark.parametrize(("is_end", "to_s", "expected"), [(False, 99.0, (9.95, 10.0)), (True, -5.0, (0.0, 0.05))])
def test_an_end_stops_before_the_other_one(
    lanes: LanesPresenter, song: Path, is_end: bool, to_s: float, expected: tuple[float, float]
) -> None:
    lanes.drop([song])
    lanes.move_edge(is_end=is_end, to_s=to_s)
    assert lanes.region_s.value == pytest.approx(expected)


def test_a_moved_region_keeps_its_length_at_the_end_of_the_file(
    lanes: LanesPresenter, context: UiContext, song: Path
) -> None:
    lanes.drop([song])
    lanes.select(1.0, 3.0)
    lanes.move_region(9.5)
    assert lanes.region_s.value == (8.0, 10.0)
    lanes.select_all()
    assert context.workspace.workpiece.value.selection is None


def test_zoom_ends_at_all_of_it_and_at_single_samples(lanes: LanesPresenter, song: Path) -> None:
    lanes.drop([song])
    lanes.zoom(1e9, 4.0)
    view = lanes.view.value
    assert view is not None
    assert view.span_s == LEAST_S
    assert view.first_s <= 4.0 <= view.last_s
    lanes.pan(1e9)
    assert lanes.view.value is not None
    assert lanes.view.value.last_s == pytest.approx(10.0)
    lanes.zoom(1e-9)
    assert lanes.view.value == TimeView.all_of(10.0)


def test_what_lies_under_the_mouse_stays_there_while_zooming() -> None:
    view = TimeView.all_of(60.0)
    for _ in range(30):
        view = view.zoomed(1.3, at_s=17.0)
        assert view.x_of(17.0, 1000) == pytest.approx(1000 * 17 / 60)


def test_a_running_playhead_turns_the_page(lanes: LanesPresenter, song: Path) -> None:
    lanes.drop([song])
    lanes.zoom(5.0, 0.0)
    lanes.set_position(1.9)
    before = lanes.view.value
    lanes.set_position(2.1)
    assert before is not None
    assert before.first_s == 0.0
    assert lanes.view.value is not None
    assert lanes.view.value.first_s == pytest.approx(2.1)


def test_the_result_fills_up_lands_in_its_place_and_says_how_long_it_took(
    lanes: LanesPresenter, context: UiContext, song: Path, tmp_path: Path
) -> None:
    lanes.drop([song])
    lanes.select(2.0, 5.0)
    take = take_of(context, tmp_path)
    context.workspace.takes.add(take)
    assert lanes.result.value.state is LaneState.WAITING
    context.workspace.on_event(JobProgressed(job="win-1", fraction=0.4, stage="restyling"))
    rendering = lanes.result.value
    assert (rendering.state, rendering.fraction, rendering.first_s, rendering.length_s) == (
        LaneState.RENDERING,
        0.4,
        2.0,
        3.0,
    )
    made = ramp(tmp_path / "stem.wav", 3)
    stem = Stem(path=made, start=0, length=3 * RATE, rate=RATE, channels=2, seconds_taken=3.14)
    context.workspace.on_event(JobDone(job="win-1", stem=stem))
    done = lanes.result.value
    assert (done.state, done.note, done.is_draft, done.first_s) == (LaneState.SHOWN, "3.1 s", True, 2.0)
    assert done.audio is not None
    assert done.audio.path == stem.path


def test_a_failed_render_says_its_sentence(
    lanes: LanesPresenter, context: UiContext, song: Path, tmp_path: Path
) -> None:
    lanes.drop([song])
    context.workspace.takes.add(take_of(context, tmp_path))
    context.workspace.on_event(JobFailed(job="win-1", code="engine.memory", message="No room. Choose draft."))
    assert (lanes.result.value.state, lanes.result.value.message) == (LaneState.FAILED, "No room. Choose draft.")


def finished(context: UiContext, tmp_path: Path, job: str) -> Take:
    """A take of the region that has just been rendered."""
    take = replace(take_of(context, tmp_path), job=job)
    context.workspace.takes.add(take)
    stem = Stem(path=ramp(tmp_path / f"{job}.wav", 3), start=0, length=3 * RATE, rate=RATE, channels=2)
    context.workspace.on_event(JobDone(job=job, stem=stem))
    return take


def test_a_cancelled_or_failed_render_gives_the_take_before_it_back(
    lanes: LanesPresenter, context: UiContext, song: Path, tmp_path: Path
) -> None:
    takes = context.workspace.takes
    lanes.drop([song])
    take = finished(context, tmp_path, "win-1")
    finished(context, tmp_path, "win-2")
    takes.show("win-1")
    for job, ending in (
        ("win-3", JobWasCancelled(job="win-3")),
        ("win-4", JobFailed(job="win-4", code="engine.memory", message="No room. Choose draft.")),
    ):
        takes.add(replace(take, job=job))
        assert lanes.result.value.state is LaneState.WAITING
        context.workspace.on_event(ending)
        kept = lanes.result.value
        assert (kept.state, kept.audio and kept.audio.path.name) == (LaneState.SHOWN, "win-1.wav")
    assert lanes.result.value.message == "No room. Choose draft."
    takes.show("win-4")
    assert lanes.result.value.state is LaneState.FAILED


def test_other_content_empties_the_result(
    lanes: LanesPresenter, context: UiContext, song: Path, tmp_path: Path
) -> None:
    lanes.drop([song])
    context.workspace.takes.add(take_of(context, tmp_path))
    lanes.drop([ramp(tmp_path / "other.wav", 4)])
    assert lanes.result.value.state is LaneState.EMPTY
    assert lanes.view.value == TimeView.all_of(4.0)


def test_which_picture_is_shown_is_remembered(lanes: LanesPresenter, context: UiContext) -> None:
    lanes.show_mel(True)
    assert context.preferences.get("lanes.shows_mel", False) is True


@pytest.mark.parametrize("span_s", [0.002, 0.01, 0.3, 1.0, 7.0, 45.0, 600.0, 3600.0, 40_000.0])
@pytest.mark.parametrize("tempo", [None, Tempo(bpm=96, first_bar=17), Tempo(bpm=7.5, beats=7, unit=8)])
def test_ruler_labels_never_crowd_and_are_in_sight(span_s: float, tempo: Tempo | None) -> None:
    view = TimeView(duration_s=50_000.0, first_s=123.456, span_s=span_s)
    found = ticks(view, 1000, tempo)
    places = [view.x_of(tick.seconds, 1000) for tick in found if tick.label]
    assert len(found) < 200
    assert all(-1e-3 <= view.x_of(tick.seconds, 1000) <= 1000.001 for tick in found)
    assert all(later - earlier >= 87 for earlier, later in itertools.pairwise(places))
    assert len({tick.label for tick in found if tick.label}) == len(places)
