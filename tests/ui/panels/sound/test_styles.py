"""The styles panel, driven with mouse and keyboard."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QComboBox, QPushButton, QSpinBox, QToolButton
from pytestqt.qtbot import QtBot

from stylus_daw.engine.request import Quality
from stylus_daw.engine.shelf.unheard import unheard_knobs
from stylus_daw.presets.library.library import factory_folder
from stylus_ui.context import UiContext
from stylus_ui.panels.sound.style_card import StyleCardView
from stylus_ui.panels.sound.style_list import StyleList
from stylus_ui.panels.sound.styles import StylesPanel
from stylus_ui.presenters.sound.blend import CORNERS
from stylus_ui.workspace.workpiece import StyleSlot
from tests.support.ui.player import SilentPlayer
from tests.support.ui.showing import shown

LEFT = Qt.MouseButton.LeftButton
STYLES = [factory_folder() / "styles" / f"{name}.flac" for name in ("choir", "cello", "flute", "harp", "sitar")]


@pytest.fixture
def panel(look: UiContext, qtbot: QtBot) -> StylesPanel:
    return shown(qtbot, StylesPanel(look), 600, 152)


def drop(panel: StylesPanel, paths: list[Path]) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, mime, LEFT, Qt.KeyboardModifier.NoModifier)
    panel.dropEvent(event)


def cards(panel: StylesPanel) -> list[StyleCardView]:
    found = [card for card in panel.findChildren(StyleCardView) if card.isVisible()]
    return sorted(found, key=lambda card: card.x())


def tool(panel: StylesPanel, name: str) -> QToolButton:
    return next(one for one in panel.findChildren(QToolButton) if one.accessibleName() == name and one.isVisible())


def share(panel: StylesPanel, name: str) -> QSpinBox:
    return next(one for one in panel.findChildren(QSpinBox) if one.accessibleName() == f"Share of {name}")


def test_dropped_sounds_are_cards_beside_a_pad(panel: StylesPanel) -> None:
    assert not panel.pad.isVisible()
    drop(panel, STYLES[:1])
    assert (len(cards(panel)), panel.pad.isVisible()) == (1, False)
    drop(panel, STYLES[1:4])
    assert (len(cards(panel)), panel.pad.isVisible()) == (4, True)
    assert panel.pad.accessibleDescription() == "choir 25 %, cello 25 %, flute 25 %, harp 25 %"


def test_a_part_of_a_file_is_dragged_heard_at_once_and_one_step_of_undo(
    panel: StylesPanel, qtbot: QtBot, context: UiContext
) -> None:
    context.player.value = player = SilentPlayer()
    drop(panel, STYLES[:1])
    [card] = cards(panel)
    assert card.duration_s > 3
    slot = context.workspace.workpiece.value.treatment.styles

    def x_of(seconds: float) -> QPoint:
        return QPoint(round(card.width() * seconds / card.duration_s), card.height() // 2)

    qtbot.mousePress(card, LEFT, pos=x_of(2.5))
    for seconds in (2.0, 1.5, 1.0):
        qtbot.mouseMove(card, x_of(seconds))
    qtbot.mouseRelease(card, LEFT, pos=x_of(1.0))
    part = context.workspace.workpiece.value.treatment.styles[0].part
    assert part is not None
    assert (part.start_s, part.end_s) == pytest.approx((1.0, 2.5), abs=0.05)
    assert player.parts == [part], "heard as soon as the mouse is let go"
    assert card.accessibleDescription() == "1.0–2.5 s"
    context.workspace.undo()
    assert context.workspace.workpiece.value.treatment.styles == slot
    context.workspace.redo()
    qtbot.mouseDClick(card, LEFT, pos=x_of(2.0))
    assert context.workspace.workpiece.value.treatment.styles == slot
    qtbot.mouseClick(card, LEFT, pos=x_of(2.0))
    assert context.workspace.workpiece.value.treatment.styles == slot, "a click chooses nothing"


def test_a_part_is_moved_by_keys(panel: StylesPanel, qtbot: QtBot, context: UiContext) -> None:
    drop(panel, STYLES[:1])
    [card] = cards(panel)
    panel.presenter.choose_part(STYLES[0], 1.0, 2.0, card.duration_s)
    panel.presenter.part_chosen(STYLES[0])
    qtbot.keyClick(card, Qt.Key.Key_Right)
    qtbot.keyClick(card, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    part = context.workspace.workpiece.value.treatment.styles[0].part
    assert part is not None
    assert (part.start_s, part.end_s) == (1.1, 2.2)
    qtbot.keyClick(card, Qt.Key.Key_Home)
    assert context.workspace.workpiece.value.treatment.styles[0].part is None


def test_dragging_the_handle_is_one_step_and_a_double_click_makes_all_equal(
    panel: StylesPanel, qtbot: QtBot, context: UiContext
) -> None:
    drop(panel, STYLES[:2])
    middle = panel.pad.rect().center()
    qtbot.mousePress(panel.pad, LEFT, pos=middle)
    for x in (40, 30, 24):
        qtbot.mouseMove(panel.pad, QPoint(x, middle.y()))
    qtbot.mouseRelease(panel.pad, LEFT, pos=QPoint(24, middle.y()))
    assert share(panel, "choir").value() > 85

    context.workspace.undo()
    assert share(panel, "choir").value() == 50
    context.workspace.redo()
    qtbot.mouseDClick(panel.pad, LEFT, pos=middle)
    assert share(panel, "choir").value() == 50


def test_arrows_move_the_handle_and_a_held_arrow_is_one_step(
    panel: StylesPanel, qtbot: QtBot, context: UiContext
) -> None:
    drop(panel, STYLES[:2])
    panel.pad.setFocus()
    qtbot.keyPress(panel.pad, Qt.Key.Key_Left)
    qtbot.keyPress(panel.pad, Qt.Key.Key_Left)
    qtbot.keyRelease(panel.pad, Qt.Key.Key_Left)
    qtbot.keyClick(panel.pad, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert share(panel, "choir").value() == 59

    context.workspace.undo()
    assert share(panel, "choir").value() == 60
    context.workspace.undo()
    assert share(panel, "choir").value() == 50
    qtbot.keyClick(panel.pad, Qt.Key.Key_Home)
    assert panel.pad.accessibleDescription() == "choir 50 %, cello 50 %"


def test_a_share_can_be_typed(panel: StylesPanel, qtbot: QtBot) -> None:
    drop(panel, STYLES[:3])
    field = share(panel, "cello")
    field.selectAll()
    qtbot.keyClicks(field, "80")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert [share(panel, name).value() for name in ("choir", "cello", "flute")] == [10, 80, 10]


def test_a_card_is_heard_and_removed_by_its_buttons(panel: StylesPanel, qtbot: QtBot, context: UiContext) -> None:
    drop(panel, STYLES[:2])
    assert not tool(panel, "Hear cello").isEnabled()
    context.player.value = player = SilentPlayer()
    qtbot.mouseClick(tool(panel, "Hear cello"), LEFT)
    assert player.previewing.value == STYLES[1]
    qtbot.mouseClick(tool(panel, "Remove cello"), LEFT)
    assert [card.accessibleName() for card in cards(panel)] == ["Style choir"]


def test_what_finds_no_room_waits_in_a_list(panel: StylesPanel, qtbot: QtBot) -> None:
    drop(panel, STYLES)
    assert (len(cards(panel)), panel.pad.isVisible()) == (4, False)
    panel.resize(360, 152)
    qtbot.waitUntil(lambda: len(cards(panel)) == 2)
    more = next(one for one in panel.children() if getattr(one, "text", str)() == "+ 3")
    assert more.accessibleName() == "3 more styles"
    qtbot.mouseClick(more, LEFT)
    popup = panel.findChild(StyleList)
    assert len(popup.findChildren(StyleCardView)) == 5
    popup.close()


def test_the_quality_is_chosen_here(panel: StylesPanel, qtbot: QtBot, context: UiContext) -> None:
    box = panel.findChild(QComboBox)
    assert box.isEnabled() is ("quality" not in unheard_knobs("stylus-mini"))
    assert box.isEnabled() or "renders the same at every quality" in box.toolTip()
    context.workspace.edit_settings(checkpoint="somebody/else")
    assert box.isEnabled()
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert context.workspace.workpiece.value.treatment.settings.quality is Quality.HIGH
    context.workspace.undo()
    assert box.currentText() == "Normal"


def test_everything_that_has_no_words_has_a_name(panel: StylesPanel) -> None:
    drop(panel, STYLES[:3])
    silent = [one for kind in (QToolButton, QSpinBox, QComboBox) for one in panel.findChildren(kind)]
    assert [one for one in silent if not one.accessibleName()] == []


@pytest.mark.parametrize("count", [2, 3, 4])
def test_the_pad_is_large_and_has_the_names_at_its_corners(panel: StylesPanel, count: int) -> None:
    panel.resize(600, 208)
    drop(panel, STYLES[:count])
    assert (panel.pad.width(), panel.pad.height()) == (240, 184)
    areas = [panel.pad.name_area(corner) for corner in CORNERS[count]]
    assert all(panel.pad.rect().contains(area.toAlignedRect()) for area in areas)
    assert not any(one.intersects(other) for one, other in combinations(areas, 2))
    assert all(area.width() > 100 for area in areas)


def test_a_name_is_drawn_at_its_corner(panel: StylesPanel, context: UiContext, tmp_path: Path) -> None:
    panel.resize(600, 208)
    drop(panel, STYLES[:2])
    area = panel.pad.name_area(CORNERS[2][1]).toAlignedRect()
    before = panel.pad.grab(area).toImage()
    other = tmp_path / "A much longer name.flac"
    other.symlink_to(STYLES[1])
    context.workspace.set_styles([context.workspace.workpiece.value.treatment.styles[0], StyleSlot(path=other)])
    assert panel.pad.grab(area).toImage() != before


@pytest.mark.parametrize("width", [262, 300, 420])
def test_nothing_lies_over_anything_in_a_narrow_window(panel: StylesPanel, width: int) -> None:
    panel.resize(width, 152)
    drop(panel, STYLES[:4])
    QApplication.processEvents()
    parts = [*cards(panel), panel.pad, *(one for one in panel.findChildren(QPushButton) if one.isVisible())]
    assert not any(one.geometry().intersects(other.geometry()) for one, other in combinations(parts, 2))
    assert all(panel.rect().contains(one.geometry()) for one in parts)
