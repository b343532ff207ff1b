"""What is drawn of a draft: its seconds instead of what is under them, between two lines."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from stylus_ui.panels.workspace.lane_marks import GROUND, translucent
from stylus_ui.panels.workspace.lane_picture import LanePicture, Sight
from stylus_ui.presenters.workspace.lane_draft import LaneDraft


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
    painter.restore()
    for x in (left, right):
        painter.fillRect(QRectF(x - 0.5, area.top(), 1, area.height()), QColor(busy))
