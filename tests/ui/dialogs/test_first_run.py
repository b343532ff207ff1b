"""The first run: skippable, once, and at its end one hears something."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from stylus_bridge.daws.host import Machine
from stylus_daw.jobs.job import JobDone, JobFailed, JobProgressed, Stem
from stylus_daw.presets.library.library import PresetLibrary
from stylus_ui.dialogs.first_run.dialog import FirstRunDialog
from stylus_ui.presenters.models.engine_look import EngineSeen
from stylus_ui.presenters.models.models import models_of
from stylus_ui.presenters.setup.demo import HANDLE_SAMPLES, DemoStep
from stylus_ui.presenters.setup.first_daws import FirstDaws
from stylus_ui.presenters.setup.first_run import DONE, STEPS
from stylus_ui.state.player import Side
from stylus_ui.workspace.takes import TakeState
from tests.support.ui.player import SilentPlayer


class QueueByHand:
    """Takes jobs and does nothing with them."""

    def __init__(self) -> None:
        self.submitted: dict[str, object] = {}

    def submit_all(self, asked: Sequence[tuple[str, object]]) -> None:
        self.submitted |= dict(asked)

    def status(self, job: str):
        return JobProgressed(job=job, fraction=0.0, stage="starting")

    def cancel(self, job: str) -> None:
        """Nothing runs."""


class CoreByHand:
    """What workspace and demo need of the app."""

    def __init__(self, home: Path) -> None:
        self.queue, self.presets = QueueByHand(), PresetLibrary(user_folder=home)


@pytest.fixture
def dialog(qtbot, look) -> FirstRunDialog:
    models_of(look).look.look = lambda: None
    made = FirstRunDialog(look)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def core_up(look) -> CoreByHand:
    core = CoreByHand(look.settings.presets)
    look.workspace.connect_core(core)
    look.app_ready.value = core
    return core


def test_return_leads_through_all_of_it_and_it_never_comes_again(dialog, qtbot, look) -> None:
    titles = []
    for _ in STEPS:
        titles.append(dialog.pages.currentWidget().accessibleName())
        assert not look.preferences.get(DONE, False)
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert titles == [step.title for step in STEPS]
    assert dialog.presenter.demo.look.value.step is DemoStep.STARTING, (
        "the last one begins what its primary button does"
    )
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert look.preferences.get(DONE, False)


def test_one_button_is_primary_and_where_the_demo_waits_it_renders_it(dialog, qtbot, look) -> None:
    def primary() -> list[str]:
        buttons = dialog.findChildren(QPushButton)
        return [one.text() for one in buttons if one.isVisible() and one.property("role") == "primary"]

    assert primary() == ["Begin"]
    dialog.presenter.go_to("demo")
    assert primary() == ["Render the demo"]
    foot = dialog.next.y()
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert primary() == ["Done"]
    assert (dialog.focusWidget(), dialog.next.y()) == (dialog.next, foot), "Return goes on, and nothing moves"
    dialog.presenter.go(-1)
    assert primary() == ["Next"]


@pytest.mark.parametrize("leave", ["skip", "escape", "close"])
def test_it_can_be_left_at_any_moment(dialog, qtbot, look, leave: str) -> None:
    dialog.presenter.go(2)
    if leave == "skip":
        qtbot.mouseClick(dialog.skip, Qt.MouseButton.LeftButton)
    elif leave == "escape":
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    else:
        dialog.close()
    assert not dialog.isVisible()
    assert look.preferences.get(DONE, False)
    assert not dialog.isModal()


def test_the_device_is_told_with_its_reason(dialog, look) -> None:
    dialog.presenter.go_to("device")
    models_of(look).look.seen.value = EngineSeen(reason="CPU, 8 threads, float32")
    assert any(one.text() == "CPU, 8 threads, float32" and one.isVisible() for one in dialog.findChildren(QLabel))


def test_the_demo_is_loaded_rendered_and_heard(dialog, look, qtbot) -> None:
    player = SilentPlayer()
    look.player.value = player
    dialog.presenter.go_to("demo")
    page = dialog.pages.currentWidget()
    qtbot.mouseClick(page.start, Qt.MouseButton.LeftButton)
    workpiece, demo = look.workspace.workpiece.value, dialog.presenter.demo
    assert workpiece.preset_name
    assert workpiece.selection.before == HANDLE_SAMPLES
    assert workpiece.selection.length == 10 * workpiece.content.rate
    assert demo.look.value.step is DemoStep.STARTING
    core = core_up(look)
    ((job, request),) = core.queue.submitted.items()
    assert demo.look.value.step is DemoStep.RENDERING
    look.workspace.on_event(JobProgressed(job=job, fraction=0.5, stage="styling"))
    assert (demo.look.value.fraction, page.progress.isVisible()) == (0.5, True)
    stem = Stem(path=request.stem, start=0, length=480_000, rate=48_000, channels=2)
    look.workspace.on_event(JobDone(job=job, stem=stem))
    assert demo.look.value.step is DemoStep.DONE
    assert (player.side.value, player.playing.value) == (Side.RESULT, True)
    qtbot.mouseClick(page.original, Qt.MouseButton.LeftButton)
    assert player.side.value is Side.ORIGINAL


def test_a_demo_that_fails_says_why_and_can_be_tried_again(dialog, look, qtbot) -> None:
    core = core_up(look)
    dialog.presenter.go_to("demo")
    page = dialog.pages.currentWidget()
    qtbot.mouseClick(page.start, Qt.MouseButton.LeftButton)
    (job,) = core.queue.submitted
    look.workspace.on_event(JobFailed(job=job, code="engine.memory", message="There is no room."))
    assert look.workspace.takes.all.value[0].state is TakeState.FAILED
    assert page.problem.isVisible()
    assert page.problem.said.text() == "There is no room."
    dialog.presenter.demo.start()
    assert len(core.queue.submitted) == 2


def test_scripts_go_into_the_daws_that_are_here(context, tmp_path: Path) -> None:
    machine = Machine(system="Linux", home=tmp_path)
    daws = FirstDaws(context, machine)
    daws.refresh()
    assert not any(daw.is_here for daw in daws.daws.value)
    daws.install("reaper")
    assert "REAPER was not found" in daws.daws.value[0].problem
    (tmp_path / ".config" / "REAPER").mkdir(parents=True)
    daws.refresh()
    assert [(daw.name, daw.is_installed) for daw in daws.daws.value if daw.is_here] == [("reaper", False)]
    daws.install("reaper")
    reaper = daws.daws.value[0]
    assert (reaper.is_installed, reaper.is_busy, bool(reaper.steps)) == (True, False, True)
    assert list((tmp_path / ".config" / "REAPER" / "Scripts").rglob("*.lua"))
