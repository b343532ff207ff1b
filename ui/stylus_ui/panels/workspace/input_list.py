"""InputList: the files of a render below each other: hear, look at, remove; why one cannot be rendered."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QWidget

from stylus_ui.context import UiContext
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.binding import bind
from stylus_ui.kit.elided import Elided
from stylus_ui.kit.parts import button, column, icon_button, label, picture, row, set_state
from stylus_ui.presenters.workspace.inputs import InputFile, Inputs

WIDTH, MOST_ROWS, REASON = 420, 8, 3 * MEASURES.row


class InputButton(QPushButton):
    """Says how many files a render takes, and opens the list; not there for a single file."""

    def __init__(self, context: UiContext) -> None:
        super().__init__()
        self._context = context
        self.presenter = Inputs(context)
        self.setProperty("role", "flat")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(self.open_list)
        bind(self, self.presenter.files, self._show)
        self.destroyed.connect(lambda *_, presenter=self.presenter: presenter.close())

    def _show(self, files: tuple[InputFile, ...]) -> None:
        text, bad = self._context.text, self.presenter.bad
        said = text("{count} files", count=len(files) - bad)
        refused = text.count("{count} cannot be read", "{count} cannot be read", bad) if bad else ""
        self.setText(" · ".join(part for part in (said, refused) if part))
        self.setToolTip(text("Show the files that a render takes"))
        self.setVisible(bool(files))
        set_state(self, "bad" if bad else "")

    def open_list(self) -> QWidget:
        """Below the button; a click beside it closes it."""
        made = InputList(self._context, self.presenter, self)
        made.adjustSize()
        made.move(self.mapToGlobal(self.rect().bottomLeft()))
        made.show()
        return made


class InputList(QFrame):
    """The rows."""

    def __init__(self, context: UiContext, presenter: Inputs, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._context, self._presenter = context, presenter
        self.setProperty("role", "popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(context.text("Files of this render"))
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setLayout(column(self._scroll, margin=MEASURES.grid))
        self.setFixedWidth(WIDTH)
        bind(self, presenter.files, self._show)

    def _show(self, files: tuple[InputFile, ...]) -> None:
        if not files:
            self.close()
            return
        inside = QWidget()
        inside.setLayout(column(*(self._row(file) for file in files), 1, spacing=MEASURES.half))
        self._scroll.setWidget(inside)
        height = inside.sizeHint().height()
        self._scroll.setFixedHeight(min(height, MOST_ROWS * (MEASURES.row + MEASURES.half)) + 2)
        self.adjustSize()

    def _row(self, file: InputFile) -> QWidget:
        text, presenter, path = self._context.text, self._presenter, file.path
        remove = icon_button(self._context, "x", text("Remove {name}", name=file.name), lambda: presenter.remove(path))
        remove.setVisible(not file.is_content)
        made = QWidget()
        if file.problem:
            reason = label(file.problem, "small")
            reason.setWordWrap(True)
            set_state(reason, "bad")
            name = column(Elided(file.name, is_strong=True), reason, spacing=0)
            line = row(picture(self._context, "triangle-alert", "bad"), name, remove)
        else:
            seconds = text("{seconds} s", seconds=text.number(file.seconds, 1)) if file.seconds else ""
            hear = icon_button(self._context, "play", text("Hear {name}", name=file.name), lambda: presenter.hear(path))
            name = button(file.name, lambda: presenter.look_at(path), role="flat")
            name.setToolTip(text("Show it in the lane"))
            name.setEnabled(not file.is_content)
            line = row(hear, name, 1, label(seconds, "small"), remove)
        line.setStretch(1, 1)
        made.setLayout(line)
        return made
