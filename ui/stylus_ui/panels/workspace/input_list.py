"""InputButton and InputList: how many files a render takes, and which."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from stylus_ui.context import UiContext
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.binding import bind
from stylus_ui.kit.parts import column, set_state
from stylus_ui.panels.workspace.input_rows import HEIGHT, InputRows
from stylus_ui.presenters.workspace.inputs import InputFile, Inputs

WIDTH, MOST_ROWS = 420, 10


class InputButton(QPushButton):
    """Says how many files a render takes, and opens the list; not there for a single file."""

    def __init__(self, context: UiContext) -> None:
        super().__init__()
        self._context, self._has_room = context, True
        self.presenter = Inputs(context)
        self.setProperty("role", "flat")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(self.open_list)
        bind(self, self.presenter.files, self._show)
        self.destroyed.connect(lambda *_, presenter=self.presenter: presenter.close())

    def give_room(self, has_room: bool) -> None:
        """In a narrow line its colour says that some cannot be read, and the list says which."""
        self._has_room = has_room
        self.setText(self._said(has_room))

    @property
    def wanted(self) -> int:
        """Pixels that it takes with all its words; 0: it is not there."""
        beside = self.sizeHint().width() - self.fontMetrics().horizontalAdvance(self.text())
        return beside + self.fontMetrics().horizontalAdvance(self._said(True)) if self.presenter.files.value else 0

    def _said(self, has_room: bool) -> str:
        text, bad = self._context.text, self.presenter.bad
        said = text("{count} files", count=len(self.presenter.files.value) - bad)
        refused = text.count("{count} cannot be read", "{count} cannot be read", bad)
        return f"{said} · {refused}" if bad and has_room else said

    def _show(self, files: tuple[InputFile, ...]) -> None:
        self.setText(self._said(self._has_room))
        self.setToolTip(self._context.text("Show the files that a render takes"))
        self.setVisible(bool(files))
        set_state(self, "bad" if self.presenter.bad else "")

    def open_list(self) -> QWidget:
        """Below the button; a click beside it closes it."""
        made = InputList(self._context, self.presenter, self)
        made.adjustSize()
        made.move(self.mapToGlobal(self.rect().bottomLeft()))
        made.show()
        made.setFocus()
        return made


class InputList(QFrame):
    """The files below each other, in a frame that a click beside it closes."""

    def __init__(self, context: UiContext, presenter: Inputs, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("role", "popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.rows = InputRows(context, presenter)
        self.setLayout(column(self.rows, margin=MEASURES.half))
        self.setFixedWidth(WIDTH)
        self.setFocusProxy(self.rows)
        bind(self, presenter.files, self._show)

    def _show(self, files: tuple[InputFile, ...]) -> None:
        if not files:
            self.close()
            return
        self.rows.setFixedHeight(HEIGHT * min(len(files), MOST_ROWS))
        self.adjustSize()
