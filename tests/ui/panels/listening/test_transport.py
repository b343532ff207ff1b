"""The transport as a person uses it, on a dummy output."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from stylus_ui.context import UiContext
from stylus_ui.kit.mainthread import MainThread
from stylus_ui.panels.listening.transport import LEAST, ROOMY, TransportPanel
from stylus_ui.presenters.listening.transport import Transport
from stylus_ui.presenters.workspace.drafts import DraftShown, DraftState
from stylus_ui.state.player import Side
from stylus_ui.workspace.content_file import content_of
from tests.support.ui.dummy_outputs import DummyOutputs
from tests.support.ui.sounds import take_of, write_tone
from tests.support.ui.worlds import AtOnce


@pytest.fixture
def outputs() -> DummyOutputs:
    return DummyOutputs()


@pytest.fixture
def panel(look: UiContext, outputs: DummyOutputs, qtbot) -> Iterator[TransportPanel]:
    dispatcher = MainThread()
    transport = Transport(
        look.workspace, preferences=look.preferences, dispatcher=dispatcher, background=AtOnce(), outputs=outputs
    )
    made = TransportPanel(look, transport)
    qtbot.addWidget(made)
    made.resize(900, 56)
    made.show()
    qtbot.waitUntil(lambda: bool(transport.output.value.names or transport.output.value.problem))
    yield made
    transport.close()
    dispatcher.close()


@pytest.fixture
def content(look: UiContext, panel: TransportPanel, tmp_path: Path) -> Path:
    path = write_tone(tmp_path / "loop.wav")
    look.workspace.open_content(content_of(path))
    return path


def press(qtbot, button) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_nothing_can_be_pressed_until_there_is_something_to_hear(panel, look, content, qtbot, tmp_path):
    assert panel._play.isEnabled()
    assert not panel._sides[Side.RESULT].isEnabled()
    take, done = take_of(content, write_tone(tmp_path / "stem.wav"), first=0, length=96_000)
    look.workspace.takes.add(take)
    look.workspace.on_event(done)
    assert panel._sides[Side.RESULT].isEnabled()
    assert panel._sides[Side.RESULT].isChecked()
    press(qtbot, panel._sides[Side.DIFFERENCE])
    assert panel.transport.side.value is Side.DIFFERENCE
    assert look.shortcuts.trigger("hear_original")
    assert panel._sides[Side.ORIGINAL].isChecked()


def test_play_runs_the_playhead_until_pause(panel, content, qtbot):
    press(qtbot, panel._play)
    assert panel._play.accessibleName() == "Pause"
    qtbot.waitUntil(lambda: panel._place.text() != "0:00.00")
    press(qtbot, panel._play)
    assert panel._play.accessibleName() == "Play"
    qtbot.waitUntil(lambda: not panel._timer.isActive())


def test_without_an_output_the_reason_stands_there_with_the_button_that_helps(panel, content, outputs, qtbot):
    outputs.names = ()
    panel.transport.retry()
    qtbot.waitUntil(lambda: panel._why.isVisible())
    assert panel._why.text() == "No sound output found"
    assert panel._why.toolTip() == "No sound output was found. Connect one, then try again."
    assert not panel._play.isEnabled()
    outputs.names = ("Headphones",)
    press(qtbot, panel._again)
    qtbot.waitUntil(lambda: panel._play.isEnabled())
    assert not panel._why.isVisible()


def test_the_menu_offers_every_output_and_marks_the_chosen_one(panel, qtbot):
    panel._menu.fill()
    said = [action.text() for action in panel._menu.actions()]
    assert said[:3] == ["What the system uses", "Loudspeaker", "Headphones"]
    panel._menu.actions()[2].trigger()
    qtbot.waitUntil(lambda: panel.transport.device.value == "Headphones")
    panel._menu.fill()
    assert [action.isChecked() for action in panel._menu.actions()[:3]] == [False, False, True]


def test_a_narrow_line_drops_words_and_cuts_nothing(panel, content):
    for width in (ROOMY - 1, LEAST):
        panel.resize(width, 56)
        assert panel._sides[Side.ORIGINAL].text() == "A"
        QApplication.processEvents()
        for part in (*panel._sides.values(), panel._play, panel._loop, panel._place):
            assert part.width() >= part.sizeHint().width()
        assert panel.childrenRect().right() <= width
    panel.resize(900, 56)
    assert panel._sides[Side.ORIGINAL].text() == "A  Original"


def test_where_it_is_narrow_no_word_is_cut(panel, look, content, outputs, tmp_path, qtbot):
    take, done = take_of(content, write_tone(tmp_path / "stem.wav", level=0.1), first=0, length=96_000)
    look.workspace.takes.add(take)
    look.workspace.on_event(done)
    qtbot.waitUntil(lambda: panel._match.text() != "")
    for width in (900, LEAST):
        panel.resize(width, 56)
        QApplication.processEvents()
        assert panel._match.isHidden() or panel._match.width() >= panel._match.sizeHint().width()
    outputs.names = ()
    panel.transport.retry()
    qtbot.waitUntil(lambda: panel._again.isVisible())
    QApplication.processEvents()
    right = panel._again.mapTo(panel, panel._again.rect().topRight()).x()
    assert panel._again.width() >= panel._again.sizeHint().width()
    assert right < panel.width()


def test_the_draft_says_how_it_stands(panel):
    assert not panel._draft.isVisible()
    panel.drafts.shown.value = DraftShown(state=DraftState.RENDERING)
    assert panel._draft.text() == "Draft…"
    panel.drafts.shown.value = DraftShown(state=DraftState.READY, seconds_taken=3.14)
    assert panel._draft.text() == "Draft · 3.1 s"
    panel.drafts.shown.value = DraftShown(state=DraftState.FAILED, problem="Out of memory.")
    assert (panel._draft.text(), panel._draft.toolTip()) == ("No draft", "Out of memory.")


def test_it_is_the_windows_player(panel, look):
    assert look.player.value is panel.transport


def test_how_both_sides_are_matched_is_in_sight_and_a_click_turns_it_off(panel, look, content, qtbot, tmp_path):
    assert not panel._match.isVisible(), "there is nothing to compare"
    take, done = take_of(content, write_tone(tmp_path / "stem.wav", level=0.05), first=0, length=96_000)
    look.workspace.takes.add(take)
    look.workspace.on_event(done)
    loudness = panel.transport.audible.loudness.value
    away = loudness.original - loudness.result
    assert away > 3
    assert (panel._match.text(), panel._match.isChecked()) == (f"A −{away:.1f} dB", True)
    panel.resize(LEAST, 56)
    QApplication.processEvents()
    assert panel._match.width() > panel._match.fontMetrics().horizontalAdvance(panel._match.text()), "it is read whole"
    press(qtbot, panel._match)
    assert not panel.transport.audible.matched.value
    assert (panel._match.text(), panel._match.isChecked()) == (f"A +{away:.1f} dB", False)
    assert "louder" in panel._match.accessibleDescription()


def test_a_is_in_the_contents_colour_and_b_in_the_styles(panel, look, content, tmp_path):
    take, done = take_of(content, write_tone(tmp_path / "stem.wav"), first=0, length=96_000)
    look.workspace.takes.add(take)
    look.workspace.on_event(done)
    for side, colour in ((Side.ORIGINAL, "content_soft"), (Side.RESULT, "style_soft")):
        panel.transport.hear(side)
        QApplication.processEvents()
        button = panel._sides[side]
        seen = button.grab().toImage().pixelColor(6, button.height() // 2)
        assert seen.name() == look.theme.colour(colour)
