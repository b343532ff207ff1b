"""The takes of a file: numbered, told apart, named, starred, put away, used again; with a real queue and journal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

import pytest

from stylus_daw.app import App
from stylus_daw.chain.spec import ChainSpec
from stylus_daw.presets.library.library import PresetLibrary
from stylus_ui.context import UiContext
from stylus_ui.presenters.history.history import History
from stylus_ui.presenters.history.words import details_of, title_of
from stylus_ui.presenters.workspace.take_strip import TakeStrip
from stylus_ui.screenshots.core import HandWorker, hand_core
from stylus_ui.state.notices import Notice
from stylus_ui.workspace.take_notes import FILE, TakeNotes
from stylus_ui.workspace.workpiece import Selection
from tests.support.ui.lane_sounds import RATE, ramp
from tests.support.ui.worlds import ui_world
from tests.support.waiting import eventually


@pytest.fixture
def worker() -> HandWorker:
    return HandWorker()


@pytest.fixture
def app(context: UiContext, worker: HandWorker) -> Iterator[App]:
    with hand_core(context.settings, worker) as made:
        context.app_ready.value = made
        context.workspace.connect_core(made)
        forget = made.queue.subscribe(context.workspace.on_event)
        yield made
        forget()
        context.app_ready.value = None


@pytest.fixture
def song(tmp_path: Path) -> Path:
    return ramp(tmp_path / "song.wav", 4)


@pytest.fixture
def strip(context: UiContext, app: App, song: Path) -> Iterator[TakeStrip]:
    library = PresetLibrary()
    preset = library.get("warm-strings")
    context.workspace.load_preset(preset, library.styles(preset))
    context.workspace.open_files([song])
    made = TakeStrip(context)
    yield made
    made.close()


def render(context: UiContext, worker: HandWorker, tmp_path: Path) -> str:
    """One more take, done; its job."""
    known = len(worker.begun)
    context.workspace.render()
    eventually(lambda: len(worker.begun) > known)
    job = worker.begun[-1]
    worker.finish(ramp(tmp_path / f"{job}.wav", 4))
    eventually(lambda: (take := context.workspace.takes.named(job)) and take.stem)
    return job


def test_chips_are_numbered_and_say_what_differs(
    strip: TakeStrip, context: UiContext, worker: HandWorker, tmp_path: Path
) -> None:
    first = render(context, worker, tmp_path)
    assert [(chip.number, chip.said) for chip in strip.chips.value] == [(1, "Warm Strings")]
    context.workspace.edit_settings(strength=0.8, seed=3)
    render(context, worker, tmp_path)
    assert [(chip.number, chip.said) for chip in strip.chips.value] == [
        (1, "Strength 100 % · Seed 0"),
        (2, "Strength 80 % · Seed 3"),
    ]
    strip.rename(first, "  The  one ")
    strip.star(first)
    assert (strip.chips.value[0].said, strip.chips.value[0].is_starred) == ("The one", True)
    context.take_notes.close()
    kept = TakeNotes(context.settings.home / FILE)
    assert (kept.of(first).name, kept.of(first).is_starred) == ("The one", True)
    kept.close()


def test_a_preset_says_what_its_chain_is_and_all_of_a_file_is_no_part_of_it(
    strip: TakeStrip, context: UiContext, worker: HandWorker, tmp_path: Path, song: Path
) -> None:
    library = PresetLibrary()
    render(context, worker, tmp_path)
    other = library.get("brass-hall")
    context.workspace.load_preset(other, library.styles(other))
    context.workspace.open_files([ramp(tmp_path / "first.wav", 4), song])
    render(context, worker, tmp_path)
    eventually(lambda: len(worker.begun) == 3)
    worker.finish(ramp(tmp_path / "of the batch.wav", 4))
    eventually(lambda: not context.workspace.takes.unfinished)
    context.workspace.open_files([song])
    assert [chip.said for chip in strip.chips.value] == ["Warm Strings", "Brass Hall"]
    context.workspace.select(Selection(first=RATE, length=RATE))
    context.workspace.edit_chain(ChainSpec())
    render(context, worker, tmp_path)
    said = [chip.said for chip in strip.chips.value]
    assert said[2] == "Brass Hall · no effects · 1.0 to 2.0 s", "one preset with two chains"
    assert "effects" in said[1]


def test_a_row_says_edited_how_many_styles_and_which_take(
    strip: TakeStrip, context: UiContext, worker: HandWorker, tmp_path: Path
) -> None:
    render(context, worker, tmp_path)
    context.workspace.add_styles([ramp(tmp_path / f"{name}.wav", 1) for name in ("a", "b", "c")])
    second = render(context, worker, tmp_path)
    history = History(context)
    entry = history.entry(second)
    assert entry is not None
    assert title_of(entry) == "song · Warm Strings"
    assert details_of(context.text, entry.request) == "edited · 4 styles · take 2"
    strip.rename(second, "Big one")
    entry = history.entry(second)
    assert entry is not None
    assert title_of(entry) == "Big one"
    history.close()


def test_use_these_settings_brings_styles_knobs_and_chain_back_in_one_step(
    strip: TakeStrip, context: UiContext, worker: HandWorker, tmp_path: Path
) -> None:
    made = context.workspace.workpiece.value
    render(context, worker, tmp_path)
    assert not strip.can_use.value
    context.workspace.edit_settings(strength=0.3)
    context.workspace.edit_chain(ChainSpec())
    context.workspace.set_styles([replace(made.treatment.styles[0], path=ramp(tmp_path / "other.wav", 1))])
    changed = context.workspace.workpiece.value
    assert strip.can_use.value
    strip.use()
    after = context.workspace.workpiece.value
    assert after.treatment == made.treatment
    assert (after.preset_id, after.preset_name, after.is_edited) == ("warm-strings", "Warm Strings", False)
    assert not strip.can_use.value
    context.workspace.undo()
    assert context.workspace.workpiece.value == changed


def test_any_two_are_compared_by_keys(strip: TakeStrip, context: UiContext, worker: HandWorker, tmp_path: Path) -> None:
    jobs = [render(context, worker, tmp_path) for _ in range(3)]
    seen = []
    for action in ("take_1", "take_3", "swap_takes", "swap_takes", "previous_take", "next_take", "next_take", "take_9"):
        context.shortcuts.trigger(action)
        seen.append(jobs.index(strip.shown.value) + 1)
    assert seen == [1, 3, 1, 3, 2, 3, 3, 3]


def test_a_take_is_put_away_and_undo_brings_it_back_with_its_stem_untouched(
    strip: TakeStrip, context: UiContext, worker: HandWorker, tmp_path: Path, notices: list[Notice]
) -> None:
    first, second = (render(context, worker, tmp_path) for _ in range(2))
    history = History(context)
    strip.delete(second)
    assert [chip.job for chip in strip.chips.value] == [first]
    assert strip.shown.value == first, "the one before is looked at"
    assert [entry.job for entry in history.entries] == [first]
    assert (tmp_path / f"{second}.wav").exists()
    context.workspace.undo()
    assert [chip.job for chip in strip.chips.value] == [first, second]
    assert [entry.job for entry in history.entries] == [second, first]
    assert strip.shown.value == second, "what was looked at is looked at again"
    strip.delete(first)
    assert notices[-1].action is not None
    notices[-1].action.call()
    assert [chip.number for chip in strip.chips.value] == [1, 2]
    assert strip.shown.value == second
    history.close()


def test_takes_of_a_file_are_there_again_when_it_is_opened_and_numbers_go_on(
    strip: TakeStrip, context: UiContext, worker: HandWorker, tmp_path: Path, song: Path
) -> None:
    jobs = [render(context, worker, tmp_path) for _ in range(2)]
    strip.delete(jobs[0])
    for job in jobs:
        context.workspace.takes.forget(job)
    context.workspace.open_files([ramp(tmp_path / "other.wav", 4)])
    assert strip.chips.value == ()
    context.workspace.open_files([song])
    assert [(chip.job, chip.number) for chip in strip.chips.value] == [(jobs[1], 2)]
    assert strip.shown.value == "", "nothing is shown unasked"
    context.shortcuts.trigger("previous_take")
    assert strip.shown.value == jobs[1]
    render(context, worker, tmp_path)
    assert [chip.number for chip in strip.chips.value] == [2, 3]


def test_takes_of_a_file_with_umlauts_are_there_again_when_it_is_opened(
    strip: TakeStrip, context: UiContext, worker: HandWorker, tmp_path: Path, song: Path
) -> None:
    context.workspace.open_files([ramp(tmp_path / 'Gitarre "süß" 音.wav', 4)])
    job = render(context, worker, tmp_path)
    own = context.workspace.workpiece.value.content
    assert own is not None
    context.workspace.takes.forget(job)
    context.workspace.open_files([song])
    assert strip.chips.value == ()
    context.workspace.open_files([own.path])
    assert [chip.job for chip in strip.chips.value] == [job]


def test_a_take_that_is_a_little_further_changes_no_chip(
    strip: TakeStrip, context: UiContext, worker: HandWorker, tmp_path: Path
) -> None:
    render(context, worker, tmp_path)
    context.workspace.render()
    eventually(lambda: len(worker.begun) == 2)
    drawn: list[object] = []
    forget = strip.chips.changed.connect(drawn.append)
    worker.progress(0.5)
    eventually(lambda: context.workspace.takes.all.value[0].fraction == 0.5)
    assert drawn == []
    forget()


@pytest.mark.parametrize("strength", [None, 0.4])
def test_after_a_start_what_was_made_with_the_settings_as_they_are_is_in_the_lane(
    strip: TakeStrip, context: UiContext, worker: HandWorker, tmp_path: Path, app: App, strength: float | None
) -> None:
    render(context, worker, tmp_path)
    again = render(context, worker, tmp_path)
    context.workspace.select(Selection(first=RATE, length=RATE))
    render(context, worker, tmp_path)
    context.workspace.select(None)
    context.workspace.edit_settings(strength=strength)
    kept = context.workspace.workpiece.value
    with ui_world(tmp_path / "of another") as (later, _):
        later.workspace.edit(**{one.name: getattr(kept, one.name) for one in fields(kept)})
        made = TakeStrip(later)
        later.app_ready.value = app
        assert made.shown.value == ("" if strength else again), "the newest of all of it"
        assert len(made.chips.value) == 3
        later.app_ready.value = None
        made.close()


def test_what_was_queued_before_a_restart_goes_on_as_takes(tmp_path: Path, song: Path) -> None:
    home, other = tmp_path / "of both", ramp(tmp_path / "other.wav", 4)
    with ui_world(home) as (context, _), hand_core(context.settings, HandWorker()) as app:
        context.workspace.connect_core(app)
        context.workspace.open_files([song, other])
        context.workspace.add_styles([song])
        context.workspace.render()
    worker = HandWorker()
    with ui_world(home) as (context, _), hand_core(context.settings, worker) as app:
        workspace, strip = context.workspace, TakeStrip(context)
        workspace.connect_core(app)
        forget = app.queue.subscribe(workspace.on_event)
        context.app_ready.value = app
        assert {take.request.source for take in workspace.takes.unfinished} == {song, other}
        assert [chip.job for chip in strip.chips.value] == [strip.shown.value]
        eventually(lambda: worker.begun == [strip.shown.value])
        workspace.cancel()
        eventually(lambda: [take.request.source for take in workspace.takes.unfinished] == [other])
        forget()
        context.app_ready.value = None
        strip.close()
