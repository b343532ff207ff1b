"""What is drawn of a render in progress: the content turns into the colour of the style from the left."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from stylus_ui.drawing.theme import Palette
from stylus_ui.panels.lanes.lane_marks import translucent
from stylus_ui.presenters.lanes.lane import Lane, LaneState
from stylus_ui.presenters.lanes.time_view import TimeView

WASH, WAVES = 0.10, 0.55  # opacities, by eye: the content stays readable under both


def draw_progress(
    painter: QPainter,
    lane: Lane,
    view: TimeView,
    area: QRectF,
    palette: Palette,
    waves: tuple[QImage, QImage] | None,
) -> None:
    """From the lane's beginning to its end.

    Args:
        painter: of the lane; stays clipped to the render's place.
        lane: that waits or renders.
        view: what is in sight.
        area: of the lane.
        palette: of the window.
        waves: of the content, as it is drawn inside and outside of a region; None while it is loaded.
    """
    first = view.x_of(lane.first_s, area.width())
    end = view.x_of(lane.first_s + lane.length_s, area.width())
    done = first + (end - first) * lane.fraction
    painter.setClipRect(QRectF(first, 0, end - first, area.height()), Qt.ClipOperation.IntersectClip)
    painter.fillRect(QRectF(first, 0, done - first, area.height()), translucent(palette.style, WASH))
    if waves is not None:
        painter.setOpacity(WAVES)
        draw_split(painter, *waves, first, done)
        painter.setOpacity(1.0)
    if lane.state is LaneState.RENDERING:
        painter.fillRect(QRectF(done - 1, 0, 2, area.height()), QColor(palette.style))


def draw_split(painter: QPainter, inside: QImage, outside: QImage, first: float, last: float) -> None:
    """One picture between two places, another one around them."""
    ratio, width, height = inside.devicePixelRatio(), inside.width(), inside.height()
    begin, end = (min(max(0, round(x * ratio)), width) for x in (first, last))
    for image, left, right in ((outside, 0, begin), (inside, begin, end), (outside, end, width)):
        if right > left:
            painter.drawImage(QPointF(left / ratio, 0), image, QRectF(left, 0, right - left, height))
