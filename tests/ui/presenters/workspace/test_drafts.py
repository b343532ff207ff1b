"""Drafts while knobs turn: what is asked of the queue, and what is done with the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from stylus_daw.engine.request import Quality
from stylus_daw.jobs.job import JobDone, JobEnding, JobFailed, JobWasCancelled, RenderRequest, Stem
from stylus_daw.presets.library.library import PresetLibrary
from stylus_ui.audition.programme import Layer
from stylus_ui.context import UiContext
from stylus_ui.presenters.library.preset_saving import save_workpiece
from stylus_ui.presenters.workspace.drafts import Drafts, DraftState, seconds_around
from stylus_ui.workspace.content_file import content_of
from stylus_ui.workspace.workpiece import Selection
from tests.support.ui.sounds import take_of, write_tone
from tests.support.ui.worlds import AtOnce

RATE = 48_000


class OneDraftQueue:
    """See ``stylus_ui.presenters.workspace.drafts.DraftQueue``; ends drafts when it is told to."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, RenderRequest, Callable[[JobEnding], object]]] = []
        self.cancelled: list[str] = []

    def draft(self, draft: str, request: RenderRequest, ended: Callable[[JobEnding], object]) -> None:
        self.asked.append((draft, request, ended))

    def cancel_draft(self, draft: str) -> None:
        self.cancelled.append(draft)

    def finish(self, number: int = -1) -> None:
        draft, request, ended = self.asked[number]
        assert request.region is not None
        write_tone(request.stem, seconds=request.region.length / RATE)
        stem = Stem(path=request.stem, start=0, length=request.region.length, rate=RATE, channels=2, seconds_taken=0.7)
        ended(JobDone(job=draft, stem=stem))


class HandDelay:
    """A delay that is over when the test says so."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], object]] = []

    def __call__(self, seconds: float, call: Callable[[], object]) -> Callable[[], None]:
        self.waiting.append(call)
        return lambda: self.waiting.remove(call) if call in self.waiting else None

    def pass_by(self) -> None:
        calls, self.waiting = self.waiting, []
        for call in calls:
            call()


class Listening:
    """The player as far as drafts know it."""

    def __init__(self) -> None:
        self.position = 0
        self.layer: Layer | None = None

    def show_draft(self, layer: Layer | None) -> None:
        self.layer = layer


@pytest.fixture
def room(context: UiContext, tmp_path: Path):
    """A workspace with ten seconds of content and a style, and everything around drafts."""
    at_once, queue, delay, player = AtOnce(), OneDraftQueue(), HandDelay(), Listening()
    workspace = context.workspace
    drafts = Drafts(
        workspace, player, delay=delay, dispatcher=at_once, background=at_once, preferences=context.preferences
    )
    content = write_tone(tmp_path / "loop.wav", seconds=10.0)
    workspace.connect_core(SimpleNamespace(queue=queue, presets=None))  # pyright: ignore[reportArgumentType]
    workspace.open_content(content_of(content))
    workspace.add_styles([content])
    drafts.connect_queue(queue)
    yield SimpleNamespace(workspace=workspace, drafts=drafts, queue=queue, delay=delay, player=player, content=content)
    drafts.close()


def turn(room, strength: float) -> None:
    room.workspace.edit_settings(strength=strength, gesture="strength")


def test_many_turns_of_a_knob_make_one_draft_once_it_rests(room):
    for strength in (0.1, 0.2, 0.3):
        turn(room, strength)
    assert room.drafts.shown.value.state is DraftState.WAITING
    assert room.queue.asked == []
    room.delay.pass_by()
    [(_, request, _)] = room.queue.asked
    assert request.settings.strength == 0.3
    assert request.settings.quality is Quality.DRAFT
    assert request.region.length == 4 * RATE
    assert room.drafts.shown.value.state is DraftState.RENDERING


def test_a_finished_draft_is_heard_and_seen_where_it_belongs_and_its_file_goes_with_it(room):
    room.player.position = 5 * RATE
    turn(room, 0.5)
    room.delay.pass_by()
    room.queue.finish()
    assert (room.player.layer.at, room.player.layer.length) == (round(4.5 * RATE), 4 * RATE)
    assert (room.drafts.shown.value.state, room.drafts.shown.value.seconds_taken) == (DraftState.READY, 0.7)
    seen = room.workspace.takes.draft.value
    assert (seen.path, seen.first, seen.length) == (room.queue.asked[0][1].stem, round(4.5 * RATE), 4 * RATE)
    turn(room, 0.6)
    assert seen.path.exists()
    room.delay.pass_by()
    room.queue.finish()
    assert not seen.path.exists()
    room.drafts.clear()
    assert room.workspace.takes.draft.value is None
    assert not room.queue.asked[1][1].stem.exists()


def test_a_draft_that_comes_too_late_is_dropped(room):
    turn(room, 0.5)
    room.delay.pass_by()
    turn(room, 0.6)
    assert room.queue.cancelled == [room.queue.asked[0][0]]
    room.queue.finish(0)
    assert room.player.layer is None
    room.delay.pass_by()
    room.queue.finish()
    assert room.player.layer is not None


def test_a_draft_that_gave_way_to_a_job_is_forgotten_and_a_failed_one_says_why(room):
    turn(room, 0.5)
    room.delay.pass_by()
    draft, _, ended = room.queue.asked[-1]
    ended(JobWasCancelled(job=draft))
    assert room.drafts.shown.value.state is DraftState.NONE
    turn(room, 0.6)
    room.delay.pass_by()
    draft, _, ended = room.queue.asked[-1]
    ended(JobFailed(job=draft, code="engine.memory", message="Out of memory."))
    assert (room.drafts.shown.value.state, room.drafts.shown.value.problem) == (DraftState.FAILED, "Out of memory.")


def test_a_finished_render_takes_the_place_of_the_draft(room, tmp_path):
    turn(room, 0.5)
    room.delay.pass_by()
    room.queue.finish()
    take, done = take_of(room.content, write_tone(tmp_path / "stem.wav"), first=0, length=96_000)
    room.workspace.takes.add(take)
    room.workspace.on_event(done)
    assert room.player.layer is None
    assert room.drafts.shown.value.state is DraftState.NONE


def test_what_lies_over_a_take_goes_when_another_is_looked_at_when_it_is_switched_off_or_has_no_style(room, tmp_path):
    for job in ("a", "b"):
        take, done = take_of(room.content, write_tone(tmp_path / f"{job}.wav"), first=0, length=96_000, job=job)
        room.workspace.takes.add(take)
        room.workspace.on_event(done)

    def draft(strength: float) -> None:
        turn(room, strength)
        room.delay.pass_by()
        room.queue.finish()
        assert room.workspace.takes.draft.value is not None

    draft(0.1)
    room.workspace.takes.show("a")
    assert (room.player.layer, room.workspace.takes.draft.value) == (None, None)
    draft(0.2)
    room.drafts.enabled.value = False
    assert room.workspace.takes.draft.value is None
    room.drafts.enabled.value = True
    draft(0.3)
    room.workspace.set_styles([])
    assert room.workspace.takes.draft.value is None


def test_what_is_rendered_already_is_not_drafted(room, tmp_path):
    """The demo's preset is loaded, so a draft waits; its render comes first, and covers nothing afterwards."""
    turn(room, 0.5)
    room.delay.pass_by()
    settings = room.workspace.workpiece.value.treatment.settings
    take, done = take_of(room.content, write_tone(tmp_path / "stem.wav"), first=0, length=480_000)
    room.workspace.takes.add(replace(take, request=replace(take.request, settings=settings)))
    room.workspace.on_event(done)
    room.queue.finish()
    assert (room.player.layer, room.workspace.takes.draft.value) == (None, None)
    asked = len(room.queue.asked)
    turn(room, 0.6)
    turn(room, 0.5)
    room.delay.pass_by()
    assert len(room.queue.asked) == asked, "turned back to what is rendered"
    turn(room, 0.7)
    room.delay.pass_by()
    assert len(room.queue.asked) == asked + 1


def test_a_seed_that_counts_up_by_itself_makes_no_draft(room):
    room.workspace.edit(seed_locked=False)
    room.workspace.edit_settings(seed=7)
    assert room.delay.waiting == []
    room.workspace.edit(seed_locked=True)
    room.workspace.edit_settings(seed=8)
    assert len(room.delay.waiting) == 1


def test_other_content_and_the_switch_end_drafts(room, tmp_path):
    turn(room, 0.5)
    room.workspace.open_content(content_of(write_tone(tmp_path / "other.wav")))
    assert room.delay.waiting == []
    room.drafts.enabled.value = False
    turn(room, 0.7)
    assert room.delay.waiting == []


def test_moving_the_region_makes_no_draft(room):
    room.workspace.select(Selection(first=RATE, length=RATE))
    assert room.delay.waiting == []


def test_saving_a_preset_makes_no_draft_and_keeps_what_was_turned_meanwhile(room, context, tmp_path):
    turn(room, 0.4)
    room.delay.pass_by()
    room.queue.finish()
    library, saved = PresetLibrary(user_folder=tmp_path / "presets"), room.workspace.workpiece.value
    preset, styles = save_workpiece(library, saved, name="Mine", tags=())
    turn(room, 0.9)
    room.delay.pass_by()
    room.workspace.saved_as(preset, styles, saved=saved.treatment)
    now = room.workspace.workpiece.value
    assert (len(room.queue.asked), room.delay.waiting) == (2, [])
    assert (now.treatment.settings.strength, now.is_edited, now.preset_name) == (0.9, True, "Mine")
    assert [slot.path.parent.parent for slot in now.treatment.styles] == [tmp_path / "presets"]
    turn(room, 0.4)
    assert not room.workspace.workpiece.value.is_edited
    assert len(room.delay.waiting) == 1


def test_without_a_style_or_a_core_nothing_is_asked(room):
    room.drafts.connect_queue(None)
    turn(room, 0.5)
    room.drafts.connect_queue(room.queue)
    room.workspace.set_styles([])
    assert room.delay.waiting == []


@pytest.mark.parametrize(
    ("region", "position", "first", "before", "after"),
    [
        (Selection(first=0, length=480_000), 0, 0, 0, 24_000),
        (Selection(first=0, length=480_000), 479_999, 288_000, 24_000, 0),
        (Selection(first=96_000, length=240_000, before=100), 0, 96_000, 100, 24_000),
        (Selection(first=96_000, length=48_000, after=10), 100_000, 96_000, 0, 10),
    ],
)
def test_the_seconds_lie_inside_the_region_and_hear_no_more_than_it_does(region, position, first, before, after):
    part = seconds_around(region, position, RATE)
    assert (part.first, part.before, part.after) == (first, before, after)
    assert part.length == min(region.length, 4 * RATE)
