"""RowPainter: lines of text and icons for rows that are painted by hand, made once and kept."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPixmap

from stylus_ui.drawing.theme import MEASURES, Theme
from stylus_ui.kit.icons import pixmap
from stylus_ui.kit.look import font

LEFT, RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight


class RowPainter:
    """Draws in the theme's colours of the moment."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._icons: dict[tuple[str, str, int, float], QPixmap] = {}
        self._fonts: dict[tuple[int, bool], tuple[QFont, QFontMetrics]] = {}

    def colour(self, token: str) -> QColor:
        """A colour of the palette."""
        return QColor(self._theme.colour(token))

    def width(self, said: str, *, size: int = MEASURES.body, strong: bool = False) -> int:
        """Of a line."""
        return self._font(size, strong)[1].horizontalAdvance(said)

    def line(
        self,
        painter: QPainter,
        area: QRect,
        said: str,
        colour: str = "text",
        *,
        size: int = MEASURES.body,
        strong: bool = False,
        side: Qt.AlignmentFlag = LEFT,
    ) -> None:
        """One line, cut where it does not fit."""
        used, metrics = self._font(size, strong)
        painter.setFont(used)
        painter.setPen(self.colour(colour))
        cut = metrics.elidedText(said, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, cut)

    def icon(self, painter: QPainter, area: QRect, name: str, colour: str, *, size: int = MEASURES.icon) -> None:
        """An icon in the middle of an area."""
        place = QRect(0, 0, size, size)
        place.moveCenter(area.center())
        painter.drawPixmap(place, self._icon(name, colour, size, painter.device().devicePixelRatio()))

    def _font(self, size: int, strong: bool) -> tuple[QFont, QFontMetrics]:
        if (size, strong) not in self._fonts:
            made = font(size, is_strong=strong)
            self._fonts[size, strong] = made, QFontMetrics(made)
        return self._fonts[size, strong]

    def _icon(self, name: str, colour: str, size: int, ratio: float) -> QPixmap:
        key = (name, self._theme.colour(colour), size, ratio)
        if key not in self._icons:
            self._icons[key] = pixmap(self._theme, name, colour, size=size, ratio=ratio)
        return self._icons[key]
