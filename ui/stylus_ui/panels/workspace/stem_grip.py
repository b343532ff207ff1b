"""StemGrip: where the stem of the result lane is taken hold of, to drag it into a DAW."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QDrag, QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QApplication, QToolButton

from stylus_ui.context import UiContext
from stylus_ui.kit.binding import bind
from stylus_ui.kit.icons import set_icon
from stylus_ui.panels.shared.row_list import mime_of
from stylus_ui.presenters.history.shown_stem import ShownStem


class StemGrip(QToolButton):
    """Drag it out; a click, or Enter, puts the file on the clipboard instead."""

    def __init__(self, context: UiContext) -> None:
        super().__init__()
        text = context.text
        self.presenter = ShownStem(context)
        self._pressed: QPointF | None = None
        self.setProperty("role", "flat")
        self.setText(text("Drag out"))
        self.give_room(True)
        self.setAccessibleName(text("Drag the stem into your DAW, or click to copy it"))
        self.setToolTip(self.accessibleName())
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        set_icon(self, context.theme, "grip-vertical", "muted")
        self.clicked.connect(lambda: self.presenter.hand_out(self._copy))
        bind(self, self.presenter.is_there, self.setEnabled)
        self.destroyed.connect(lambda presenter=self.presenter: presenter.close())

    def give_room(self, has_room: bool) -> None:
        """Its words, or its picture alone."""
        styles = Qt.ToolButtonStyle
        self.setToolButtonStyle(styles.ToolButtonTextBesideIcon if has_room else styles.ToolButtonIconOnly)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed = event.position()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        pressed = self._pressed
        if pressed is None:
            return
        if (event.position() - pressed).manhattanLength() >= QApplication.startDragDistance():
            self._pressed = None
            self.setDown(False)
            self.presenter.hand_out(self._drag)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed = None
        super().mouseReleaseEvent(event)

    def _drag(self, stem: Path) -> None:
        """The stem has its name; it is dragged if the button is still held."""
        if QApplication.mouseButtons() & Qt.MouseButton.LeftButton:
            drag = QDrag(self)
            drag.setMimeData(mime_of(stem))
            drag.exec(Qt.DropAction.CopyAction)

    def _copy(self, stem: Path) -> None:
        QGuiApplication.clipboard().setMimeData(mime_of(stem))
        self.presenter.tell_copied(stem)
