"""What is drawn of a draft: its seconds instead of what is under them, hatched, between two lines."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from stylus_ui.panels.lanes.lane_marks import GROUND, translucent
from stylus_ui.panels.lanes.lane_picture import LanePicture, Sight
from stylus_ui.presenters.lanes.lane_draft import LaneDraft

GAP, HATCH = 10, 0.38  # px between the lines, and how opaque they are: by eye, the sound stays readable


def draw_draft(
    painter: QPainter, draft: LaneDraft, picture: LanePicture, sight: Sight, area: QRectF, *, shows_mel: bool
) -> None:
    """Over the lane's own sound.

    Args:
        painter: of the lane.
        draft: what is there.
        picture: kept for it.
        sight: of the lane, from where the draft begins.
        area: of the lane.
        shows_mel: its mel picture instead of its waveform.
    """
    ends_s = draft.first_s, draft.first_s + draft.length_s
    left, right = (sight.view.x_of(seconds, area.width()) for seconds in ends_s)
    place = QRectF(left, area.top(), right - left, area.height())
    busy = sight.palette.busy
    painter.save()
    painter.setClipRect(place, Qt.ClipOperation.IntersectClip)
    painter.fillRect(place, QColor(sight.palette.sunken))
    painter.fillRect(place, translucent(busy, GROUND))
    waves = None if shows_mel else picture.wave(draft.audio, sight)
    image = picture.mel(draft.audio, sight) if shows_mel else waves[0] if waves else None
    if image is not None:
        painter.drawImage(QPointF(0, 0), image)
    _hatch(painter, place, translucent(busy, HATCH))
    painter.restore()
    for x in (left, right):
        painter.fillRect(QRectF(x - 0.5, area.top(), 1, area.height()), QColor(busy))


def _hatch(painter: QPainter, area: QRectF, colour: QColor) -> None:
    """Slanted lines over all of an area: it is not finished."""
    painter.setPen(QPen(colour, 1))
    height = area.height()
    for step in range(int((area.width() + height) // GAP) + 1):
        x = area.left() + step * GAP
        painter.drawLine(QLineF(x, area.top(), x - height, area.bottom()))
