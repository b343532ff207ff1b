"""How the middle of the window shares its height."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from stylus_ui.context import UiContext
from stylus_ui.panels.lanes.lanes import LanesPanel
from stylus_ui.shell.frame.work import STYLES_LEAST, STYLES_MOST, Work


@pytest.mark.parametrize(("height", "styles"), [(500, STYLES_LEAST), (592, 184), (800, STYLES_MOST)])
def test_the_lanes_have_their_room_before_the_styles_grow(
    look: UiContext, qtbot: QtBot, height: int, styles: int
) -> None:
    lanes, transport, below = LanesPanel(look), QWidget(), QWidget()
    transport.setFixedHeight(56)
    work = Work(lanes, transport, below)
    qtbot.addWidget(work)
    work.resize(600, height)
    work.show()
    QApplication.processEvents()
    assert below.height() == styles
    assert lanes.height() >= lanes.minimumSizeHint().height(), "else one lane lies over the other"
