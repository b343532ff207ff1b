"""Somebody before the window, in the same process: keys, clicks and drops on the whole program, without a screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from stylus_daw.settings import Settings
from stylus_ui.context import UiContext
from stylus_ui.panels.history.list import HistoryList
from stylus_ui.panels.library.preset_list import PresetList
from stylus_ui.panels.shared.row_list import mime_of
from stylus_ui.presenters.history.entry import HistoryEntry
from stylus_ui.shell.app import DesktopApp

PATIENCE_MS = 240_000
LEFT, NONE, CTRL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier


class Person:
    """Acts, and waits for what should happen.

    Attributes:
        actions: what has been done, the start of the program included: a key, a click or a drop each.
    """

    def __init__(self, desktop: DesktopApp, qtbot: QtBot) -> None:
        self.desktop, self._qtbot = desktop, qtbot
        self.actions: list[str] = []

    @property
    def context(self) -> UiContext:
        assert self.desktop.running is not None
        return self.desktop.running.context

    def sees(self, is_so: Callable[[], object]) -> None:
        self._qtbot.waitUntil(lambda: bool(is_so()), timeout=PATIENCE_MS)

    def presses(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE, at: QWidget | None = None) -> None:
        self.actions.append(f"press {key.name}")
        if at is None:  # without a window manager, nobody has the keyboard after a dialog has closed
            self.desktop.window.activateWindow()
            self.sees(self.desktop.window.isActiveWindow)
        self._qtbot.keyClick(at or self.desktop.window, key, modifier)

    def drops(self, path: Path) -> None:
        self.actions.append(f"drop {path.name}")
        mime, window = mime_of(path), self.desktop.window
        enter = QDragEnterEvent(QPoint(600, 300), Qt.DropAction.CopyAction, mime, LEFT, NONE)
        QApplication.sendEvent(window, enter)
        assert enter.isAccepted()
        QApplication.sendEvent(window, QDropEvent(QPointF(600, 300), Qt.DropAction.CopyAction, mime, LEFT, NONE))

    def clicks_preset(self, preset: str) -> None:
        rows = self.desktop.window.findChild(PresetList)
        self.sees(lambda: rows._rows.index_of(preset).isValid())
        rows.show_preset(preset)
        self.actions.append(f"click {preset}")
        place = rows.visualRect(rows._rows.index_of(preset))
        self._qtbot.mouseClick(rows.viewport(), LEFT, NONE, QPoint(place.center().x() - 20, place.center().y()))
        self.sees(lambda: self.context.workspace.workpiece.value.preset_id == preset)

    def clicks(self, at: QWidget) -> None:
        self.actions.append(f"click {at.accessibleName()}")
        self._qtbot.mouseClick(at, LEFT)

    def types(self, words: str, at: QWidget) -> None:
        self.actions.append(f"type {words}")
        self._qtbot.keyClicks(at, words)

    @property
    def history(self) -> HistoryList:
        return self.desktop.window.findChild(HistoryList)

    @property
    def newest(self) -> HistoryEntry | None:
        return next(iter(self.history._history.entries), None)


@contextmanager
def opened(home: Path, qtbot: QtBot) -> Iterator[Person]:
    """The program, from its start until its core is up, to its end."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    person = Person(DesktopApp(Settings(home=home, port=0), application), qtbot)
    person.actions.append("start")
    try:
        person.desktop.show()
        person.sees(lambda: person.desktop.running)
        person.sees(lambda: person.context.app)
        person.desktop.window.activateWindow()
        yield person
    finally:
        person.desktop.quit()
        person.desktop.stop()
