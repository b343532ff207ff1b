"""BlendPad: the shares of two to four styles under one handle."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from stylus_ui.context import UiContext
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.binding import bind
from stylus_ui.kit.look import font
from stylus_ui.kit.spoken import speak
from stylus_ui.presenters.sound.blend import CORNERS, Point
from stylus_ui.presenters.sound.styles import StyleCard, StylesPresenter

INSET, DOT, HANDLE = 16.0, 3.0, 7.0
NAME, EDGE, NUMBER = 24.0, 8.0, 14.0
"""Height of a line of names, the distance of names from the frame, and what the number before a name takes."""
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
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
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
        return QRectF(self.rect()).adjusted(INSET, NAME + DOT, -INSET, -NAME - DOT)

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
        """Each with its name, and joined to the handle as firmly as it is heard."""
        accent = self._colour("style")
        for number, (corner, card) in enumerate(zip(CORNERS[count], self._presenter.cards.value, strict=True), start=1):
            place = self._place(corner)
            accent.setAlphaF(0.15 + 0.85 * card.share)
            painter.setPen(QPen(accent, 1 + 2 * card.share))
            painter.drawLine(place, handle)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._colour("muted"))
            painter.drawEllipse(place, DOT, DOT)
            self._draw_name(painter, self.name_area(corner), corner, number, card.name)

    def name_area(self, corner: Point) -> QRectF:
        """Where the name of a corner stands: above or below it, over half of the pad, or all of it in the middle."""
        width = self.width() - 2 * EDGE if corner[0] == 0.5 else (self.width() - 3 * EDGE) / 2
        left = EDGE + corner[0] * (self.width() - 2 * EDGE - width)
        place = self._place(corner).y()
        return QRectF(left, place + DOT if corner[1] == 1 else place - DOT - NAME, width, NAME)

    def _draw_name(self, painter: QPainter, area: QRectF, corner: Point, number: int, name: str) -> None:
        letters = font(MEASURES.small)
        painter.setFont(letters)
        cut = QFontMetricsF(letters).elidedText(name, Qt.TextElideMode.ElideRight, area.width() - NUMBER)
        length = QFontMetricsF(letters).horizontalAdvance(cut)
        left = area.left() + corner[0] * (area.width() - NUMBER - length)
        painter.setPen(self._colour("muted"))
        painter.drawText(QRectF(left, area.top(), NUMBER, NAME), Qt.AlignmentFlag.AlignVCenter, str(number))
        painter.setPen(self._colour("text"))
        painter.drawText(QRectF(left + NUMBER, area.top(), length + 2, NAME), Qt.AlignmentFlag.AlignVCenter, cut)

    def _colour(self, token: str) -> QColor:
        return QColor(self._context.theme.colour(token))
