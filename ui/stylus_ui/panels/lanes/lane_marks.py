"""What is drawn over a lane's picture: region, handles, playhead, progress, a tag."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from stylus_ui.drawing.theme import MEASURES, Palette
from stylus_ui.kit.look import font
from stylus_ui.presenters.lanes.lane_scale import ScaleMark

GRIP_HEIGHT, GRIP_WIDTH = 20, 6
SCALE_WIDTH = 56
GROUND = 0.09


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionMarks:
    """Where the region and its handles are, in logical pixels of the lane."""

    first: float
    last: float
    heard_first: float
    heard_last: float

    def is_all(self, width: float) -> bool:
        """The region is all that is in sight, from edge to edge."""
        return self.first <= 0.0 and self.last >= width


@lru_cache(maxsize=8)
def tabular(size: int = MEASURES.small, *, is_strong: bool = False) -> QFont:
    """The window's font with figures of one width, so that numbers do not jump."""
    made = font(size, is_strong=is_strong)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def translucent(colour: str, opacity: float) -> QColor:
    """A palette colour, partly transparent."""
    made = QColor(colour)
    made.setAlphaF(opacity)
    return made


def draw_shade(painter: QPainter, marks: RegionMarks, area: QRectF, palette: Palette, *, opacity: float) -> None:
    """Outside the region everything recedes; the handles, which the engine hears, a little less."""
    outer, handle = translucent(palette.sunken, opacity), translucent(palette.sunken, opacity * 0.6)
    for left, right, colour in (
        (area.left(), marks.heard_first, outer),
        (marks.heard_first, marks.first, handle),
        (marks.last, marks.heard_last, handle),
        (marks.heard_last, area.right(), outer),
    ):
        begin, end = max(area.left(), left), min(area.right(), right)
        if end > begin:
            painter.fillRect(QRectF(begin, area.top(), end - begin, area.height()), colour)


def draw_ground(painter: QPainter, marks: RegionMarks, area: QRectF, palette: Palette, *, colour: str) -> None:
    """Behind a waveform: the region in a breath of its colour, the handles in half of it."""
    ground = getattr(palette, colour)
    for left, right, share in (
        (marks.heard_first, marks.first, 0.5),
        (marks.first, marks.last, 1.0),
        (marks.last, marks.heard_last, 0.5),
    ):
        painter.fillRect(QRectF(left, area.top(), right - left, area.height()), translucent(ground, GROUND * share))


def draw_edges(
    painter: QPainter, marks: RegionMarks, area: QRectF, palette: Palette, *, colour: str, hovered: str
) -> None:
    """Both ends of the region with something to take hold of; ``hovered``: "first", "last" or empty."""
    ink = QColor(getattr(palette, colour))
    for name, x, inwards in (("first", marks.first, 1), ("last", marks.last, -1)):
        if area.left() - 1 <= x <= area.right() + 1:
            at = min(max(x, area.left()), area.right())
            if not marks.is_all(area.width()):
                painter.fillRect(QRectF(at - 0.5, area.top(), 1, area.height()), ink)
            _draw_grip(painter, at, area, ink, wide=name == hovered, inwards=inwards)
    painter.setPen(QPen(QColor(palette.edge), 1, Qt.PenStyle.DotLine))
    for x in (marks.heard_first, marks.heard_last):
        if x not in (marks.first, marks.last) and area.left() <= x <= area.right():
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))


def _draw_grip(painter: QPainter, x: float, area: QRectF, colour: QColor, *, wide: bool, inwards: int) -> None:
    """A tab at the foot of the edge, away from the waveform's middle."""
    width = GRIP_WIDTH + (3 if wide else 0)
    left = x if inwards > 0 else x - width
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(QRectF(left, area.bottom() - GRIP_HEIGHT, width, GRIP_HEIGHT), 2, 2)


def draw_playhead(painter: QPainter, x: float, area: QRectF, palette: Palette) -> None:
    """A line with a dark border, so that it is seen on every picture."""
    painter.fillRect(QRectF(x - 1.5, area.top(), 3, area.height()), translucent(palette.sunken, 0.6))
    painter.fillRect(QRectF(x - 0.5, area.top(), 1, area.height()), QColor(palette.text))


def draw_flag(painter: QPainter, x: float, bottom: float, palette: Palette) -> None:
    """The playhead's head, on the ruler."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(palette.text))
    painter.drawPolygon(QPolygonF([QPointF(x - 5, bottom - 6), QPointF(x + 5, bottom - 6), QPointF(x, bottom)]))


def draw_tag(
    painter: QPainter,
    area: QRectF,
    palette: Palette,
    said: str,
    *,
    dot: str = "",
    note: str = "",
    at_left: bool = False,
) -> None:
    """A tag in an upper corner: a word, a dot in a state's colour, a number."""
    metrics = QFontMetricsF(tabular())
    gap, pad, height = 6.0, 8.0, 20.0
    dot_room = 6 + gap if dot else 0
    note_room = metrics.horizontalAdvance(note) + gap if note else 0
    width = 2 * pad + metrics.horizontalAdvance(said) + dot_room + note_room
    left = area.left() + 8 if at_left else area.right() - 8 - width
    box = QRectF(left, area.top() + 8, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(translucent(palette.surface, 0.85))
    painter.drawRoundedRect(box, MEASURES.radius, MEASURES.radius)
    x = box.left() + pad
    if at_left and dot:
        x = _draw_dot(painter, x, box, palette, dot) + gap
    x = _draw_word(painter, x, box, said, palette.text) + gap
    if dot and not at_left:
        x = _draw_dot(painter, x, box, palette, dot) + gap
    if note:
        _draw_word(painter, x, box, note, palette.muted)


def draw_label(painter: QPainter, place: QRectF, palette: Palette, said: str, *, at_right: bool = False) -> None:
    """Small muted words on a plate that lets them be read on any picture; at the left of their place, or the right."""
    painter.setFont(tabular())
    wide = QFontMetricsF(painter.font()).horizontalAdvance(said) + 1
    left = place.right() - wide if at_right else place.left()
    plate = QRectF(left, place.center().y() - 7, wide, 14)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(translucent(palette.sunken, 0.75))
    painter.drawRoundedRect(plate.adjusted(-3, 0, 3, 0), 3, 3)
    painter.setPen(QColor(palette.muted))
    painter.drawText(plate, Qt.AlignmentFlag.AlignVCenter, said)


def draw_scale(painter: QPainter, marks: Sequence[ScaleMark], palette: Palette) -> None:
    """What the heights of a lane mean, at its left edge."""
    for mark in marks:
        painter.fillRect(QRectF(0, round(mark.y), 4, 1), QColor(palette.muted))
        draw_label(painter, QRectF(10, mark.y - 7, SCALE_WIDTH, 14), palette, mark.label)


def _draw_dot(painter: QPainter, x: float, box: QRectF, palette: Palette, token: str) -> float:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(getattr(palette, token)))
    painter.drawEllipse(QRectF(x, box.center().y() - 3, 6, 6))
    return x + 6


def _draw_word(painter: QPainter, x: float, box: QRectF, word: str, colour: str) -> float:
    painter.setFont(tabular())
    painter.setPen(QColor(colour))
    width = QFontMetricsF(painter.font()).horizontalAdvance(word)
    painter.drawText(QRectF(x, box.top(), width + 1, box.height()), Qt.AlignmentFlag.AlignVCenter, word)
    return x + width
