"""The menu of tags, driven with mouse and keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from stylus_ui.context import UiContext
from stylus_ui.panels.library.presets import PresetPanel
from stylus_ui.panels.library.tag_menu import TagMenu
from tests.support.ui.showing import shown

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(look: UiContext, qtbot: QtBot) -> PresetPanel:
    return shown(qtbot, PresetPanel(look), 264, 700)


@pytest.fixture
def menu(panel: PresetPanel, look: UiContext, qtbot: QtBot) -> TagMenu:
    made = TagMenu(look, panel.presenter, panel)
    made.popup(panel.mapToGlobal(panel.rect().topLeft()))
    qtbot.waitUntil(made.isVisible)
    return made


def test_letters_leave_the_tags_that_contain_them_and_enter_takes_the_first(
    menu: TagMenu, panel: PresetPanel, qtbot: QtBot
) -> None:
    everything = menu.shown
    assert len(everything) > 20
    qtbot.keyClicks(menu.field, "brig")
    assert menu.shown == ["bright"]
    qtbot.keyClick(menu.field, Qt.Key.Key_Return)
    assert panel.presenter.wanted.value.tags == ("bright",)
    assert menu.shown == everything, "the next one can be looked for"


def test_the_menu_stays_open_while_tags_are_clicked(menu: TagMenu, panel: PresetPanel, qtbot: QtBot) -> None:
    first, second = menu.shown[:2]
    for tag in (first, second):
        action = next(one for one in menu.actions() if one.text().startswith(f"{tag}  "))
        qtbot.mouseMove(menu, menu.actionGeometry(action).center())
        qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())
    assert menu.isVisible()
    assert panel.presenter.wanted.value.tags == (first, second)
