"""One session in the whole program, as a person has it: real core, real engine, real OSC, without a screen."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import soundfile
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from stylus_daw.presets.library.library import PresetLibrary
from stylus_ui.panels.lanes.lanes import LanesPanel
from stylus_ui.panels.library.preset_form import PresetFormView
from stylus_ui.panels.sound.faces import KnobFace
from stylus_ui.state.player import Side
from stylus_ui.state.preferences import FILE
from stylus_ui.workspace.takes import TakeState
from tests.support.ui.file_watch import watched_files
from tests.support.ui.person import CTRL, Person, opened

ROOT = Path(__file__).parents[2]
REGION = ROOT / "stylus_daw" / "demo_audio" / "region.flac"


def send(home: Path, *words: str) -> subprocess.Popen[str]:
    """As a DAW's script does."""
    command = [sys.executable, "-m", "stylus_daw", "send", *words, "--state-dir", str(home)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_session_from_the_first_drop_to_the_next_start(tmp_path: Path, qtbot: QtBot, qapp: object) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / FILE).write_text(json.dumps({"first_run.done": True}))
    with opened(home, qtbot) as person:
        with watched_files() as files:
            drop_and_render(person)
            hear_and_save(person)
            turn_a_knob(person)
            take_away(person, home)
            serve_a_daw_and_cancel(person, home)
        assert files.seen == [], "Qt's thread waits for no disk"
        person.presses(Qt.Key.Key_Return)
        person.sees(lambda: person.newest and person.newest.state is TakeState.RENDERING)
        assert person.newest
        job, stem = person.newest.job, person.newest.request.stem
        person.desktop.window.close()
    assert not stem.exists()
    with opened(home, qtbot) as person:
        entry = person.history._history.entry
        person.sees(lambda: (found := entry(job)) and found.state is TakeState.DONE)
        assert soundfile.info(stem).frames == soundfile.info(REGION).frames
        assert person.context.workspace.workpiece.value.preset_name == "Late Strings"


def drop_and_render(person: Person) -> None:
    """Drop, choose a sound, Enter."""
    window, workspace = person.desktop.window, person.context.workspace
    render = next(one for one in window.findChildren(QPushButton) if one.property("role") == "primary")
    assert not render.isEnabled()
    person.drops(REGION)
    person.sees(lambda: window.windowTitle() == "region.flac · Stylus")
    person.clicks_preset("warm-strings")
    assert render.isEnabled()
    person.presses(Qt.Key.Key_Return)
    person.sees(lambda: workspace.takes.all.value)
    person.sees(lambda: workspace.takes.all.value[0].is_over)
    take = workspace.takes.all.value[0]
    assert take.stem is not None, take.message
    assert soundfile.info(take.stem.path).frames == soundfile.info(REGION).frames
    person.sees(lambda: person.newest and person.newest.state is TakeState.DONE)


def hear_and_save(person: Person) -> None:
    """A and B, then a preset under a name of one's own."""
    transport = person.context.player.value
    assert transport is not None
    person.sees(lambda: transport.side.value is Side.RESULT)
    person.presses(Qt.Key.Key_A)
    assert transport.side.value is Side.ORIGINAL
    person.presses(Qt.Key.Key_B)
    assert transport.side.value is Side.RESULT
    person.presses(Qt.Key.Key_S, CTRL)
    form = person.desktop.window.findChild(PresetFormView)
    assert form.isVisible()
    assert form._name.hasFocus()
    person.types("Late Strings", form._name)
    person.presses(Qt.Key.Key_Return, at=form._name)
    person.sees(lambda: not form.isVisible())
    person.sees(lambda: person.context.workspace.workpiece.value.preset_name == "Late Strings")
    assert "Late Strings" in {one.name for one in PresetLibrary(user_folder=person.context.settings.presets).all()}


def turn_a_knob(person: Person) -> None:
    """A few seconds are rendered as a draft, and lie over the result in the lane and in B."""
    window, transport = person.desktop.window, person.context.player.value
    lanes = window.findChild(LanesPanel)
    assert transport is not None
    knob = next(one for one in window.findChildren(KnobFace) if one.accessibleName() == "Strength")
    person.presses(Qt.Key.Key_PageDown, at=knob)
    person.sees(lambda: (draft := lanes.presenter.draft.value) and draft.audio.opened)
    drawn = lanes.presenter.draft.value
    assert drawn is not None
    assert drawn.length_s == 4.0
    person.sees(lambda: len(transport.audible.programme.value.result.layers) == 2)
    person.presses(Qt.Key.Key_Z, CTRL, at=knob)
    person.sees(lambda: lanes.presenter.draft.value is not drawn)
    window.setFocus()


def take_away(person: Person, home: Path) -> None:
    """What a drag carries and what the clipboard holds: a file that stays."""
    clipboard, rows = QGuiApplication.clipboard(), person.history
    clipboard.clear()
    rows.setFocus()
    rows.setCurrentIndex(rows.model().index(0, 0))
    person.presses(Qt.Key.Key_C, CTRL, at=rows)
    person.sees(lambda: (mime := clipboard.mimeData()) and mime.hasUrls())
    carried: QMimeData = clipboard.mimeData()
    file = Path(carried.urls()[0].toLocalFile())
    assert file.is_relative_to(home)
    assert carried.urls() == [QUrl.fromLocalFile(str(file))]
    assert person.newest
    assert person.newest.take.stem
    assert (soundfile.read(file)[0] == soundfile.read(person.newest.take.stem.path)[0]).all()
    person.desktop.window.setFocus()


def serve_a_daw_and_cancel(person: Person, home: Path) -> None:
    """A DAW's region goes through while the window's own render is cancelled."""
    workspace = person.context.workspace
    daw = send(home, "render", str(REGION), "--preset", "glass-vibes", "--wait", "--timeout", "240")
    person.sees(lambda: person.newest and person.newest.request.origin.client != "window")
    person.presses(Qt.Key.Key_Return)
    person.sees(lambda: workspace.takes.unfinished)
    person.presses(Qt.Key.Key_Escape)
    person.sees(lambda: workspace.takes.all.value[0].state is TakeState.CANCELLED)
    shown = workspace.takes.shown.value
    assert shown is not None
    assert shown.state is TakeState.DONE, "the take before is back"
    person.sees(lambda: daw.poll() is not None)
    said, errors = daw.communicate()
    assert daw.returncode == 0, errors
    assert Path(said.strip().splitlines()[-1]).is_file()
