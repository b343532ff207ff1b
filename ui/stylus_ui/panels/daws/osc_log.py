"""OscLogView: OSC messages as they pass, if somebody wants to see them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from stylus_ui.context import UiContext
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.parts import button, column, icon_button, label, row
from stylus_ui.presenters.daws.osc_log import KEPT, OscLog

POLL_MS, HEIGHT = 250, 160


class OscLogView(QWidget):
    """Folded until it is asked for; looks for messages only while it is seen."""

    def __init__(self, context: UiContext, resized: Callable[[], object]) -> None:
        super().__init__()
        self._text, self._log, self._resized = context.text, OscLog(context), resized
        self.lines = QPlainTextEdit()
        self.lines.setReadOnly(True)
        self.lines.setMaximumBlockCount(KEPT)
        self.lines.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.lines.setFixedHeight(HEIGHT)
        self.lines.setTabChangesFocus(True)
        self.lines.setPlaceholderText(self._text("No messages yet."))
        self.lines.setAccessibleName(self._text("OSC log"))
        self.lines.hide()
        self._copy = icon_button(context, "copy", self._text("Copy the log"), self._copy_all)
        self._copy.hide()
        self.toggle = button("", self._toggle)
        about = label(self._text("Every message between Stylus and your DAW"), "small")
        words = column(label(self._text("OSC log"), "strong"), about, spacing=0)
        self.setLayout(column(row(words, 1, self._copy, self.toggle, spacing=MEASURES.half), self.lines))
        self._polls = QTimer(self, interval=POLL_MS)
        self._polls.timeout.connect(self._poll)
        self._name()

    def follow(self, *, is_shown: bool) -> None:
        """It is in sight, or not any more."""
        if is_shown and not self.lines.isHidden():
            self._poll()
            self._polls.start()
        else:
            self._polls.stop()

    def _toggle(self) -> None:
        is_open = self.lines.isHidden()
        self.lines.setVisible(is_open)
        self._copy.setVisible(is_open)
        self._name()
        self.follow(is_shown=True)
        self._resized()

    def _name(self) -> None:
        is_open = not self.lines.isHidden()
        self.toggle.setText(self._text("Hide") if is_open else self._text("Show"))
        self.toggle.setAccessibleName(self._text("Hide the OSC log") if is_open else self._text("Show the OSC log"))

    def _poll(self) -> None:
        fresh = self._log.poll()
        if fresh:
            bar = self.lines.verticalScrollBar()
            was_at_end = bar.value() == bar.maximum()
            self.lines.appendPlainText("\n".join(fresh))
            if was_at_end:
                bar.setValue(bar.maximum())

    def _copy_all(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(self._log.lines))
