"""The icon of the program, drawn: two waves that become one, in the two accents."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPixmap

from stylus_ui.drawing.theme import DARK

SIZES = (16, 22, 24, 32, 48, 64, 128, 256)
_BARS = (0.24, 0.5, 0.82, 0.56, 0.3)
"""Heights of the five bars, as shares of the icon."""


def window_icon() -> QIcon:
    """In every size that desktops ask for."""
    icon = QIcon()
    for size in SIZES:
        icon.addPixmap(_drawn(size))
    return icon


def _drawn(size: int) -> QPixmap:
    picture = QPixmap(size, size)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ground = QPainterPath()
    ground.addRoundedRect(QRectF(0, 0, size, size), size * 0.22, size * 0.22)
    painter.fillPath(ground, QColor(DARK.surface))
    width, gap = size * 0.1, size * 0.06
    left = (size - 5 * width - 4 * gap) / 2
    for number, height in enumerate(_BARS):
        bar = QPainterPath()
        place = QRectF(left + number * (width + gap), size * (1 - height) / 2, width, size * height)
        bar.addRoundedRect(place, width / 2, width / 2)
        painter.fillPath(bar, QColor(DARK.content if number < 2 else DARK.style))
    painter.end()
    return picture
