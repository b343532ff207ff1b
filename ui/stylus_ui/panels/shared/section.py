"""Section: a panel that folds to its heading."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLayout, QWidget

from stylus_ui.context import UiContext
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.elided import Elided
from stylus_ui.kit.icons import set_icon
from stylus_ui.kit.parts import button, column, row

SIDE = 16
HEAD = MEASURES.row + MEASURES.half
NO_LIMIT = 16_777_215  # QWIDGETSIZE_MAX, which PySide does not bring


class Section(QFrame):
    """A heading that folds and unfolds what is below it.

    Emits ``asked`` when its heading is clicked: who owns the section decides, and calls `show_open`.
    """

    asked = Signal()

    def __init__(self, context: UiContext, title: str) -> None:
        super().__init__()
        self._text, self._theme, self._title = context.text, context.theme, title
        self._body = QWidget()
        self._head_button = button(title, self.asked.emit, role="section")
        self._head_button.setCursor(Qt.CursorShape.PointingHandCursor)
        self._summary = Elided("")
        self._summary.setProperty("role", "muted")
        self._is_open = True

    def fill(self, body: QLayout, *buttons: QWidget) -> None:
        """What is below the heading, and the heading's few buttons."""
        line = row(self._head_button, self._summary, *buttons, spacing=MEASURES.half)
        line.setStretch(1, 1)
        line.setContentsMargins(MEASURES.grid, MEASURES.half, MEASURES.grid, 0)
        head = QWidget()
        head.setLayout(line)
        head.setFixedHeight(HEAD)
        self._body.setLayout(body)
        layout = column(head, self._body, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.show_open(True)

    @property
    def is_open(self) -> bool:
        return self._is_open

    def show_open(self, is_open: bool) -> None:
        """Unfolded; or only the heading, with the summary in it."""
        self._is_open = is_open
        self._body.setVisible(is_open)
        self._summary.setVisible(not is_open)
        self.setMaximumHeight(NO_LIMIT if is_open else HEAD)
        set_icon(self._head_button, self._theme, "chevron-down" if is_open else "chevron-right", "muted")
        self._head_button.setAccessibleDescription(self._text("unfolded") if is_open else self._text("folded"))
        self._head_button.setToolTip(self._text("Fold {name}" if is_open else "Unfold {name}", name=self._title))

    def say(self, summary: str) -> None:
        """What its heading says while it is folded."""
        self._summary.setText(summary)
