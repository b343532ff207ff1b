"""Several files as the content: what is rendered, what cannot be read and why, how many and how long."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from stylus_daw.batch.pace import keep_paces
from stylus_ui.context import UiContext
from stylus_ui.panels.workspace.input_list import InputButton, InputList
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


def tool(listed: InputList, name: str) -> QToolButton:
    return next(one for one in listed.findChildren(QToolButton) if one.accessibleName() == name)


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
    assert any("broken.wav" in one.text() for one in listed.findChildren(QLabel) if one.property("state") == "bad")
    qtbot.mouseClick(tool(listed, "Remove broken.wav"), LEFT)
    assert look.workspace.refused.value == ()


def test_files_are_heard_removed_with_undo_and_looked_at(
    listed: InputList, look: UiContext, qtbot: QtBot, files: list[Path]
) -> None:
    look.player.value = player = SilentPlayer()
    qtbot.mouseClick(tool(listed, "Hear keys.wav"), LEFT)
    assert player.previewing.value == files[2]
    qtbot.mouseClick(tool(listed, "Remove keys.wav"), LEFT)
    assert look.workspace.workpiece.value.more == (files[3],)
    look.workspace.undo()
    assert look.workspace.workpiece.value.more == tuple(files[2:])
    listed._presenter.look_at(files[3])
    workpiece = look.workspace.workpiece.value
    assert workpiece.content is not None
    assert (workpiece.content.path, workpiece.more) == (files[3], (files[1], files[2]))
    assert len(look.workspace.refused.value) == 1


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
