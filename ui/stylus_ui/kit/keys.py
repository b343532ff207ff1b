"""Qt shortcuts of the table in `stylus_ui.state.shortcuts`, and how their keys are shown."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from stylus_ui.state.shortcuts import ACTIONS, Action, Shortcuts, action_named

ARROWS = {Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home}
ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}
USED_BY: Mapping[type[QWidget], set[Qt.Key]] = {
    QLineEdit: ENTER,
    QAbstractSpinBox: ENTER,
    QPlainTextEdit: ENTER,
    QTextEdit: ENTER,
    QAbstractButton: {Qt.Key.Key_Space},
    QComboBox: {Qt.Key.Key_Space},
    QAbstractSlider: ARROWS,
    QAbstractItemView: ARROWS,
}
"""What widgets do with keys that Qt would give to a shortcut first."""
REPEATED = {"back", "forward", "zoom_in", "zoom_out", "undo", "redo", "previous_take", "next_take"}


def key_text(action: Action) -> str:
    """The action's first key as this system writes it: ``Ctrl+S``, ``⌘S``."""
    return QKeySequence(action.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)


def hint(name: str, action: str = "") -> str:
    """A tooltip: the name, and the key of the action of that name if there is one."""
    return f"{name}  ({key_text(action_named(action))})" if action else name


class Keys(QObject):
    """Gives the keys of a window to its shortcuts, unless the widget with the keyboard wants them itself.

    A field takes letters and its Enter, a focused button its space bar, a slider and a list their arrows; everything
    else plays, renders and so on from wherever the keyboard is. Qt asks the widget by a ``ShortcutOverride``, which is
    answered here.
    """

    def __init__(self, window: QWidget, shortcuts: Shortcuts) -> None:
        super().__init__(window)
        self._shortcuts = shortcuts
        for action in ACTIONS:
            for key in action.keys:
                made = QShortcut(QKeySequence(key), window)
                made.setAutoRepeat(action.name in REPEATED)
                made.activated.connect(lambda name=action.name: self._shortcuts.trigger(name))
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._follow)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _wants(watched, event):
            event.accept()
            return True
        return False

    def _follow(self, before: QWidget | None, now: QWidget | None) -> None:
        if before is not None:
            before.removeEventFilter(self)
        if now is not None:
            now.installEventFilter(self)


def _wants(widget: QObject, event: QKeyEvent) -> bool:
    """The widget uses this key itself; what a field types, Qt knows."""
    return any(isinstance(widget, kind) and event.key() in keys for kind, keys in USED_BY.items())
