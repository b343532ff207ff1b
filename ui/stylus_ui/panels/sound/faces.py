"""KnobFace and SliderFace: the two looks of a dial."""

from __future__ import annotations

from math import cos, radians, sin

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from stylus_ui.context import UiContext
from stylus_ui.panels.sound.dial_face import DialFace
from stylus_ui.presenters.sound.dial import Dial


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
        ground = self.colour("hover" if self.is_lit else "raised")
        self._line(painter, ground, self._end(self.minimum()), self._end(self.maximum()))
        if self.value() != self.dial.origin:  # it ends under the handle, also where the handle is at the edge
            self._line(painter, self.accent, self._end(self.dial.origin), self._x(self.value()))
        painter.setPen(QPen(self.colour("focus"), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(self.colour("text" if self.isEnabled() else "faint"))
        radius = self.HANDLE + (0.5 if self.is_lit else 0)
        painter.drawEllipse(QPointF(self._x(self.value()), middle), radius, radius)

    def _line(self, painter: QPainter, colour: QColor, first: float, last: float) -> None:
        middle = self.height() / 2
        painter.setPen(_round_pen(colour, self.GROOVE))
        painter.drawLine(QPointF(first, middle), QPointF(last, middle))


def _on_circle(area: QRectF, share: float, radius: float) -> QPointF:
    """A point at that share of the arc; radius 1 is the arc."""
    angle = radians(KnobFace.FROM + KnobFace.SPAN * share)
    length = area.width() / 2 * radius
    return area.center() + QPointF(cos(angle) * length, -sin(angle) * length)


def _round_pen(colour: QColor, width: float) -> QPen:
    return QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
