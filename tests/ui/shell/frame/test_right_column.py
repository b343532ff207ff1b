"""The right column in windows of any height."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from stylus_daw.chain.spec import ChainSpec
from stylus_ui.context import UiContext
from stylus_ui.panels.sound.chain import ChainPanel
from stylus_ui.panels.sound.controls import ControlsPanel
from stylus_ui.shell.frame.right_column import RightColumn

LOW, HIGH = 651, 800
EFFECTS = ({"kind": "high_pass", "params": {"frequency_hz": 35}}, {"kind": "hall"})


@pytest.fixture
def column(look: UiContext, qtbot: QtBot) -> RightColumn:
    made = RightColumn(look, ControlsPanel(look), ChainPanel(look))
    qtbot.addWidget(made)
    made.resize(264, LOW)
    with qtbot.waitExposed(made):
        made.show()
    return made


def part(column: RightColumn, kind: type[QWidget]) -> QWidget:
    found = column.findChild(kind)
    assert isinstance(found, QWidget)
    return found


def head(inside: QWidget) -> QPushButton:
    return next(one for one in inside.findChildren(QPushButton) if one.property("role") == "section")


def words(inside: QWidget) -> str:
    texts = (getattr(one, "text", str)() for one in inside.findChildren(QWidget) if one.isVisible())
    return " ".join(said for said in texts if said)


def test_a_low_window_shows_one_part_whole_and_the_other_as_a_line(column: RightColumn, qtbot: QtBot) -> None:
    controls, chain = part(column, ControlsPanel), part(column, ChainPanel)
    assert (controls.height() > 500, chain.height()) == (True, 40)
    qtbot.mouseClick(head(chain), Qt.MouseButton.LeftButton)
    assert (controls.height(), chain.height() > 500) == (40, True)


def test_a_high_window_shows_both_and_gives_a_folded_part_its_height_back(column: RightColumn, qtbot: QtBot) -> None:
    controls, chain = part(column, ControlsPanel), part(column, ChainPanel)
    column.resize(264, HIGH)
    assert min(controls.height(), chain.height()) > 300
    qtbot.mouseClick(head(chain), Qt.MouseButton.LeftButton)
    assert chain.height() == 40
    qtbot.mouseClick(head(chain), Qt.MouseButton.LeftButton)
    assert min(controls.height(), chain.height()) > 300


def test_folded_parts_and_effects_say_what_is_in_them(column: RightColumn, look: UiContext, qtbot: QtBot) -> None:
    look.workspace.edit_chain(ChainSpec.model_validate({"effects": EFFECTS}))
    look.workspace.edit_settings(strength=0.4)
    chain = part(column, ChainPanel)
    assert "2 effects" in words(chain)
    qtbot.mouseClick(head(chain), Qt.MouseButton.LeftButton)
    assert "1 turned" in words(part(column, ControlsPanel))
    assert "35 Hz" in words(chain)
    assert isinstance(chain, ChainPanel)
    row = next(iter(chain.rows.values()))
    row.unfold(True)
    name = next(one for one in row.findChildren(QLabel) if one.text() == "High-pass")
    assert name.mapTo(row, QPoint()).x() < 40, "it stays where it was"
    assert "High-pass 35 Hz" not in words(chain)
    assert "High-pass" in words(chain)


def test_a_heading_is_folded_by_keyboard(column: RightColumn, qtbot: QtBot) -> None:
    chain = part(column, ChainPanel)
    head(chain).setFocus()
    qtbot.keyClick(head(chain), Qt.Key.Key_Space)
    assert chain.height() > 500
    assert head(chain).accessibleDescription() == "unfolded"
