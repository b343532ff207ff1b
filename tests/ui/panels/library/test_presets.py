"""The preset panel, driven with mouse and keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, Qt, QUrl
from PySide6.QtGui import QAction, QContextMenuEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from stylus_ui.context import UiContext
from stylus_ui.panels.library.preset_model import ROW
from stylus_ui.panels.library.presets import PresetPanel
from stylus_ui.presenters.library.preset_shelf import ShelvedPreset
from tests.support.ui.player import SilentPlayer
from tests.support.ui.showing import shown

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(look: UiContext, qtbot: QtBot) -> PresetPanel:
    made = shown(qtbot, PresetPanel(look), 264, 700)
    made.activateWindow()
    return made


def row_of(panel: PresetPanel, preset_id: str) -> QRect:
    model = panel.list.model()
    for number in range(model.rowCount()):
        row = model.index(number, 0).data(ROW)
        if isinstance(row, ShelvedPreset) and row.id == preset_id:
            panel.list.scrollTo(model.index(number, 0))
            return panel.list.visualRect(model.index(number, 0))
    raise AssertionError(f"{preset_id} is not in the list")


def click(qtbot: QtBot, panel: PresetPanel, preset_id: str, from_right: int = 120) -> None:
    area = row_of(panel, preset_id)
    qtbot.mouseClick(panel.list.viewport(), LEFT, pos=QPoint(area.right() - from_right, area.center().y()))


def field(panel: PresetPanel, name: str) -> QLineEdit:
    return next(one for one in panel.findChildren(QLineEdit) if one.accessibleName() == name)


def button(panel: PresetPanel, words: str) -> QPushButton:
    return next(one for one in panel.findChildren(QPushButton) if one.text() == words and one.isVisible())


def test_a_click_loads_and_the_star_and_the_play_button_do_not(
    panel: PresetPanel, qtbot: QtBot, context: UiContext
) -> None:
    context.player.value = player = SilentPlayer()
    click(qtbot, panel, "dusty-rhodes", from_right=20)
    click(qtbot, panel, "dusty-rhodes", from_right=50)
    assert context.workspace.workpiece.value.preset_id == ""
    assert player.previewing.value is not None
    assert [one.id for one in panel.presenter.found if one.is_favourite] == ["dusty-rhodes"]

    click(qtbot, panel, "dusty-rhodes")
    assert context.workspace.workpiece.value.preset_id == "dusty-rhodes"


def test_it_is_searched_and_loaded_by_keyboard_alone(panel: PresetPanel, qtbot: QtBot, context: UiContext) -> None:
    context.shortcuts.trigger("search")
    qtbot.keyClicks(panel.search, "harp")
    qtbot.keyClick(panel.search, Qt.Key.Key_Down)
    assert QApplication.focusWidget() is panel.list
    first = panel.list.current
    qtbot.keyClick(panel.list, Qt.Key.Key_Down)
    second = panel.list.current
    assert first is not None
    assert second is not None
    assert first.id != second.id
    qtbot.keyClick(panel.list, Qt.Key.Key_Return)
    assert context.workspace.workpiece.value.preset_id == second.id

    panel.search.setFocus()
    qtbot.keyClick(panel.search, Qt.Key.Key_Escape)
    assert len(panel.presenter.found) == 30


def test_enter_renders_with_the_preset_under_the_keyboard_and_keeps_what_was_changed_of_it(
    panel: PresetPanel, qtbot: QtBot, context: UiContext
) -> None:
    rendered: list[tuple[str, float | None]] = []

    def render() -> None:
        workpiece = context.workspace.workpiece.value
        rendered.append((workpiece.preset_id, workpiece.treatment.settings.strength))

    context.shortcuts.on("render", render)
    click(qtbot, panel, "glass-vibes")
    context.workspace.edit_settings(strength=0.25)
    qtbot.keyClick(panel.list, Qt.Key.Key_Return)
    assert rendered == [("glass-vibes", 0.25)]
    qtbot.keyClick(panel.list, Qt.Key.Key_Down)
    qtbot.keyClick(panel.list, Qt.Key.Key_Enter)
    assert rendered[1][0] == panel.list.current.id != "glass-vibes"


def test_an_empty_search_says_so_and_leads_back(panel: PresetPanel, qtbot: QtBot) -> None:
    panel.search.setText("zzzz")
    qtbot.mouseClick(button(panel, "Show all"), LEFT)
    assert panel.search.text() == ""
    assert len(panel.presenter.found) == 30


def test_save_is_asked_in_place_and_ends_with_the_preset_in_sight(
    panel: PresetPanel, qtbot: QtBot, context: UiContext
) -> None:
    assert not button(panel, "Save preset").isEnabled()
    click(qtbot, panel, "glass-vibes")
    context.shortcuts.trigger("save_preset")
    name = field(panel, "Name")
    assert (name.hasFocus(), name.selectedText()) == (True, "Glass Vibes 2")
    qtbot.keyClicks(name, "Late Night")
    qtbot.keyClick(name, Qt.Key.Key_Return)

    assert not name.isVisible()
    assert panel.list.current is not None
    assert panel.list.current.preset.name == "Late Night"
    context.shortcuts.trigger("save_preset")
    qtbot.keyClick(name, Qt.Key.Key_Escape)
    assert not name.isVisible()


def test_the_menu_renames_and_deletes_only_what_is_the_users(panel: PresetPanel, qtbot: QtBot) -> None:
    panel.edits.duplicate("choir-pad")
    own, factory = panel.presenter.found[-1], panel.presenter.found[0]
    actions = {action.text(): action for action in panel.menu_of(own).findChildren(QAction)}
    refused = {action.text(): action for action in panel.menu_of(factory).findChildren(QAction)}
    assert (actions["Delete"].isEnabled(), refused["Delete"].isEnabled()) == (True, False)

    panel.list.show_preset(own.id)
    qtbot.keyClick(panel.list, Qt.Key.Key_F2)
    assert field(panel, "Name").text() == "Choir Pad 2"
    qtbot.keyClick(field(panel, "Name"), Qt.Key.Key_Escape)
    qtbot.keyClick(panel.list, Qt.Key.Key_Delete)
    assert own.id not in [one.id for one in panel.presenter.found]


def test_a_right_click_opens_the_menu_of_its_row(panel: PresetPanel, qtbot: QtBot) -> None:
    at = row_of(panel, "pizzicato").center()
    view = panel.list.viewport()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, view.mapToGlobal(at))
    QApplication.sendEvent(view, event)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    assert panel.list.current is not None
    assert panel.list.current.id == "pizzicato"
    menu.close()


def test_a_dropped_bundle_is_imported(panel: PresetPanel, tmp_path: Path) -> None:
    panel.edits.duplicate("slow-drift")
    panel.edits.export("slow-drift-2", tmp_path / "mine.styluspreset")
    panel.edits.delete("slow-drift-2")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "mine.styluspreset"))])
    panel.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, mime, LEFT, Qt.KeyboardModifier.NoModifier))
    assert panel.presenter.found[-1].preset.name == "Slow Drift 2"


def test_rows_are_told_to_screen_readers(panel: PresetPanel, qtbot: QtBot) -> None:
    click(qtbot, panel, "warm-strings")
    index = panel.list.indexAt(row_of(panel, "warm-strings").center())
    said = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "Warm Strings, number 0, loaded, warm, ensemble, sustained"
    assert panel.list.accessibleName()


def test_covers_come_while_rows_are_in_sight_and_not_for_all(panel: PresetPanel, qtbot: QtBot) -> None:
    covers = panel.list.findChild(type(panel.list._covers))
    shown = panel.presenter.found[0]
    panel.list.viewport().repaint()
    pixels = round(36 * panel.devicePixelRatioF())
    picture = covers.get(shown, pixels)
    assert picture is not None
    assert picture.width() == pixels
    assert len(covers._kept) < len(panel.presenter.found)
