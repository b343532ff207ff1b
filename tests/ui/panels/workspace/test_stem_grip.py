"""The grip under the result lane, and that a render has one bar."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QProgressBar
from pytestqt.qtbot import QtBot

from stylus_ui.context import UiContext
from stylus_ui.panels.workspace import stem_grip
from stylus_ui.panels.workspace.render_bar import RenderBar
from stylus_ui.panels.workspace.stem_grip import StemGrip
from stylus_ui.state.notices import Notice
from stylus_ui.workspace.content_file import content_of
from tests.support.ui.sounds import take_of, write_tone

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def grip(look: UiContext, qtbot: QtBot, tmp_path: Path) -> StemGrip:
    """Under a lane with a finished take."""
    content = write_tone(tmp_path / "Keys.wav")
    look.workspace.open_content(content_of(content))
    made = StemGrip(look)
    qtbot.addWidget(made)
    made.show()
    assert not made.isEnabled(), "there is no stem yet"
    take, done = take_of(content, write_tone(tmp_path / "stem.wav"), first=0, length=96_000)
    look.workspace.takes.add(take)
    look.workspace.on_event(done)
    assert made.isEnabled()
    return made


def test_a_click_puts_the_named_file_on_the_clipboard(grip: StemGrip, qtbot: QtBot, notices: list[Notice]) -> None:
    qtbot.mouseClick(grip, LEFT)
    (url,) = QGuiApplication.clipboard().mimeData().urls()
    path = Path(url.toLocalFile())
    assert path.is_file()
    assert path.name.startswith("Keys")
    assert "clipboard" in notices[-1].text


def test_a_drag_hands_out_the_same_file_and_copies_nothing(
    grip: StemGrip, qtbot: QtBot, notices: list[Notice], monkeypatch: pytest.MonkeyPatch
) -> None:
    dragged = []

    class Drag:
        def __init__(self, source: object) -> None: ...

        def setMimeData(self, mime) -> None:
            dragged.append(Path(mime.urls()[0].toLocalFile()))

        def exec(self, action: object) -> None: ...

    held = SimpleNamespace(mouseButtons=lambda: LEFT, startDragDistance=lambda: 10)
    monkeypatch.setattr(stem_grip, "QDrag", Drag)
    monkeypatch.setattr(stem_grip, "QApplication", held)
    qtbot.mousePress(grip, LEFT, pos=QPoint(5, 5))
    qtbot.mouseMove(grip, QPoint(30, 5))
    qtbot.mouseRelease(grip, LEFT, pos=QPoint(30, 5))
    assert [path.is_file() for path in dragged] == [True]
    assert notices == []


def test_the_render_button_has_no_bar_of_its_own(look: UiContext, qtbot: QtBot) -> None:
    bar = RenderBar(look)
    qtbot.addWidget(bar)
    assert bar.findChildren(QProgressBar) == []
