"""The history panel, driven with mouse and keyboard, over a real queue, a real bridge and real OSC."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from stylus_bridge.client.client import BridgeClient
from stylus_daw.app import App
from stylus_daw.settings import Settings
from stylus_ui.context import UiContext
from stylus_ui.kit.look import put_on
from stylus_ui.kit.mainthread import MainThread
from stylus_ui.panels.history.history import HistoryPanel
from stylus_ui.panels.history.model import ENTRY
from stylus_ui.panels.shared.row_list import mime_of
from stylus_ui.presenters.history.actions import Do
from stylus_ui.presenters.history.words import state_words
from stylus_ui.screenshots.core import HandWorker, hand_core, record_done, request_of
from stylus_ui.shell.composition import Composition
from stylus_ui.state.background import ThreadBackground
from stylus_ui.state.notices import Notice
from stylus_ui.workspace.takes import TakeState
from tests.support.ui.sounds import write_tone

LEFT = Qt.MouseButton.LeftButton


class Room:
    """A panel beside a running core, with real threads between them."""

    def __init__(self, context: UiContext, panel: HistoryPanel, app: App, worker: HandWorker) -> None:
        self.context, self.panel, self.app, self.worker = context, panel, app, worker

    def jobs(self) -> list[str]:
        model = self.panel.list.model()
        return [model.index(at, 0).data(ENTRY).job for at in range(model.rowCount())]

    def states(self) -> list[TakeState]:
        return [entry.state for entry in self.panel.presenter.entries]

    def click(self, qtbot: QtBot, job: str, do: Do) -> None:
        qtbot.mouseClick(self.panel.list.viewport(), LEFT, pos=self.panel.list.tool_area(job, do).center())


@pytest.fixture
def notices() -> list[Notice]:
    return []


@pytest.fixture
def room(tmp_path: Path, qapp: QApplication, qtbot: QtBot, notices: list[Notice]) -> Iterator[Room]:
    settings = Settings(home=tmp_path / "home", port=0)
    settings.home.mkdir()
    dispatcher = MainThread()
    background = ThreadBackground(dispatcher)
    world = Composition(settings, dispatcher=dispatcher, background=background, notify=notices.append, language="en")
    put_on(qapp, world.context.theme)
    worker = HandWorker()
    with hand_core(settings, worker, fill=lambda journal: fill(journal, tmp_path)) as app:
        panel = HistoryPanel(world.context)
        panel.resize(830, 240)
        with qtbot.waitExposed(panel):
            panel.show()
        world.context.app_ready.value = app
        qtbot.waitUntil(lambda: panel.presenter.is_loaded.value)
        yield Room(world.context, panel, app, worker)
        world.context.app_ready.value = None
        panel.close()
        panel.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    background.close()
    dispatcher.close()
    world.close()


def fill(journal, folder: Path) -> None:
    """A thousand finished jobs; the newest has a stem."""
    journal._db.execute("PRAGMA synchronous = OFF")
    request = request_of(folder)
    for number in range(1000):
        record_done(journal, f"old-{number:06}", request)
    stem = write_tone(folder / "stem.wav")
    record_done(journal, "new-000001", request_of(folder, track="Keys"), stem)
    journal._db.execute("PRAGMA synchronous = FULL")


def test_a_thousand_jobs_come_as_they_are_scrolled_to(room: Room, qtbot: QtBot) -> None:
    view = room.panel.list
    assert len(room.jobs()) < 1001

    def at_the_end() -> bool:
        view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
        return len(room.jobs()) == 1001

    qtbot.waitUntil(at_the_end, timeout=10_000)
    assert room.jobs() == ["new-000001", *(f"old-{number:06}" for number in reversed(range(1000)))]


def test_a_job_of_a_daw_arrives_while_the_window_is_open(room: Room, qtbot: QtBot, tmp_path: Path) -> None:
    settings = room.context.settings
    source = write_tone(settings.jobs / "loop.wav")
    with BridgeClient(settings.home, timeout_s=10.0) as daw:
        daw.hello("reaper", "7.1")
        daw.render(source, "warm-strings", "from-daw")
    qtbot.waitUntil(lambda: room.jobs()[0] == "from-daw")
    room.worker.progress(0.4)
    room.worker.progress(0.62)
    qtbot.waitUntil(lambda: "62 %" in state_text(room, 0))
    room.worker.finish(write_tone(tmp_path / "made.wav"))
    qtbot.waitUntil(lambda: room.states()[0] is TakeState.DONE)


def state_text(room: Room, at: int) -> str:
    return state_words(room.context.text, room.panel.presenter.entries[at], datetime.now())


def test_cancel_and_render_again_by_their_buttons(room: Room, qtbot: QtBot, tmp_path: Path) -> None:
    for name in ("one", "two"):
        room.app.queue.submit(name, request_of(tmp_path))
    qtbot.waitUntil(lambda: room.states()[:2] == [TakeState.RENDERING, TakeState.WAITING])
    assert [said.text() for said in room.panel.findChildren(QLabel) if "waiting" in said.text()] == ["1 waiting"]

    room.click(qtbot, "two", Do.CANCEL)
    qtbot.waitUntil(lambda: TakeState.CANCELLED in room.states())
    room.worker.fail("The accelerator ran out of memory. Close other programs.")
    qtbot.waitUntil(lambda: TakeState.FAILED in room.states())
    assert room.panel.list.model().index(1, 0).data(Qt.ItemDataRole.ToolTipRole).startswith("The accelerator")
    room.click(qtbot, "one", Do.RETRY)
    qtbot.waitUntil(lambda: room.states()[0] is TakeState.RENDERING)
    assert room.panel.presenter.entries[0].request.origin.client == "window"
    assert room.app.queue.running == (room.panel.presenter.entries[0].job,)


def test_cancel_all_leaves_the_daws_jobs_and_one_undo_queues_them_again(
    room: Room, qtbot: QtBot, tmp_path: Path, notices: list[Notice]
) -> None:
    room.app.queue.submit("daws", request_of(tmp_path, client="reaper"))
    for job in ("one", "two", "three"):
        room.app.queue.submit(job, request_of(tmp_path, client="window", track=job))
    cancel_all = next(one for one in room.panel.findChildren(QPushButton) if one.text() == "Cancel all")
    qtbot.waitUntil(lambda: cancel_all.isVisible() and len(room.panel.presenter.unfinished_own) == 3)
    qtbot.mouseClick(cancel_all, LEFT)
    qtbot.waitUntil(lambda: room.states().count(TakeState.CANCELLED) == 3)
    assert room.app.queue.running == ("daws",)
    assert notices[-1].text == "3 renders are cancelled."
    room.context.workspace.undo()
    qtbot.waitUntil(lambda: len(room.panel.presenter.unfinished_own) == 3)
    again = [entry.request.origin.track for entry in room.panel.presenter.unfinished_own]
    assert again == ["one", "two", "three"]


def test_everything_works_by_keyboard(room: Room, qtbot: QtBot, tmp_path: Path) -> None:
    view = room.panel.list
    room.app.queue.submit("mine", request_of(tmp_path))
    qtbot.waitUntil(lambda: room.states()[0] is TakeState.RENDERING)
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    view.setCurrentIndex(view.model().index(0, 0))
    qtbot.keyClick(view, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert room.states()[0] is TakeState.RENDERING
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: room.states()[0] is not TakeState.RENDERING)

    qtbot.keyClick(view, Qt.Key.Key_Down)
    view.setCurrentIndex(view.model().index(1, 0))
    assert view.current is not None
    assert view.current.job == "new-000001"
    clipboard = QGuiApplication.clipboard()
    clipboard.clear()
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    named = room.context.settings.home / "stems" / "Keys - Warm Strings 000001.wav"
    qtbot.waitUntil(lambda: clipboard.mimeData() is not None and clipboard.mimeData().hasUrls())
    assert [Path(url.toLocalFile()) for url in clipboard.mimeData().urls()] == [named]
    assert named.exists()
    event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier)
    event.ignore()
    QApplication.sendEvent(view, event)
    assert event.isAccepted()


def test_export_asks_where_and_in_which_form(room: Room, qtbot: QtBot, tmp_path: Path, notices: list[Notice]) -> None:
    room.context.shortcuts.trigger("export")
    dialog = room.panel.findChild(QFileDialog)
    assert dialog is not None
    kinds = dialog.nameFilters()
    assert len(kinds) == 8
    dialog.selectNameFilter(next(kind for kind in kinds if kind.startswith("DAWproject")))
    dialog.fileSelected.emit(str(tmp_path / "song"))
    qtbot.waitUntil(lambda: (tmp_path / "song.dawproject").exists())
    dialog.reject()
    qtbot.waitUntil(lambda: bool(notices))
    assert notices[-1].text == "song.dawproject is exported."


def test_the_menu_has_all_tools_in_words_and_a_stem_leaves_as_a_copy(room: Room, tmp_path: Path) -> None:
    entry = room.panel.presenter.entries[0]
    menu = room.panel.menu_of(entry)
    assert [action.text() for action in menu.findChildren(QAction) if action.text()] == [
        "Compare with the original",
        "Export…",
        "Copy the file",
        "Show in its folder",
        "Render again",
        "Use these settings",
        "Star, or remove the star",
        "Rename…",
        "Put away",
    ]
    index = room.panel.list.model().index(0, 0)
    assert index.flags() & Qt.ItemFlag.ItemIsDragEnabled
    assert room.panel.list.model().supportedDragActions() == Qt.DropAction.CopyAction
    assert mime_of(tmp_path / "a b.wav").urls()[0].toLocalFile() == str(tmp_path / "a b.wav")
    assert room.panel.list.accessibleName() == "Jobs"
    assert index.data(Qt.ItemDataRole.AccessibleTextRole).startswith("Keys · Warm Strings, Landed in REAPER")


def test_an_empty_history_says_where_renders_come_from(look: UiContext, qtbot: QtBot) -> None:
    panel = HistoryPanel(look)
    qtbot.addWidget(panel)
    look.core_problem.value = "No port."
    panel.show()
    said = [label.text() for label in panel.findChildren(QLabel) if label.isVisibleTo(panel)]
    assert "Renders appear here, whether you start them here or in your DAW." in said
