"""The icon of the program, drawn: two waves that become one, in the two accents."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPixmap

from stylus_ui.drawing.theme import DARK

SIZES = (16, 22, 24, 32, 48, 64, 128, 256)
_BARS = (0.24, 0.5, 0.82, 0.56, 0.3)
"""Heights of the five bars, as shares of the icon."""
_WIDTH, _GAP, _CORNER = 0.1, 0.06, 0.22
"""Of a bar, between two, and the radius of the ground's corners; shares of the icon."""


def window_icon() -> QIcon:
    """In every size that desktops ask for."""
    icon = QIcon()
    for size in SIZES:
        icon.addPixmap(icon_picture(size))
    return icon


def icon_picture(size: int) -> QPixmap:
    """The icon, ``size`` pixels wide and high, on a transparent ground."""
    picture = QPixmap(size, size)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ground = QPainterPath()
    ground.addRoundedRect(QRectF(0, 0, size, size), size * _CORNER, size * _CORNER)
    painter.fillPath(ground, QColor(DARK.surface))
    for x, height, colour in _bars():
        bar = QPainterPath()
        place = QRectF(x * size, size * (1 - height) / 2, _WIDTH * size, size * height)
        bar.addRoundedRect(place, _WIDTH * size / 2, _WIDTH * size / 2)
        painter.fillPath(bar, QColor(colour))
    painter.end()
    return picture


def icon_svg() -> str:
    """The same as SVG, which menus of desktops ask for."""

    def box(x: float, height: float, width: float, radius: float, colour: str) -> str:
        place = f'x="{x:g}" y="{50 - height / 2:g}" width="{width:g}" height="{height:g}" rx="{radius:g}"'
        return f'  <rect {place} fill="{colour}"/>\n'

    bars = (box(round(100 * x, 3), 100 * height, 100 * _WIDTH, 50 * _WIDTH, colour) for x, height, colour in _bars())
    ground = box(0, 100, 100, 100 * _CORNER, DARK.surface)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">\n{ground}{"".join(bars)}</svg>\n'


def _bars() -> Iterator[tuple[float, float, str]]:
    """Left edge, height (both as shares of the icon) and colour of each bar."""
    left = (1 - len(_BARS) * _WIDTH - (len(_BARS) - 1) * _GAP) / 2
    for number, height in enumerate(_BARS):
        yield left + number * (_WIDTH + _GAP), height, DARK.content if number < 2 else DARK.style
