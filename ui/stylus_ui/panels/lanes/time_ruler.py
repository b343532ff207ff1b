"""TimeRuler and TimeStrip: when it is, and which part of the whole is in sight."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from stylus_ui.context import UiContext
from stylus_ui.panels.lanes import lane_marks
from stylus_ui.panels.lanes.time_widget import TimeWidget, redraw_on
from stylus_ui.presenters.lanes.lanes import LanesPresenter
from stylus_ui.presenters.lanes.ruler import ticks

RULER_HEIGHT, STRIP_HEIGHT = 24, 8
THUMB_PX = 16.0


class TimeRuler(TimeWidget):
    """Seconds, or bars where the tempo is known; a click or a drag moves the playhead."""

    def __init__(self, context: UiContext, presenter: LanesPresenter) -> None:
        super().__init__(context, presenter, has_region=False)
        self.setFixedHeight(RULER_HEIGHT)
        self.setAccessibleName(context.text("Time"))
        redraw_on(self, context.theme.palette, presenter.view, presenter.position_s, presenter.tempo)

    def paintEvent(self, event: QPaintEvent) -> None:
        view = self._presenter.view.value
        if view is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_ticks(painter)
        x = view.x_of(self._presenter.position_s.value, self.width())
        lane_marks.draw_flag(painter, x, self.height(), self._palette)
        painter.end()

    def _draw_ticks(self, painter: QPainter) -> None:
        view, palette = self._presenter.view.value, self._palette
        assert view is not None
        painter.setFont(lane_marks.tabular())
        metrics = QFontMetricsF(painter.font())
        for tick in ticks(view, self.width(), self._presenter.tempo.value):
            x = view.x_of(tick.seconds, self.width())
            height = 6 if tick.label else 3
            painter.fillRect(QRectF(x - 0.5, self.height() - height, 1, height), QColor(palette.edge))
            width = metrics.horizontalAdvance(tick.label)
            left = min(max(0.0, x - width / 2), self.width() - width)
            painter.setPen(QColor(palette.muted))
            painter.drawText(QRectF(left, 0, width + 1, self.height() - 8), Qt.AlignmentFlag.AlignVCenter, tick.label)


class TimeStrip(QWidget):
    """The whole content as a line: what is in sight, and the region. Drag to pan, double-click to see all."""

    def __init__(self, context: UiContext, presenter: LanesPresenter) -> None:
        super().__init__()
        self._context, self._presenter = context, presenter
        self._from: float | None = None
        self.setFixedHeight(STRIP_HEIGHT)
        self.setAccessibleName(context.text("Visible range"))
        redraw_on(self, context.theme.palette, presenter.view, presenter.region_s)

    def paintEvent(self, event: QPaintEvent) -> None:
        view, palette = self._presenter.view.value, self._context.theme.palette.value
        if view is None or view.shows_all:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        scale, middle = self.width() / view.duration_s, self.height() / 2
        self._bar(painter, QRectF(0, middle - 1, self.width(), 2), palette.line)
        if (region := self._presenter.region_s.value) is not None:
            wide = max(2.0, (region[1] - region[0]) * scale)
            self._bar(painter, QRectF(region[0] * scale, middle - 1, wide, 2), palette.content)
        wide = max(THUMB_PX, view.span_s * scale)
        left = min(view.first_s * scale, self.width() - wide)
        painter.setOpacity(0.6)
        self._bar(painter, QRectF(left, middle - 3, wide, 6), palette.edge)
        painter.end()

    def _bar(self, painter: QPainter, place: QRectF, colour: str) -> None:
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(place, place.height() / 2, place.height() / 2)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        view = self._presenter.view.value
        if view is None:
            return
        at = event.position().x() / self.width() * view.duration_s
        if not view.first_s <= at <= view.last_s:
            self._presenter.pan(at - (view.first_s + view.last_s) / 2)
        self._from = event.position().x()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        view = self._presenter.view.value
        if view is not None and self._from is not None:
            self._presenter.pan((event.position().x() - self._from) / self.width() * view.duration_s)
            self._from = event.position().x()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._from = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._presenter.show_all()
