"""Toasts: notices in the empty middle of the bar. They cover the window, so that nothing moves."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from stylus_ui.context import UiContext
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.parts import button, icon_button, label, picture, row
from stylus_ui.state.notices import Notice, NoticeKind

SECONDS = 6
MOST = 3
WIDTH, LEAST = 640, 320
GAP, TOP = 16, 4
ICONS = {
    NoticeKind.GOOD: ("circle-check", "good"),
    NoticeKind.BUSY: ("triangle-alert", "busy"),
    NoticeKind.BAD: ("circle-alert", "bad"),
    NoticeKind.INFO: ("info", "muted"),
}


class Toasts(QWidget):
    """From the bar downwards, the newest last; at most three. Escape closes the newest that stays.

    Args:
        context: of the window.
        window: what they cover.
        before, after: what stands in the bar on either side of them.
    """

    def __init__(self, context: UiContext, window: QWidget, *, before: QWidget, after: QWidget) -> None:
        super().__init__(window)
        self._context, self._window, self._before, self._after = context, window, before, after
        self._forget_key: Callable[[], None] | None = None
        self._shown: list[_Toast] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(MEASURES.grid)
        window.installEventFilter(self)
        self.hide()

    def show_notice(self, notice: Notice) -> None:
        """Show a notice, in place of one with the same key."""
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
        left, width = self._room()
        heights = [toast.height_for(width) for toast in self._shown]
        height = sum(heights) + MEASURES.grid * max(0, len(heights) - 1)
        for toast, own in zip(self._shown, heights, strict=True):
            toast.setFixedHeight(own)
        self.setGeometry(left, TOP, width, height)
        self.setVisible(bool(self._shown))
        self.raise_()
        self._take_key()

    def _room(self) -> tuple[int, int]:
        """Where the bar is free and how wide a notice is there; where there is hardly any room, it covers its left."""
        left = self._before.mapTo(self._window, QPoint(self._before.width(), 0)).x() + GAP
        right = self._after.mapTo(self._window, QPoint(0, 0)).x() - GAP
        width = min(WIDTH, max(LEAST, right - left))
        middle = (self._window.width() - width) // 2
        return max(GAP, min(max(left, middle), right - width)), width

    def _take_key(self) -> None:
        """Escape is the newest notice's while one waits to be closed; one that goes by itself asks for no key."""
        waits = bool(self._waiting)
        if waits and self._forget_key is None:
            self._forget_key = self._context.shortcuts.on("cancel", lambda: self._remove(self._waiting[-1]))
        elif not waits and self._forget_key is not None:
            self._forget_key()
            self._forget_key = None

    @property
    def _waiting(self) -> list[_Toast]:
        return [toast for toast in self._shown if toast.notice.stays]

    def wheelEvent(self, event: QWheelEvent) -> None:
        """What is below scrolls."""
        place = self._window.mapFromGlobal(event.globalPosition().toPoint())
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        below = self._window.childAt(place)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, on=False)
        if below is not None:
            QApplication.sendEvent(below, _moved(event, below))


def _moved(event: QWheelEvent, to: QWidget) -> QWheelEvent:
    """The same turn of the wheel over another widget."""
    return QWheelEvent(
        to.mapFromGlobal(event.globalPosition()),
        event.globalPosition(),
        event.pixelDelta(),
        event.angleDelta(),
        event.buttons(),
        event.modifiers(),
        event.phase(),
        event.inverted(),
    )


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
        self._row.setContentsMargins(16, 4, 8, 4)
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
