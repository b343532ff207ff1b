"""Icons: the set in ``assets/icons`` (Lucide, ISC licence) in any colour of the palette, sharp at every scale."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QPushButton

from stylus_ui.drawing.theme import MEASURES, Theme
from stylus_ui.kit.binding import bind
from stylus_ui.kit.icons_folder import svg_of

SHOWN = "icon_shown"
"""Property of a button: which icon it has."""


def icon(theme: Theme, name: str, colour: str = "text") -> QIcon:
    """An icon by its file's name, in the palette's colour of that name; it follows a change of the theme.

    Disabled, it is drawn in ``faint``.

    Raises:
        FileNotFoundError: no such icon.
    """
    return QIcon(_Engine(theme, name, svg_of(name), colour))


def pixmap(theme: Theme, name: str, colour: str = "text", *, size: int = MEASURES.icon, ratio: float = 1.0) -> QPixmap:
    """The icon as a picture of ``size`` logical pixels for a screen with that device pixel ratio."""
    return icon(theme, name, colour).pixmap(QSize(size, size), float(ratio))


def set_icon(button: QAbstractButton, theme: Theme, name: str, colour: str = "text") -> None:
    """Give a button its icon, and draw it again when the theme changes. Words keep their distance from it."""
    gap = MEASURES.half if isinstance(button, QPushButton) and button.text() else 0
    button.setIconSize(QSize(MEASURES.icon + gap, MEASURES.icon))
    if button.property(SHOWN) == (shown := f"{name} {colour}"):
        return
    if button.property(SHOWN) is None:
        bind(button, theme.palette, lambda _: button.update())
    button.setProperty(SHOWN, shown)
    button.setIcon(icon(theme, name, colour))


class _Engine(QIconEngine):
    """Draws an SVG whose strokes are ``currentColor``."""

    def __init__(self, theme: Theme, name: str, svg: str, colour: str) -> None:
        super().__init__()
        self._theme, self._name, self._svg, self._colour = theme, name, svg, colour

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        coloured = self._svg.replace("currentColor", self._value(mode))
        QSvgRenderer(QByteArray(coloured.encode())).render(painter, _square(rect))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        """Drawn once for each colour and size: Qt asks at every paint."""
        key = f"{self._name} {self._value(mode)} {size.width()}x{size.height()} {scale}"
        picture = QPixmap()
        if QPixmapCache.find(key, picture):
            return picture
        picture = QPixmap(size * scale)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, picture.rect(), mode, state)
        painter.end()
        picture.setDevicePixelRatio(scale)
        QPixmapCache.insert(key, picture)
        return picture

    def clone(self) -> QIconEngine:
        return _Engine(self._theme, self._name, self._svg, self._colour)

    def _value(self, mode: QIcon.Mode) -> str:
        return self._theme.colour("faint" if mode is QIcon.Mode.Disabled else self._colour)


def _square(rect: QRect) -> QRectF:
    """An icon is never stretched: it is at the left of a place that is wider than high."""
    side = min(rect.width(), rect.height())
    return QRectF(rect.left(), rect.top() + (rect.height() - side) / 2, side, side)
