"""The last files, the first steps; without a window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from stylus_daw.jobs.job import Origin
from stylus_ui.context import UiContext
from stylus_ui.presenters.workspace.first_steps import FirstSteps
from stylus_ui.presenters.workspace.recent import MOST, RecentFiles
from stylus_ui.workspace.content_file import content_of
from tests.support.ui.sounds import write_tone
from tests.support.ui.worlds import ui_world


def names(recent: RecentFiles) -> list[tuple[str, bool]]:
    return [(entry.name, entry.is_there) for entry in recent.entries.value]


def test_the_last_files_are_remembered_newest_first_and_once(tmp_path: Path) -> None:
    first, second = (write_tone(tmp_path / f"{name}.wav", seconds=0.1) for name in ("first", "second"))
    with ui_world(tmp_path / "home") as (context, _):
        RecentFiles(context)
        for path in (first, second, first):
            context.workspace.open_files([path])
    with ui_world(tmp_path / "home") as (context, _):
        recent = RecentFiles(context)
        assert names(recent) == [("first.wav", True), ("second.wav", True)]
        recent.open(second)
        content = context.workspace.workpiece.value.content
        assert content is not None
        assert content.path == second
        assert names(recent)[0] == ("second.wav", True)


def test_a_file_that_is_gone_says_so_when_somebody_looks(context: UiContext, tmp_path: Path) -> None:
    recent = RecentFiles(context)
    path = write_tone(tmp_path / "song.wav", seconds=0.1)
    context.workspace.open_files([path])
    path.rename(tmp_path / "elsewhere.wav")
    recent.look()
    assert names(recent) == [("song.wav", False)]
    (tmp_path / "elsewhere.wav").rename(path)
    recent.look()
    assert names(recent) == [("song.wav", True)]


def test_the_list_stays_short_holds_nothing_of_a_daw_and_is_cleared(context: UiContext, tmp_path: Path) -> None:
    recent = RecentFiles(context)
    content = content_of(write_tone(tmp_path / "song.wav", seconds=0.1))
    context.workspace.open_content(replace(content, origin=Origin(client="reaper", track="Keys")))
    assert names(recent) == []
    for number in range(MOST + 3):
        context.workspace.open_content(replace(content, path=tmp_path / f"{number}.wav"))
    assert [name for name, _ in names(recent)] == [f"{number}.wav" for number in range(MOST + 2, 2, -1)]
    recent.clear()
    assert (names(recent), context.preferences.get("recent.files", ["?"])) == ([], [])


def test_the_first_steps_are_ticked_as_they_are_done(context: UiContext, tmp_path: Path) -> None:
    steps = FirstSteps(context.workspace, context.text)
    assert [step.is_done for step in steps.steps.value] == [False, False, False]
    context.workspace.add_styles([write_tone(tmp_path / "style.wav", seconds=0.1)])
    assert (steps.steps.value[1].is_done, steps.next_step.title) == (True, "Drop audio here")
    context.workspace.open_files([tmp_path / "style.wav"])
    assert steps.next_step.title == "Press Enter"
