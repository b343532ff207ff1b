"""Opening audio: the first steps, the menu with the last files, the dialog's folder; and a narrow header."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from stylus_ui.context import UiContext
from stylus_ui.panels.lanes.lanes import LanesPanel
from stylus_ui.panels.shared.choosing import AUDIO, choose_files
from stylus_ui.panels.workspace.first_steps import FirstStepsView, StepView
from stylus_ui.panels.workspace.open_button import RecentMenu
from tests.support.ui.lane_sounds import ramp
from tests.support.ui.showing import shown

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(look: UiContext, qtbot: QtBot) -> LanesPanel:
    return shown(qtbot, LanesPanel(look), 832, 420)


def numbers(panel: LanesPanel) -> list[str]:
    return [one.words[0].text() for one in panel.findChildren(StepView)]


def folder(inside: Path, name: str) -> Path:
    (inside / name).mkdir()
    return inside / name


def buttons(inside: QWidget) -> dict[str, QPushButton]:
    return {one.text(): one for one in inside.findChildren(QPushButton) if one.isVisible()}


def test_an_empty_window_says_three_steps_in_the_place_of_both_lanes(
    panel: LanesPanel, look: UiContext, tmp_path: Path
) -> None:
    assert numbers(panel) == ["1", "2", "3"]
    assert not panel.result.isVisible()
    look.workspace.add_styles([ramp(tmp_path / "style.wav", 1)])
    assert numbers(panel) == ["1", "✓", "3"]
    panel.presenter.drop([ramp(tmp_path / "song.wav", 2)])
    assert panel.result.isVisible()
    assert not any(one.isVisible() for one in panel.content.findChildren(FirstStepsView))


def test_the_last_files_are_a_click_away_and_a_missing_one_cannot_be_clicked(
    look: UiContext, qtbot: QtBot, tmp_path: Path
) -> None:
    there = ramp(folder(tmp_path, "Drums") / "song.wav", 1)
    look.preferences.set("recent.files", [str(there), str(tmp_path / "gone.wav")])
    panel = LanesPanel(look)
    qtbot.addWidget(panel)
    panel.resize(832, 420)
    panel.show()
    assert not buttons(panel)["gone.wav, not found"].isEnabled()
    qtbot.mouseClick(buttons(panel)["song.wav · Drums"], LEFT)
    content = look.workspace.workpiece.value.content
    assert content is not None
    assert content.path == there


def test_the_menu_opens_audio_and_the_last_files_and_forgets_them(
    panel: LanesPanel, look: UiContext, tmp_path: Path
) -> None:
    asked = []
    look.shortcuts.on("open", lambda: asked.append("open"))
    panel.presenter.drop([ramp(tmp_path / "song.wav", 1)])
    menu = panel.findChild(RecentMenu)
    assert isinstance(menu, RecentMenu)
    actions = {action.text(): action for action in menu.actions() if action.text()}
    assert list(actions) == ["Open audio…", f"song.wav · {tmp_path.name}", "Clear the list"]
    actions["Open audio…"].trigger()
    actions["Clear the list"].trigger()
    assert (asked, [action.text() for action in menu.actions()]) == (["open"], ["Open audio…"])


def test_the_dialog_opens_where_it_was_left(panel: LanesPanel, look: UiContext, tmp_path: Path) -> None:
    path, taken = ramp(folder(tmp_path, "Loops") / "song.wav", 1), []
    choose_files(look, panel, "Open", taken.extend, kind=AUDIO)
    first = panel.findChild(QFileDialog)
    assert isinstance(first, QFileDialog)
    first.filesSelected.emit([str(path)])
    first.close()
    first.setParent(None)
    assert taken == [path]
    choose_files(look, panel, "Open", taken.extend, kind=AUDIO)
    again = panel.findChild(QFileDialog)
    assert isinstance(again, QFileDialog)
    assert Path(again.directory().absolutePath()) == path.parent
    again.close()


@pytest.mark.parametrize("width", [464, 496])
def test_the_words_of_a_narrow_header_stay_whole(
    panel: LanesPanel, look: UiContext, tmp_path: Path, width: int
) -> None:
    panel.presenter.drop([ramp(tmp_path / "a very long name of a song that nobody shortens.wav", 1)])
    panel.curve.toggle()
    panel.curve.add(0.5, 0.5)
    panel.resize(width, 420)
    QApplication.processEvents()
    words = [one for one in panel.findChildren(QToolButton) if one.text() in ("Waveform", "Spectrum")]
    assert len(words) == 2
    assert all(one.width() >= one.sizeHint().width() for one in words)


def test_a_lane_has_a_scale_at_its_left_edge(panel: LanesPanel, look: UiContext, tmp_path: Path) -> None:
    panel.presenter.drop([ramp(tmp_path / "song.wav", 2)])
    panel.presenter.click(1.0)
    ink = QColor(look.theme.colour("muted")).rgb()

    def ticks() -> list[int]:
        picture = panel.content.grab().toImage()
        return [y for y in range(picture.height()) if picture.pixelColor(2, y).rgb() == ink]

    waveform = ticks()
    panel.presenter.show_mel(True)
    assert waveform
    assert ticks()
    assert ticks() != waveform
