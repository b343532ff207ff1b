"""The controls panel, driven with mouse, wheel and keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QScrollArea, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from stylus_daw.chain.spec import ChainSpec, EffectSpec
from stylus_daw.engine.knobs.choices import Method
from stylus_daw.engine.knobs.style_settings import KNOBS
from stylus_daw.engine.request import StyleSettings
from stylus_ui.context import UiContext
from stylus_ui.kit.keys import Keys
from stylus_ui.panels.sound.controls import ControlsPanel
from stylus_ui.panels.sound.dial_face import DialFace
from tests.support.ui.showing import shown
from tests.support.ui.worlds import ui_world

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
Key = Qt.Key


@pytest.fixture
def panel(look: UiContext, qtbot: QtBot) -> ControlsPanel:
    made = ControlsPanel(look)
    made.presenter.is_unfolded.value = True
    return shown(qtbot, made, 264, 720)


def settings(context: UiContext) -> StyleSettings:
    return context.workspace.workpiece.value.treatment.settings


def drag(qtbot: QtBot, face: QWidget, way: QPoint) -> None:
    at = face.rect().center()
    qtbot.mousePress(face, LEFT, pos=at)
    for part in (1, 2, 3, 4):
        qtbot.mouseMove(face, at + way * part / 4)
    qtbot.mouseRelease(face, LEFT, pos=at + way)


def wheel(face: QWidget, notches: int) -> None:
    at = QPointF(face.rect().center())
    turned = QWheelEvent(
        at,
        face.mapToGlobal(at),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        NONE,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(face, turned)


def test_a_knob_is_dragged_in_one_step_and_a_double_click_brings_its_default(
    panel: ControlsPanel, qtbot: QtBot, context: UiContext
) -> None:
    strength = panel.controls["strength"]
    drag(qtbot, strength.face, QPoint(0, -50))
    assert settings(context).strength == 1.5
    assert strength.field.text() == "150 %"
    context.workspace.undo()
    assert settings(context).strength is None
    context.workspace.redo()
    qtbot.mouseDClick(strength.face, LEFT)
    assert (settings(context).strength, strength.field.text()) == (None, "100 %")


def test_a_drag_with_shift_is_fine(panel: ControlsPanel, qtbot: QtBot, context: UiContext) -> None:
    face = panel.controls["strength"].face
    at = face.rect().center()
    qtbot.mousePress(face, LEFT, pos=at)
    to = QPointF(at + QPoint(0, -50))
    shift = Qt.KeyboardModifier.ShiftModifier
    event = QMouseEvent(QEvent.Type.MouseMove, to, face.mapToGlobal(to), Qt.MouseButton.NoButton, LEFT, shift)
    QApplication.sendEvent(face, event)
    assert settings(context).strength == 1.05


def test_a_click_on_a_line_goes_there(panel: ControlsPanel, qtbot: QtBot, context: UiContext) -> None:
    face = panel.controls["brightness"].face
    qtbot.mouseClick(face, LEFT, pos=face.rect().center())
    assert settings(context).brightness == pytest.approx(0.5, abs=0.01)


def test_the_wheel_is_fine_where_the_mouse_moved_and_a_list_that_scrolls_turns_nothing(
    panel: ControlsPanel, qtbot: QtBot, context: UiContext
) -> None:
    face = panel.controls["dry_wet"].face
    wheel(face, -3)
    assert settings(context).dry_wet is None
    qtbot.mouseMove(face, QPoint(20, 20))
    qtbot.mouseMove(face, QPoint(22, 22))
    wheel(face, -1)
    wheel(face, -2)
    assert settings(context).dry_wet == 0.97
    qtbot.wait(700)
    wheel(face, -1)
    context.workspace.undo()
    assert settings(context).dry_wet == 0.97
    context.workspace.undo()
    assert settings(context).dry_wet is None


def test_keys_turn_type_and_reset_while_the_windows_own_keys_wait(
    panel: ControlsPanel, qtbot: QtBot, context: UiContext
) -> None:
    Keys(panel.window(), context.shortcuts)
    triggered = []
    for name in ("zoom_all", "back", "to_start", "zoom_out"):
        context.shortcuts.on(name, lambda name=name: triggered.append(name))
    knob = panel.controls["structure"]
    before = KNOBS["structure"].default_for(Method.ONE_PASS)
    knob.face.setFocus()
    qtbot.keyClick(knob.face, Key.Key_Right)
    qtbot.keyClick(knob.face, Key.Key_PageUp)
    assert settings(context).structure == pytest.approx(before + 0.11)
    qtbot.keyClick(knob.face, Key.Key_Left)
    qtbot.keyClick(knob.face, Key.Key_6)
    assert knob.field.hasFocus()
    qtbot.keyClicks(knob.field, "5")
    qtbot.keyClick(knob.field, Key.Key_Return)
    assert (settings(context).structure, knob.face.hasFocus()) == (0.65, True)
    context.workspace.undo()
    assert settings(context).structure == pytest.approx(before + 0.1)
    qtbot.keyClick(knob.face, Key.Key_Home)
    qtbot.keyClick(knob.face, Key.Key_Delete)
    assert settings(context).structure is None
    assert triggered == []


def test_what_is_no_number_or_was_escaped_changes_nothing(
    panel: ControlsPanel, qtbot: QtBot, context: UiContext
) -> None:
    low = panel.controls["low_keep_hz"]
    assert low.field.text() == "off"
    for said, key in (("loud", Key.Key_Return), ("300", Key.Key_Escape)):
        qtbot.mouseClick(low.field, LEFT)
        qtbot.keyClicks(low.field, said)
        qtbot.keyClick(low.field, key)
        assert (low.field.text(), settings(context).low_keep_hz) == ("off", None)
    qtbot.mouseClick(low.field, LEFT)
    qtbot.keyClicks(low.field, "1.2k")
    qtbot.keyClick(low.field, Key.Key_Return)
    assert (low.field.text(), settings(context).low_keep_hz) == ("1.20 kHz", 1200)


def test_seed_dice_lock_and_takes(panel: ControlsPanel, qtbot: QtBot, context: UiContext) -> None:
    panel.seed.selectAll()
    qtbot.keyClicks(panel.seed, "77")
    qtbot.keyClick(panel.seed, Key.Key_Return)
    assert settings(context).seed == 77
    tools = {one.accessibleName(): one for one in panel.findChildren(QToolButton)}
    qtbot.mouseClick(tools["Another seed"], LEFT)
    assert settings(context).seed != 77
    qtbot.mouseClick(tools["Keep the seed"], LEFT)
    assert not context.workspace.workpiece.value.seed_locked
    takes = panel.controls["takes"]
    takes.face.setFocus()
    qtbot.keyClick(takes.face, Key.Key_End)
    assert (context.workspace.workpiece.value.takes, takes.field.text()) == (8, "8")


def test_tempo_is_asked_for_where_styles_follow_it(panel: ControlsPanel, qtbot: QtBot, context: UiContext) -> None:
    tempo = panel.controls["tempo_bpm"]
    assert not tempo.isVisible()
    qtbot.mouseClick(panel.sync, LEFT, pos=QPoint(8, 10))
    assert (tempo.isVisible(), tempo.field.text()) == (True, "120.0 BPM")
    panel.presenter.is_unfolded.value = False
    assert not tempo.isVisible()


def test_everything_can_be_read_to_those_who_do_not_see(panel: ControlsPanel) -> None:
    faces, fields, tools = (panel.findChildren(kind) for kind in (DialFace, QLineEdit, QToolButton))
    assert [one for one in (*faces, *fields, *tools) if not one.accessibleName()] == []
    assert [one for one in faces if not one.accessibleDescription()] == []
    assert panel.controls["strength"].face.value() == 100


def test_german_finds_room_in_the_width_of_the_column(look: UiContext, qtbot: QtBot, tmp_path: Path) -> None:
    with ui_world(tmp_path / "german", language="de") as (context, _):
        panel = ControlsPanel(context)
        qtbot.addWidget(panel)
        panel.presenter.is_unfolded.value = True
        panel.presenter.sync(True)
        panel.resize(264, 720)
        panel.show()
        scroll = panel.findChild(QScrollArea)
        inside = scroll.widget() if scroll else None
        assert inside is not None
        assert inside.minimumSizeHint().width() <= 254
        assert panel.controls["transients"].field.text() == "0 %"


def test_at_0_percent_it_says_that_the_chain_is_still_heard(panel: ControlsPanel, look: UiContext) -> None:
    said = next(one for one in panel.findChildren(QLabel) if "only the chain" in one.text())
    look.workspace.edit_chain(ChainSpec(effects=(EffectSpec(kind="reverb"),)))
    assert not said.isVisible()
    panel.presenter.turn("strength", 0)
    assert said.isVisible()
    assert said.y() > panel.controls["strength"].y()
