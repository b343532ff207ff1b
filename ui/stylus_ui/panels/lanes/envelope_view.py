"""EnvelopeView: strength over time, drawn over the content's lane."""

from __future__ import annotations

import itertools
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QLineF, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from stylus_ui.context import UiContext
from stylus_ui.kit.binding import bind, listen
from stylus_ui.kit.spoken import speak
from stylus_ui.panels.lanes.lane_marks import draw_label, tabular, translucent
from stylus_ui.presenters.lanes.curve_points import CurvePoint
from stylus_ui.presenters.lanes.curve_shape import column_spans
from stylus_ui.presenters.lanes.envelope import NOBODY, EnvelopePresenter
from stylus_ui.presenters.lanes.lane import LaneState
from stylus_ui.presenters.lanes.lanes import LanesPresenter
from stylus_ui.presenters.lanes.time_view import TimeView

EDGE, DOT, GRAB, GAP = 10.0, 4.5, 9.0, 14.0
"""Logical pixels: from the lane's edge to 0 and 200 %, radius of a point, where it is taken hold of, beside words."""
STEP, FINE = 0.05, 0.01
STEP_S, FINE_S = 0.05, 0.005
LINES = (2.0, 1.0, 0.0)
Key = Qt.Key
ARROWS = (Key.Key_Left, Key.Key_Right, Key.Key_Up, Key.Key_Down)
OWN = {*ARROWS, Key.Key_Home, Key.Key_End, Key.Key_Delete, Key.Key_Backspace, Key.Key_Insert}

_gestures = itertools.count(1)
Pixels = TypeVar("Pixels", float, NDArray[np.float64])


class EnvelopeView(QWidget):
    """A curve with points; what it does not take, the lane under it gets.

    Drag a point; a double click adds one, or takes away the one under the mouse. Left and right choose a point, with
    Ctrl they move it, as up and down do (Shift: finer); Insert adds one at the playhead, Delete takes one away.

    Args:
        context: of the window.
        lanes: where time is.
        presenter: of the curve.
        lane: that is drawn over.
    """

    def __init__(self, context: UiContext, lanes: LanesPresenter, presenter: EnvelopePresenter, lane: QWidget) -> None:
        super().__init__(lane)
        self._context, self._lanes, self._presenter = context, lanes, presenter
        self._held, self._gesture = NOBODY, ""
        text = context.text
        self.setAccessibleName(text("Strength over time"))
        self.setToolTip("")
        self.setMouseTracking(True)
        lane.installEventFilter(self)
        self._cover()
        for watched in (presenter.points, presenter.chosen):
            listen(self, watched.changed, lambda _: self._say())
        for watched in (lanes.view, lanes.region_s, context.theme.palette):
            listen(self, watched.changed, lambda _: self.update())
        bind(self, lanes.content, lambda _: self._let_through())
        bind(self, presenter.is_on, lambda _: self._let_through())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            self._cover()
        return False

    def _cover(self) -> None:
        lane = self.parentWidget()
        if lane is not None:
            self.setGeometry(lane.rect())

    def _let_through(self) -> None:
        """Who gets the mouse and the keyboard, and whether there is anything to see."""
        is_on = self._presenter.is_on.value
        is_seen = self._lanes.content.value.state in (LaneState.LOADING, LaneState.SHOWN)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not is_on)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_on else Qt.FocusPolicy.NoFocus)
        self.setVisible(is_seen and (is_on or bool(self._presenter.points.value)))
        if is_on and self.isVisible():
            self.raise_()
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.update()

    def _say(self) -> None:
        speak(self, self._presenter.said)
        self._let_through() if self.isVisible() is not self._is_wanted else self.update()

    @property
    def _is_wanted(self) -> bool:
        return self._presenter.is_on.value or bool(self._presenter.points.value)

    # Geometry

    def _place(self, view: TimeView, point: CurvePoint) -> QPointF:
        return QPointF(view.x_of(point.at_s, self.width()), self._y_of(point.factor))

    def _y_of(self, factor: Pixels) -> Pixels:
        return EDGE + (1 - factor / 2) * (self.height() - 2 * EDGE)

    def _factor_at(self, y: float) -> float:
        return 2 * (1 - (y - EDGE) / (self.height() - 2 * EDGE))

    def _point_at(self, place: QPointF) -> int:
        """The nearest point that the mouse can take hold of; -1: none is near enough."""
        view = self._lanes.view.value
        if view is None:
            return NOBODY
        across = np.abs(view.x_of(self._presenter.points.value.moments, self.width()) - place.x())
        far = across + np.abs(self._y_of(self._presenter.points.value.heights) - place.y())
        nearest = int(np.argmin(far)) if len(far) else NOBODY
        return nearest if len(far) and far[nearest] <= 2 * GRAB else NOBODY

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._point_at(event.position())
        if event.button() is not Qt.MouseButton.LeftButton or at == NOBODY:
            event.ignore()
            return
        self._presenter.let_go()
        self._hold(at)
        self._presenter.choose(at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        view, place = self._lanes.view.value, event.position()
        if self._held == NOBODY or view is None:
            is_over = self._point_at(place) != NOBODY
            self.setCursor(Qt.CursorShape.PointingHandCursor) if is_over else self.unsetCursor()
            event.ignore()
            return
        seconds, factor = view.seconds_at(place.x(), self.width()), self._factor_at(place.y())
        self._presenter.move(self._held, seconds, factor, gesture=self._gesture)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._held == NOBODY:
            event.ignore()
        self._held = NOBODY
        self._presenter.let_go()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        view, place = self._lanes.view.value, event.position()
        at = self._point_at(place)
        if view is None or event.button() is not Qt.MouseButton.LeftButton:
            event.ignore()
        elif at != NOBODY:
            self._presenter.remove(at)
        else:
            self._hold(NOBODY)
            seconds = view.seconds_at(place.x(), self.width())
            self._presenter.add(seconds, self._factor_at(place.y()), gesture=self._gesture)
            self._held = self._presenter.chosen.value

    def _hold(self, at: int) -> None:
        self._held, self._gesture = at, f"envelope-{next(_gestures)}"

    # Keyboard

    def event(self, event: QEvent) -> bool:
        """The arrows are the curve's while it has the keyboard."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in OWN:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, presenter = Key(event.key()), self._presenter
        is_fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        way = 1 if key in (Key.Key_Right, Key.Key_Up) else -1
        if key in (Key.Key_Up, Key.Key_Down):
            presenter.nudge(by=way * (FINE if is_fine else STEP))
        elif key in ARROWS and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            presenter.nudge(by_s=way * (FINE_S if is_fine else STEP_S))
        elif key in ARROWS:
            presenter.choose(presenter.chosen.value + way)
        elif key in (Key.Key_Home, Key.Key_End):
            presenter.choose(0 if key == Key.Key_Home else len(presenter.points.value) - 1)
        elif key in (Key.Key_Delete, Key.Key_Backspace):
            presenter.remove()
        elif key == Key.Key_Insert:
            presenter.let_go()
            presenter.add(self._lanes.position_s.value)
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not event.isAutoRepeat() and event.key() in ARROWS:
            self._presenter.let_go()
        super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._presenter.let_go()
        self.update()

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        view, region = self._lanes.view.value, self._lanes.region_s.value
        if view is None or region is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._presenter.is_on.value:
            self._draw_lines(painter)
        self._draw_curve(painter, view, region)
        if self._presenter.is_on.value:
            self._draw_labels(painter)
            self._draw_points(painter, view)
        painter.end()

    def _draw_lines(self, painter: QPainter) -> None:
        """0, 100 and 200 %."""
        for factor in LINES:
            y = self._y_of(factor)
            painter.setPen(QPen(translucent(self._context.theme.palette.value.text, 0.3), 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(0, y), QPointF(self.width(), y))

    def _draw_labels(self, painter: QPainter) -> None:
        """What the lines are, and what to do while there is no point."""
        palette = self._context.theme.palette.value
        for factor in LINES:
            y = min(max(self._y_of(factor), 8), self.height() - 8)
            draw_label(
                painter, QRectF(0, y - 7, self.width() - GAP, 14), palette, f"{100 * factor:.0f} %", at_right=True
            )
        if not self._presenter.points.value:
            said = self._context.text("Double-click to change the strength from there")
            box = QRectF(0, self.height() / 2 + GAP, self.width(), 20)
            painter.setFont(tabular())
            wide = QFontMetricsF(painter.font()).horizontalAdvance(said)
            draw_label(painter, box.adjusted((box.width() - wide) / 2, 0, 0, 0), palette, said)

    def _draw_curve(self, painter: QPainter, view: TimeView, region: tuple[float, float]) -> None:
        palette, (xs, ys) = self._context.theme.palette.value, self._line(view, region)
        is_dense = len(xs) > self.width()
        lines = _spans(xs, ys) if is_dense else _lines(xs, ys)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, not is_dense)
        strokes = (translucent(palette.sunken, 0.7), 5), (QColor(palette.style), 2)
        for colour, width in strokes[is_dense:]:  # what is dense has no gap for a shadow
            painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            painter.drawLines(lines)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _line(self, view: TimeView, region: tuple[float, float]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """What is in sight of the curve, with one point beyond each edge: x and y, pixels."""
        presenter, moments = self._presenter, self._presenter.points.value.moments
        first, last = max(region[0], view.first_s), min(region[1], view.last_s)
        inside = slice(int(np.searchsorted(moments, first, "right")), int(np.searchsorted(moments, last, "left")))
        at_s = np.r_[first, moments[inside], last]
        heights = np.r_[presenter.factor_at(first), presenter.points.value.heights[inside], presenter.factor_at(last)]
        return view.x_of(at_s, self.width()), self._y_of(heights)

    def _draw_points(self, painter: QPainter, view: TimeView) -> None:
        """Those in sight; where they would be a smear, the chosen one alone."""
        palette, presenter, chosen = self._context.theme.palette.value, self._presenter, self._presenter.chosen.value
        first, last = np.searchsorted(presenter.points.value.moments, (view.first_s, view.last_s)).tolist()
        is_dense = last - first > self.width() / (2 * DOT)
        for number in range(first, min(last + 1, len(presenter.points.value))):
            if is_dense and number != chosen:
                continue
            ring = QPen(QColor(palette.text if self.hasFocus() else palette.sunken), 2)
            painter.setPen(ring if number == chosen else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.style))
            radius = DOT + 1.5 * (number == chosen)
            painter.drawEllipse(self._place(view, presenter.points.value[number]), radius, radius)


def _lines(xs: NDArray[np.float64], ys: NDArray[np.float64]) -> list[QLineF]:
    """From point to point: drawn as a polyline, they take fifteen times as long."""
    places = [QPointF(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)]
    return [QLineF(one, other) for one, other in pairwise(places)]


def _spans(xs: NDArray[np.float64], ys: NDArray[np.float64]) -> list[QLineF]:
    """Where points are denser than pixels, one upright line for each column, high enough to be seen."""
    lefts, tops, bottoms = (part.tolist() for part in column_spans(xs, ys))
    return [QLineF(x, top - 1, x, bottom + 1) for x, top, bottom in zip(lefts, tops, bottoms, strict=True)]
