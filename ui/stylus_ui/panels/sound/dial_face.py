"""DialFace: what is turned by mouse, wheel and keys. How it looks is in `faces.py`."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSlider

from stylus_ui.context import UiContext
from stylus_ui.kit.binding import bind
from stylus_ui.kit.spoken import speak
from stylus_ui.presenters.sound.dial import Dial

NOTCH, PAGE, FINE = 120, 10, 0.1
WHEEL_REST_MS = 600
Keys = Qt.Key
STEPS = {
    Keys.Key_Left: -1,
    Keys.Key_Down: -1,
    Keys.Key_Right: 1,
    Keys.Key_Up: 1,
    Keys.Key_PageDown: -PAGE,
    Keys.Key_PageUp: PAGE,
}
ENDS = {Keys.Key_Home, Keys.Key_End}
RESETS = {Keys.Key_Delete, Keys.Key_Backspace}
TYPED = set("0123456789+-.,")


class DialFace(QAbstractSlider):
    """Turned by dragging (with Shift ten times finer), the wheel, and the keys of a slider; Delete or a double
    click brings the default; a digit or F2 begins to type.

    Emits ``turned`` with the value, ``ended`` when a gesture is over, ``reset``, and ``typing`` with the first
    character. It never changes what it shows by itself: `show_value` does.
    """

    turned = Signal(object)
    ended = Signal()
    reset = Signal()
    typing = Signal(str)

    def __init__(self, context: UiContext, dial: Dial, name: str) -> None:
        super().__init__()
        self._context, self._text, self.dial = context, context.text, dial
        self._is_held, self._notches = False, 0.0
        self._exact, self._last = 0.0, QPointF()
        self._was_moved_over = False
        self._rest = QTimer(self, singleShot=True, interval=WHEEL_REST_MS)
        self._rest.timeout.connect(self.ended)
        self.setRange(dial.first, dial.last)
        self.setPageStep(PAGE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(name)
        bind(self, context.theme.palette, lambda _: self.update())

    def show_value(self, dial: Dial, value: float | None) -> None:
        """Show this value."""
        self.dial = dial
        speak(self, dial.written(value, self._text), aloud=not dial.counts_as_written)
        self.setValue(dial.position(value))
        self.update()

    def _turn_to(self, position: float) -> None:
        self._exact = min(max(position, float(self.minimum())), float(self.maximum()))
        if round(self._exact) != self.value():
            self.turned.emit(self.dial.value(round(self._exact)))

    # Mouse

    def way(self, by: QPointF) -> float:
        """How many positions a move of the mouse is."""
        raise NotImplementedError

    def takes_hold(self, at: QPointF) -> None:
        """The mouse button went down there."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.ended.emit()
            self._is_held, self._last = True, event.position()
            self._exact = float(self.value())
            self.takes_hold(event.position())
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._was_moved_over = True
        if self._is_held:
            share = FINE if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0
            by, self._last = event.position() - self._last, event.position()
            self._turn_to(self._exact + self.way(by) * share)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._is_held:
            self._is_held = False
            self.ended.emit()
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.reset.emit()

    def leaveEvent(self, event: QEvent) -> None:
        self._was_moved_over = False
        self.update()
        super().leaveEvent(event)

    def enterEvent(self, event) -> None:
        self.update()
        super().enterEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turns finely. A list that scrolls under the mouse turns nothing."""
        if not (self._was_moved_over or self.hasFocus()):
            event.ignore()
            return
        self._notches += (event.angleDelta().y() or event.angleDelta().x()) / NOTCH
        whole = int(self._notches)
        self._notches -= whole
        if whole:
            self._turn_to(self.value() + whole)
            self._rest.start()
        event.accept()

    # Keyboard

    def event(self, event: QEvent) -> bool:
        """Its keys are its own while it has the keyboard."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_own(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if not _is_own(event):
            event.ignore()
        elif key in STEPS:
            self._turn_to(self.value() + STEPS[key])
        elif key in ENDS:
            self._turn_to(self.minimum() if key == Keys.Key_Home else self.maximum())
        elif key in RESETS:
            self.reset.emit()
        else:
            self.typing.emit(event.text() if event.text() in TYPED else "")

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not event.isAutoRepeat() and (event.key() in STEPS or event.key() in ENDS):
            self.ended.emit()
        super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.ended.emit()
        self.update()
        super().focusOutEvent(event)

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.draw(painter)
        painter.end()

    def draw(self, painter: QPainter) -> None:
        """The knob or the slider."""
        raise NotImplementedError

    def share(self, position: float) -> float:
        """A position as 0..1."""
        return (position - self.minimum()) / max(1, self.maximum() - self.minimum())

    def colour(self, token: str) -> QColor:
        return QColor(self._context.theme.colour(token))

    @property
    def accent(self) -> QColor:
        """The colour of the part that is turned up."""
        return self.colour("style" if self.isEnabled() else "faint")

    @property
    def is_lit(self) -> bool:
        """The mouse is over it, or holds it."""
        return self.isEnabled() and (self._is_held or self.underMouse())


def _is_own(event: QKeyEvent) -> bool:
    key, held = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if held not in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier):
        return False
    return key in STEPS or key in ENDS or key in RESETS or key == Keys.Key_F2 or event.text() in TYPED - {""}
