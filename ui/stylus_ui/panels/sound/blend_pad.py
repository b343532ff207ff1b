"""BlendPad: the shares of two to four styles under one handle."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QWidget

from stylus_ui.context import UiContext
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.binding import bind
from stylus_ui.kit.look import font
from stylus_ui.kit.spoken import speak
from stylus_ui.presenters.sound.blend import CORNERS, Point
from stylus_ui.presenters.sound.styles import StyleCard, StylesPresenter

SIDE = 92
INSET, DOT, HANDLE = 20.0, 3.0, 7.0
STEP, FINE = 0.05, 0.01
WAYS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class BlendPad(QWidget):
    """A line, a triangle or a square, with the styles at its corners.

    Drag the handle, or move it with the arrows (with Shift a little); a double click or Home makes all equal.
    """

    def __init__(self, context: UiContext, presenter: StylesPresenter) -> None:
        super().__init__()
        self._context, self._presenter, text = context, presenter, context.text
        self._is_held = False
        self.setFixedSize(QSize(SIDE, SIDE))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(text("Blend"))
        self.setToolTip(text("Drag to blend the styles. Arrows move the handle, a double click makes all equal."))
        bind(self, presenter.cards, self._show)
        bind(self, context.theme.palette, lambda _: self.update())

    def _show(self, cards: tuple[StyleCard, ...]) -> None:
        speak(self, self._presenter.said)
        self.update()

    # Geometry

    @property
    def _area(self) -> QRectF:
        return QRectF(self.rect()).adjusted(INSET, INSET, -INSET, -INSET)

    def _place(self, point: Point) -> QPointF:
        area = self._area
        return QPointF(area.left() + point[0] * area.width(), area.top() + point[1] * area.height())

    def _point(self, place: QPointF) -> Point:
        area = self._area
        return (place.x() - area.left()) / area.width(), (place.y() - area.top()) / area.height()

    # Mouse and keyboard

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._is_held = True
            self._presenter.let_go()
            self._presenter.move_to(self._point(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._is_held:
            self._presenter.move_to(self._point(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._is_held = False
        self._presenter.let_go()
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._presenter.make_equal()

    def event(self, event: QEvent) -> bool:
        """The arrows are the pad's while it has the keyboard."""
        is_asked = event.type() is QEvent.Type.ShortcutOverride
        if is_asked and isinstance(event, QKeyEvent) and event.key() in {*WAYS, Qt.Key.Key_Home}:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        way = WAYS.get(Qt.Key(event.key()))
        if way is not None:
            step = FINE if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else STEP
            self._presenter.nudge((way[0] * step, way[1] * step))
        elif event.key() == Qt.Key.Key_Home:
            self._presenter.make_equal()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not event.isAutoRepeat() and event.key() in WAYS:
            self._presenter.let_go()
        super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._presenter.let_go()
        self.update()
        super().focusOutEvent(event)

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        point, count = self._presenter.point, len(self._presenter.shares)
        if point is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_ground(painter, count)
        handle = self._place(point)
        self._draw_corners(painter, handle, count)
        painter.setPen(QPen(self._colour("surface"), 2))
        painter.setBrush(self._colour("style"))
        painter.drawEllipse(handle, HANDLE, HANDLE)
        painter.end()

    def _draw_ground(self, painter: QPainter, count: int) -> None:
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(self._colour("focus" if self.hasFocus() else "line"))
        painter.setBrush(self._colour("sunken"))
        painter.drawRoundedRect(frame, MEASURES.radius, MEASURES.radius)
        corners = [self._place(corner) for corner in CORNERS[count]]
        around = [corners[at] for at in ((0, 1, 3, 2) if count == 4 else range(count))]
        painter.setPen(QPen(self._colour("edge"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolygon(QPolygonF(around))

    def _draw_corners(self, painter: QPainter, handle: QPointF, count: int) -> None:
        """Each with its number, and joined to the handle as firmly as it is heard."""
        accent = self._colour("style")
        painter.setFont(font(MEASURES.small))
        for number, (corner, share) in enumerate(zip(CORNERS[count], self._presenter.shares, strict=True), start=1):
            place = self._place(corner)
            accent.setAlphaF(0.15 + 0.85 * share)
            painter.setPen(QPen(accent, 1 + 2 * share))
            painter.drawLine(place, handle)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._colour("muted"))
            painter.drawEllipse(place, DOT, DOT)
            self._draw_number(painter, corner, place, str(number))

    def _draw_number(self, painter: QPainter, corner: Point, place: QPointF, number: str) -> None:
        """Outside of its corner."""
        away = QPointF((corner[0] - 0.5) * 18, (corner[1] - 0.5) * 22)
        if corner[1] == 0.5:
            away = QPointF(0, -13)
        area = QRectF(0, 0, 12, 12)
        area.moveCenter(place + away)
        painter.setPen(self._colour("muted"))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, number)

    def _colour(self, token: str) -> QColor:
        return QColor(self._context.theme.colour(token))
