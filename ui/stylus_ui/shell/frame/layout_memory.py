"""Remembers where the window was and how its splitters stood, at every change, so that a kill loses nothing."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QEvent, QObject, QTimer
from PySide6.QtWidgets import QMainWindow, QSplitter

from stylus_ui.state.preferences import Preferences

AFTER_MS = 400


class LayoutMemory(QObject):
    """Restores, then watches.

    Args:
        window: whose geometry. splitters: by name.
        preferences: names begin with ``layout.``.
    """

    def __init__(self, window: QMainWindow, splitters: dict[str, QSplitter], preferences: Preferences) -> None:
        super().__init__(window)
        self._window, self._splitters, self._preferences = window, splitters, preferences
        self._restore()
        self._timer = QTimer(self, singleShot=True, interval=AFTER_MS)
        self._timer.timeout.connect(self.keep)
        for splitter in splitters.values():
            splitter.splitterMoved.connect(lambda *_: self._timer.start())
        window.installEventFilter(self)

    def keep(self) -> None:
        """Remember it now."""
        self._preferences.set("layout.window", _text(self._window.saveGeometry()))
        for name, splitter in self._splitters.items():
            self._preferences.set(f"layout.{name}", _text(splitter.saveState()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.WindowStateChange):
            self._timer.start()
        return False

    def _restore(self) -> None:
        if kept := self._preferences.get("layout.window", ""):
            self._window.restoreGeometry(_bytes(kept))
        for name, splitter in self._splitters.items():
            if kept := self._preferences.get(f"layout.{name}", ""):
                splitter.restoreState(_bytes(kept))


def _text(state: QByteArray) -> str:
    return bytes(state.toBase64().data()).decode("ascii")


def _bytes(text: str) -> QByteArray:
    return QByteArray.fromBase64(text.encode("ascii", "ignore"))
