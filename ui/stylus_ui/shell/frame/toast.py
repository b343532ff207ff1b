"""Toasts: notices in the empty middle of the bar, one at a time. They cover nothing of the work, and nothing moves."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from stylus_ui.context import UiContext
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.parts import button, icon_button, label, picture, row
from stylus_ui.state.notices import Notice, NoticeKind

SECONDS = 6
MOST = 3
WIDTH, ENOUGH, LEAST = 640, 568, 320
GAP, TOP = 16, 4
ICONS = {
    NoticeKind.GOOD: ("circle-check", "good"),
    NoticeKind.BUSY: ("triangle-alert", "busy"),
    NoticeKind.BAD: ("circle-alert", "bad"),
    NoticeKind.INFO: ("info", "muted"),
}


class Toasts(QWidget):
    """The newest notice is seen, with how many wait behind it; Escape closes it if it would stay.

    Args:
        context: of the window.
        window: what they cover.
        before: what stands in the bar at the left of them.
        after: at the right of them; where the bar is short, they cover all but the last.
    """

    def __init__(self, context: UiContext, window: QWidget, *, before: QWidget, after: Sequence[QWidget]) -> None:
        super().__init__(window)
        self._context, self._window, self._before, self._after = context, window, before, after
        self._forget_key: Callable[[], None] | None = None
        self._told: list[_Toast] = []
        for watched in (window, *after):
            watched.installEventFilter(self)
        self.hide()

    def show_notice(self, notice: Notice) -> None:
        """Show a notice, in place of one with the same key."""
        for toast in [known for known in self._told if notice.key and known.notice.key == notice.key]:
            self._remove(toast)
        toast = _Toast(self._context, notice, self)
        toast.closed = lambda: self._remove(toast)
        self._told.append(toast)
        if len(self._told) > MOST:
            goes_by_itself = (one for one in self._told if not one.notice.stays)
            self._remove(next(goes_by_itself, self._told[0]))
        self._place()

    @property
    def texts(self) -> list[str]:
        """What is told; the last one is seen."""
        return [toast.notice.text for toast in self._told]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._place()
        return False

    def _remove(self, toast: _Toast) -> None:
        if toast in self._told:
            self._told.remove(toast)
            toast.hide()
            toast.deleteLater()
            self._place()

    def _place(self) -> None:
        if seen := self._seen:
            left, width = self._room()
            self.setGeometry(left, TOP, width, seen.height_for(width))
            seen.setGeometry(self.rect())
        for toast in self._told:
            toast.show_in_turn(len(self._told) - 1 if toast is seen else None)
        self.setVisible(seen is not None)
        self.raise_()
        self._take_key()

    def _room(self) -> tuple[int, int]:
        """Where the bar is free and how wide a notice is there; what it has to cover, it covers whole."""
        left = self._before.mapTo(self._window, QPoint(self._before.width(), 0)).x() + GAP
        ends = [part.mapTo(self._window, QPoint(0, 0)).x() - MEASURES.grid for part in self._after]
        right = next((end for end in ends if end - left >= ENOUGH), ends[-1])
        width = min(WIDTH, max(LEAST, right - left))
        middle = (self._window.width() - width) // 2 if right == ends[0] else right - width
        return max(GAP, min(max(left, middle), right - width)), width

    def _take_key(self) -> None:
        """Escape is the notice's while the one that is seen waits to be closed."""
        waits = self._seen is not None and self._seen.notice.stays
        if waits and self._forget_key is None:
            self._forget_key = self._context.shortcuts.on("cancel", lambda: self._remove(self._told[-1]))
        elif not waits and self._forget_key is not None:
            self._forget_key()
            self._forget_key = None

    @property
    def _seen(self) -> _Toast | None:
        return self._told[-1] if self._told else None

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
        self._behind = label("", "muted")
        self._clock = QTimer(self, interval=SECONDS * 1000, singleShot=True)
        self._clock.timeout.connect(lambda: self.closed())
        close = icon_button(context, "x", context.text("Close"), lambda: self.closed())
        parts = (picture(context, name, colour), self._sentence, *action, self._behind, close)
        self._row = row(*parts, spacing=MEASURES.grid + MEASURES.half)
        self._row.setContentsMargins(16, 4, 8, 4)
        self._row.setStretch(1, 1)
        self.setLayout(self._row)

    def height_for(self, width: int) -> int:
        """As high as its sentence needs at that width."""
        self.ensurePolished()
        needed = self._row.heightForWidth(width) if self._row.hasHeightForWidth() else self.sizeHint().height()
        return max(MEASURES.row + MEASURES.grid, needed)

    def show_in_turn(self, behind: int | None) -> None:
        """Be seen, before so many others; None: wait. The time of one that goes by itself runs while it is seen."""
        self._behind.setText(f"+{behind}")
        self._behind.setVisible(bool(behind))
        self.setVisible(behind is not None)
        if behind is None:
            self._clock.stop()
        elif not self.notice.stays and not self._clock.isActive():
            self._clock.start()

    def _act(self) -> None:
        action = self.notice.action
        self.closed()
        if action is not None:
            action.call()
