"""From the first start ever to the first stem of one's own loop: what has to be done, in the whole program."""

from __future__ import annotations

from pathlib import Path

import soundfile
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from stylus_ui.dialogs.first_run.dialog import FirstRunDialog
from stylus_ui.workspace.takes import TakeState
from tests.support.ui.person import opened
from tests.support.ui.sounds import write_tone

MOST_ACTIONS = 6


def test_the_first_stem_takes_six_actions_at_most(tmp_path: Path, qtbot: QtBot, qapp: object) -> None:
    loop = write_tone(tmp_path / "my loop.wav", seconds=2.0)
    with opened(tmp_path / "home", qtbot) as person:
        welcome = person.desktop.window.findChild(FirstRunDialog)
        assert welcome is not None
        assert welcome.isVisible(), "it greets a newcomer"
        person.presses(Qt.Key.Key_Escape, at=welcome)
        person.sees(lambda: not welcome.isVisible())
        person.drops(loop)
        person.sees(lambda: person.context.workspace.workpiece.value.content)
        person.clicks_preset("warm-strings")
        person.presses(Qt.Key.Key_Return)
        person.sees(lambda: person.newest and person.newest.state is TakeState.DONE)
        stem = person.newest.take.stem if person.newest else None
        assert stem is not None
        assert soundfile.info(stem.path).frames == soundfile.info(loop).frames
        assert len(person.actions) <= MOST_ACTIONS, person.actions
