"""Elided: a label that shortens what does not fit instead of pushing others away."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel

from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.look import font

SLACK = 2
"""Pixels that Qt wants beyond the text's advance before it leaves the text whole."""


class Elided(QLabel):
    """One line of small text.

    Args:
        said: all of it; screen readers get it whole.
        is_strong: in the heavier weight.
        size: of the letters, logical pixels.
    """

    def __init__(self, said: str, *, is_strong: bool = False, size: int = MEASURES.small) -> None:
        super().__init__(said)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._font = font(size, is_strong=is_strong)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, MEASURES.grid * 2)

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(self._font).horizontalAdvance(self.text()) + SLACK, MEASURES.grid * 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._font)
        painter.setPen(self.palette().color(self.foregroundRole()))
        cut = QFontMetrics(self._font).elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        side = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.rect(), side | Qt.TextFlag.TextSingleLine, cut)
        painter.end()
