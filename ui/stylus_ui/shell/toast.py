"""Toasts: notices above the work. They cover the window, so that nothing moves."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from stylus_ui.context import UiContext
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.parts import button, icon_button, label, picture, row
from stylus_ui.state.notices import Notice, NoticeKind

SECONDS = 6
MOST = 3
WIDTH = 520
BELOW = 32
ICONS = {
    NoticeKind.GOOD: ("circle-check", "good"),
    NoticeKind.BUSY: ("triangle-alert", "busy"),
    NoticeKind.BAD: ("circle-alert", "bad"),
    NoticeKind.INFO: ("info", "muted"),
}


class Toasts(QWidget):
    """At the bottom of the window's middle, the newest last; at most three.

    Args:
        context: of the window.
        window: what they cover.
    """

    def __init__(self, context: UiContext, window: QWidget) -> None:
        super().__init__(window)
        self._context, self._window = context, window
        self._shown: list[_Toast] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(MEASURES.grid)
        window.installEventFilter(self)
        self.hide()

    def show_notice(self, notice: Notice) -> None:
        """Show it; in place of one with the same key."""
        for toast in [known for known in self._shown if notice.key and known.notice.key == notice.key]:
            self._remove(toast)
        toast = _Toast(self._context, notice, self)
        toast.closed = lambda: self._remove(toast)
        self._shown.append(toast)
        while len(self._shown) > MOST:
            self._remove(self._shown[0])
        self._column.addWidget(toast)
        if not notice.stays:
            QTimer.singleShot(SECONDS * 1000, toast, lambda: self._remove(toast))
        self._place()

    @property
    def texts(self) -> list[str]:
        """What is shown now."""
        return [toast.notice.text for toast in self._shown]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            self._place()
        return False

    def _remove(self, toast: _Toast) -> None:
        if toast in self._shown:
            self._shown.remove(toast)
            self._column.removeWidget(toast)
            toast.hide()
            toast.deleteLater()
            self._place()

    def _place(self) -> None:
        parent = self._window
        width = min(WIDTH, parent.width() - 2 * BELOW)
        heights = [toast.height_for(width) for toast in self._shown]
        height = sum(heights) + MEASURES.grid * max(0, len(heights) - 1)
        for toast, own in zip(self._shown, heights, strict=True):
            toast.setFixedHeight(own)
        self.setGeometry((parent.width() - width) // 2, parent.height() - height - BELOW, width, height)
        self.setVisible(bool(self._shown))
        self.raise_()


class _Toast(QFrame):
    def __init__(self, context: UiContext, notice: Notice, parent: QWidget) -> None:
        super().__init__(parent)
        self.notice = notice
        self.closed = lambda: None
        self.setProperty("role", "notice")
        self.setProperty("state", notice.kind.value)
        self.setAccessibleName(notice.text)
        name, colour = ICONS[notice.kind]
        self._sentence = label(notice.text)
        self._sentence.setWordWrap(True)
        self._sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        action = [button(notice.action.label, self._act)] if notice.action else []
        close = icon_button(context, "x", context.text("Close"), lambda: self.closed())
        parts = (picture(context, name, colour), self._sentence, *action, close)
        self._row = row(*parts, spacing=MEASURES.grid + MEASURES.half)
        self._row.setContentsMargins(16, 8, 8, 8)
        self._row.setStretch(1, 1)
        self.setLayout(self._row)

    def height_for(self, width: int) -> int:
        """As high as its sentence needs at that width."""
        self.ensurePolished()
        needed = self._row.heightForWidth(width) if self._row.hasHeightForWidth() else self.sizeHint().height()
        return max(MEASURES.row + MEASURES.grid, needed)

    def _act(self) -> None:
        action = self.notice.action
        self.closed()
        if action is not None:
            action.call()
