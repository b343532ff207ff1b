"""Qt shortcuts of the table in `ui.shortcuts`, and how their keys are shown."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from ui.shortcuts import ACTIONS, Action, Shortcuts, action_named

ARROWS = {"Left", "Right", "Home"}
ENTER = {"Return", "Enter"}
USED_BY: Mapping[type[QWidget], set[str]] = {
    QLineEdit: ENTER,
    QAbstractSpinBox: ENTER,
    QPlainTextEdit: ENTER,
    QTextEdit: ENTER,
    QAbstractButton: {"Space"},
    QComboBox: {"Space"},
    QAbstractSlider: ARROWS,
}
REPEATED = {"back", "forward", "zoom_in", "zoom_out", "undo", "redo", "previous_take", "next_take"}


def key_text(action: Action) -> str:
    """The action's first key as this system writes it: ``Ctrl+S``, ``⌘S``."""
    return QKeySequence(action.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)


def hint(name: str, action: str = "") -> str:
    """A tooltip: the name, and the key of the action of that name if there is one."""
    return f"{name}  ({key_text(action_named(action))})" if action else name


class Keys(QObject):
    """Gives the keys of a window to its shortcuts, unless the widget with the keyboard wants them itself.

    A field takes letters and its Enter, a focused button its space bar, a slider its arrows; everything else
    plays, renders and so on from wherever the keyboard is.
    """

    def __init__(self, window: QWidget, shortcuts: Shortcuts) -> None:
        super().__init__(window)
        self._shortcuts = shortcuts
        for action in ACTIONS:
            for key in action.keys:
                made = QShortcut(QKeySequence(key), window)
                made.setAutoRepeat(action.name in REPEATED)
                made.activated.connect(lambda name=action.name, key=key: self._pressed(name, key))

    def _pressed(self, name: str, key: str) -> None:
        widget = QApplication.focusWidget()
        if widget is not None and (_wants(widget, key) or not self._shortcuts.is_taken(name)):
            _press(widget, key)
        else:
            self._shortcuts.trigger(name)


def _wants(widget: QWidget, key: str) -> bool:
    """The widget uses this key itself; what a field types never comes here."""
    return any(isinstance(widget, kind) and key in keys for kind, keys in USED_BY.items())


def _press(widget: QWidget, key: str) -> None:
    """The key as if there were no shortcut."""
    pressed = QKeySequence(key)[0]  # pyright: ignore[reportIndexIssue]
    code, held = pressed.key(), pressed.keyboardModifiers()
    text = " " if code == Qt.Key.Key_Space else ""
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(widget, QKeyEvent(kind, code, held, text))
