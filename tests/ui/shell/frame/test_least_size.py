"""Everything at once in the smallest window: nothing is pushed over its edge."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from stylus_daw.presets.library.library import PresetLibrary
from stylus_ui.kit.look import put_on
from stylus_ui.panels.lanes.lanes import LanesPanel
from stylus_ui.screenshots.states import Studio
from stylus_ui.screenshots.work import PRESET
from stylus_ui.shell.frame.window import LEAST
from tests.support.ui.sounds import write_tone

FILES = 40


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_batch_with_a_held_curve_and_a_notice_fits(
    language: str, tmp_path: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    files = [write_tone(tmp_path / f"{number} of a name that is not short.wav") for number in range(FILES)]
    (tmp_path / "broken.wav").write_text("no audio")
    with Studio(tmp_path / "home", language=language) as studio:
        put_on(qapp, studio.context.theme)
        workspace, library = studio.context.workspace, PresetLibrary()
        workspace.load_preset(library.get(PRESET), library.styles(library.get(PRESET)))
        studio.body.intake.take([*files, tmp_path / "broken.wav"])
        qtbot.waitUntil(lambda: len(workspace.workpiece.value.more) == FILES - 1)
        lanes = studio.window.findChild(LanesPanel)
        assert lanes is not None
        for width in (1360, 1024, LEAST[0]):
            studio.window.resize(width, LEAST[1])
            lanes.curve.is_on.value = width != 1024
            lanes.curve.add(0.1)
            studio.settle()
            assert studio.window.centralWidget().minimumSizeHint().width() <= width
            assert studio.window.width() == width
