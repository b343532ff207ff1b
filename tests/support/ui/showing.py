"""A panel on the screen, as a test wants it."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

Panel = TypeVar("Panel", bound=QWidget)


def shown(qtbot: QtBot, panel: Panel, width: int, height: int) -> Panel:
    """The same panel, in that size and seen; it goes with the test."""
    qtbot.addWidget(panel)
    panel.resize(width, height)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel
