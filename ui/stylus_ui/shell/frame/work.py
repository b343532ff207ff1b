"""Work: lanes above transport and styles, and how these share the height."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from stylus_ui.kit.parts import column, hairline

LANES = 352
"""Logical pixels of two low lanes, their ruler and their takes: what they have before the styles grow."""
STYLES_LEAST, STYLES_MOST = 152, 208


class Work(QWidget):
    """The middle of the window.

    Args:
        lanes, transport, styles: below each other; the transport has a height of its own.
    """

    def __init__(self, lanes: QWidget, transport: QWidget, styles: QWidget) -> None:
        super().__init__()
        self._transport, self._styles = transport, styles
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        styles.setFixedHeight(STYLES_LEAST)
        layout = column(lanes, hairline(), transport, hairline(), styles, spacing=0)
        layout.setStretch(0, 1)
        self.setLayout(layout)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        left = self.height() - LANES - self._transport.height()
        self._styles.setFixedHeight(min(max(left, STYLES_LEAST), STYLES_MOST))
