"""Nothing of the window's own code waits for a disk on Qt's thread: it may sleep, or be at the end of a network."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from stylus_ui.dialogs.settings import PAGES, SettingsDialog
from stylus_ui.shell.frame import places
from stylus_ui.state.preferences import FILE
from tests.support.ui.file_watch import watched_files
from tests.support.ui.person import Person, opened

FILES = 12


@pytest.fixture
def person(tmp_path: Path, qtbot: QtBot, qapp: object) -> Iterator[Person]:
    home = tmp_path / "home"
    home.mkdir()
    (home / FILE).write_text(json.dumps({"first_run.done": True, "stems.folder": str(tmp_path / "a drive")}))
    with opened(home, qtbot) as person:
        yield person


def test_while_a_batch_is_dropped_rendered_and_cancelled(person: Person, tmp_path: Path) -> None:
    folder, workspace = tmp_path / "loops", person.context.workspace
    folder.mkdir()
    for number in range(FILES):
        soundfile.write(folder / f"loop {number}.wav", np.zeros(4_800, np.float32), 48_000)
    (folder / "torn.wav").write_bytes(b"RIFF")
    with watched_files() as files:
        person.drops(folder)
        person.sees(lambda: len(workspace.workpiece.value.more) == FILES - 1 and workspace.refused.value)
        person.clicks_preset("warm-strings")
        person.presses(Qt.Key.Key_Return)
        person.sees(lambda: any(take.stem for take in workspace.takes.all.value))
        person.context.shortcuts.trigger("cancel_all")
        person.sees(lambda: not workspace.takes.unfinished)
    assert files.seen == []


def test_while_the_settings_are_paged_through(person: Person) -> None:
    assert person.desktop.running
    person.desktop.running.body.show_dialog(places.SETTINGS)  # imports it
    person.desktop.window.findChild(SettingsDialog).close()
    person.sees(lambda: person.desktop.window.findChild(QDialog) is None)
    with watched_files() as files:
        person.desktop.running.body.show_dialog(places.SETTINGS)
        dialog = person.desktop.window.findChild(SettingsDialog)
        for name in PAGES:
            dialog.show_page(name)
            person.sees(dialog.pages.currentWidget().isVisible)
    assert files.seen == []
