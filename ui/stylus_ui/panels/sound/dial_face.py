"""DialFace: what is turned by mouse, wheel and keys; KnobFace and SliderFace draw it."""

from __future__ import annotations

from math import cos, radians, sin

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
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
        """Stand there."""
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
        """Fine; but a list that scrolls under the mouse turns nothing."""
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
        """Of what is turned up."""
        return self.colour("style" if self.isEnabled() else "faint")

    @property
    def is_lit(self) -> bool:
        """The mouse is over it, or holds it."""
        return self.isEnabled() and (self._is_held or self.underMouse())


class KnobFace(DialFace):
    """An arc of 270 degrees, turned by dragging up."""

    SIDE, WIDTH, TRAVEL = 72, 5.0, 200.0
    FROM, SPAN = 225.0, -270.0

    def __init__(self, context: UiContext, dial: Dial, name: str) -> None:
        super().__init__(context, dial, name)
        self.setFixedSize(self.SIDE, self.SIDE)
        self.setCursor(Qt.CursorShape.SizeVerCursor)

    def way(self, by: QPointF) -> float:
        return (by.x() - by.y()) / self.TRAVEL * (self.maximum() - self.minimum())

    def draw(self, painter: QPainter) -> None:
        inset = self.WIDTH / 2 + 5
        area = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        self._arc(painter, area, self.colour("hover" if self.is_lit else "raised"), 0.0, 1.0)
        self._arc(painter, area, self.accent, self.share(self.dial.origin), self.share(self.value()))
        self._tick(painter, area)
        self._hand(painter, area)

    def _arc(self, painter: QPainter, area: QRectF, colour: QColor, first: float, last: float) -> None:
        painter.setPen(_round_pen(colour, self.WIDTH))
        start, span = self.FROM + self.SPAN * first, self.SPAN * (last - first)
        if span:
            painter.drawArc(area, round(start * 16), round(span * 16))

    def _tick(self, painter: QPainter, area: QRectF) -> None:
        """Where the default is, unless it is at an end."""
        share = self.share(self.dial.position(self.dial.default))
        if 0 < share < 1:
            painter.setPen(_round_pen(self.colour("faint"), 1.5))
            painter.drawLine(_on_circle(area, share, 1.18), _on_circle(area, share, 1.27))

    def _hand(self, painter: QPainter, area: QRectF) -> None:
        place = self.share(self.value())
        if self.hasFocus():
            painter.setPen(QPen(self.colour("focus"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(area.adjusted(9, 9, -9, -9))
        painter.setPen(_round_pen(self.colour("text" if self.isEnabled() else "faint"), 2.5))
        painter.drawLine(_on_circle(area, place, 0.36), _on_circle(area, place, 0.66))


class SliderFace(DialFace):
    """A line; a click on it goes there."""

    HEIGHT, GROOVE, HANDLE, FOCUSED = 16, 3.0, 5.0, 6.5

    def __init__(self, context: UiContext, dial: Dial, name: str) -> None:
        super().__init__(context, dial, name)
        self.setFixedHeight(self.HEIGHT)
        self.setMinimumWidth(self.HEIGHT * 3)

    @property
    def _length(self) -> float:
        return max(1.0, self.width() - 2 * self.FOCUSED)

    def way(self, by: QPointF) -> float:
        return by.x() / self._length * (self.maximum() - self.minimum())

    def takes_hold(self, at: QPointF) -> None:
        if abs(at.x() - self._x(self.value())) > self.HANDLE * 2:
            share = (at.x() - self.FOCUSED) / self._length
            self._turn_to(self.minimum() + share * (self.maximum() - self.minimum()))

    def _x(self, position: float) -> float:
        return self.FOCUSED + self.share(position) * self._length

    def _end(self, position: float) -> float:
        """The line continues to the edges, beyond the handle's ends."""
        edge = self.GROOVE / 2
        return {self.minimum(): edge, self.maximum(): self.width() - edge}.get(int(position), self._x(position))

    def draw(self, painter: QPainter) -> None:
        middle = self.height() / 2
        self._line(painter, self.colour("hover" if self.is_lit else "raised"), self.minimum(), self.maximum())
        if self.value() != self.dial.origin:
            self._line(painter, self.accent, self.dial.origin, self.value())
        painter.setPen(QPen(self.colour("focus"), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(self.colour("text" if self.isEnabled() else "faint"))
        radius = self.HANDLE + (0.5 if self.is_lit else 0)
        painter.drawEllipse(QPointF(self._x(self.value()), middle), radius, radius)

    def _line(self, painter: QPainter, colour: QColor, first: float, last: float) -> None:
        middle = self.height() / 2
        painter.setPen(_round_pen(colour, self.GROOVE))
        painter.drawLine(QPointF(self._end(first), middle), QPointF(self._end(last), middle))


def _is_own(event: QKeyEvent) -> bool:
    key, held = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if held not in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier):
        return False
    return key in STEPS or key in ENDS or key in RESETS or key == Keys.Key_F2 or event.text() in TYPED - {""}


def _on_circle(area: QRectF, share: float, radius: float) -> QPointF:
    """A point at that share of the arc; radius 1 is the arc."""
    angle = radians(KnobFace.FROM + KnobFace.SPAN * share)
    length = area.width() / 2 * radius
    return area.center() + QPointF(cos(angle) * length, -sin(angle) * length)


def _round_pen(colour: QColor, width: float) -> QPen:
    return QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
