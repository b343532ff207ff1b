"""Several files as the content: what is rendered, what cannot be read and why, how many and how long."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from stylus_daw.batch.pace import keep_paces
from stylus_ui.context import UiContext
from stylus_ui.panels.workspace.input_list import InputButton, InputList
from stylus_ui.panels.workspace.input_rows import HEIGHT, Part
from stylus_ui.presenters.workspace.render_button import RenderButton
from tests.support.ui.lane_sounds import ramp
from tests.support.ui.player import SilentPlayer

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Three that are audio, and one that only says so, which comes first."""
    broken = tmp_path / "broken.wav"
    broken.write_text("no audio")
    return [broken, *(ramp(tmp_path / f"{name}.wav", 20) for name in ("bass", "keys", "lead"))]


@pytest.fixture
def listed(look: UiContext, qtbot: QtBot, files: list[Path]) -> InputList:
    button = InputButton(look)
    qtbot.addWidget(button)
    button.show()
    look.workspace.open_files(files)
    assert button.text() == "3 files · 1 cannot be read"
    made = button.open_list()
    assert isinstance(made, InputList)
    return made


def place(listed: InputList, name: str, part: Part) -> QPoint:
    """Where a part of a file's row is."""
    model, rows = listed.rows.model(), listed.rows
    index = next(model.index(at, 0) for at in range(model.rowCount()) if model.index(at, 0).data() == name)
    area = rows.visualRect(index)
    across = {Part.HEAR: area.left() + 4, Part.LOOK: area.center().x(), Part.REMOVE: area.right() - 4}
    return QPoint(across[part], area.center().y())


def click(qtbot: QtBot, listed: InputList, name: str, part: Part) -> None:
    qtbot.mouseClick(listed.rows.viewport(), LEFT, pos=place(listed, name, part))


def test_a_bad_file_is_listed_with_its_reason_and_not_rendered(
    listed: InputList, look: UiContext, qtbot: QtBot
) -> None:
    workpiece = look.workspace.workpiece.value
    assert workpiece.content is not None
    assert [workpiece.content.path.name, *(path.name for path in workpiece.more)] == [
        "bass.wav",
        "keys.wav",
        "lead.wav",
    ]
    last = listed.rows.model().index(3, 0)
    assert "broken.wav" in last.data(Qt.ItemDataRole.ToolTipRole)
    click(qtbot, listed, "broken.wav", Part.REMOVE)
    assert look.workspace.refused.value == ()


def test_files_are_heard_removed_with_undo_and_looked_at(
    listed: InputList, look: UiContext, qtbot: QtBot, files: list[Path]
) -> None:
    look.player.value = player = SilentPlayer()
    click(qtbot, listed, "keys.wav", Part.HEAR)
    assert player.previewing.value == files[2]
    click(qtbot, listed, "keys.wav", Part.REMOVE)
    assert look.workspace.workpiece.value.more == (files[3],)
    look.workspace.undo()
    assert look.workspace.workpiece.value.more == tuple(files[2:])
    click(qtbot, listed, "lead.wav", Part.LOOK)
    workpiece = look.workspace.workpiece.value
    assert workpiece.content is not None
    assert (workpiece.content.path, workpiece.more) == (files[3], (files[1], files[2]))
    assert len(look.workspace.refused.value) == 1


def test_the_keyboard_does_the_same_and_the_list_keeps_its_place(look: UiContext, qtbot: QtBot, tmp_path: Path) -> None:
    names = [
        f"take {number:03} of a song whose name is longer than the list is wide, by far.wav" for number in range(40)
    ]
    button = InputButton(look)
    qtbot.addWidget(button)
    button.show()
    look.workspace.open_files([ramp(tmp_path / name, 0.1) for name in names])
    listed = button.open_list()
    assert isinstance(listed, InputList)
    rows, player = listed.rows, SilentPlayer()
    look.player.value = player
    assert rows.visualRect(rows.model().index(0, 0)).width() <= rows.viewport().width(), "long names push nothing out"
    rows.setCurrentIndex(rows.model().index(30, 0))
    qtbot.keyClick(rows, Qt.Key.Key_Space)
    assert player.previewing.value == tmp_path / names[30]
    scrolled = rows.verticalScrollBar().value()
    qtbot.keyClick(rows, Qt.Key.Key_Delete)
    assert tmp_path / names[30] not in look.workspace.workpiece.value.more
    assert 0 <= rows.verticalScrollBar().value() - scrolled <= HEIGHT, "one row further, where the keyboard is now"
    rows.setCurrentIndex(rows.model().index(30, 0))
    qtbot.keyClick(rows, Qt.Key.Key_Return)
    assert look.workspace.workpiece.value.content.path == tmp_path / names[31]


def test_the_button_counts_files_and_takes_and_says_how_long(context: UiContext, files: list[Path]) -> None:
    keep_paces(context.settings.home, [("stylus-mini", 10.0, 20.0)])
    button = RenderButton(context)
    context.workspace.open_files(files)
    assert button.look.value.label == "Render 3 files"
    context.workspace.edit(takes=2)
    context.workspace.add_styles([files[1]])
    assert button.look.value.label == "Render 6 (3 × 2)"
    assert button.look.value.stage == "about 4 min"
    context.workspace.open_files(files[1:2])
    assert (button.look.value.label, button.look.value.stage) == ("Render 2 takes", "about 1 min")
    context.workspace.edit(takes=1)
    assert button.look.value.stage == "about 40 s"
