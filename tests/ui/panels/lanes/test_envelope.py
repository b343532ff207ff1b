"""Strength over time over the content's lane, with mouse and keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from stylus_ui.context import UiContext
from stylus_ui.kit.keys import Keys
from stylus_ui.panels.lanes.envelope_view import EnvelopeView
from stylus_ui.panels.lanes.lanes import LanesPanel
from tests.support.ui.lane_sounds import ramp
from tests.support.ui.showing import shown

LEFT, CTRL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
Key = Qt.Key


@pytest.fixture
def panel(look: UiContext, qtbot: QtBot, tmp_path: Path) -> LanesPanel:
    made = shown(qtbot, LanesPanel(look), 832, 420)
    made.presenter.drop([ramp(tmp_path / "song.wav", 10)])
    return made


def place(view: EnvelopeView, at_s: float, factor: float) -> QPoint:
    return QPoint(round(view.width() * at_s / 10), round(10 + (1 - factor / 2) * (view.height() - 20)))


def points(panel: LanesPanel) -> list[tuple[float, float]]:
    return [(round(point.at_s, 1), round(point.factor, 1)) for point in panel.curve.points.value]


def tool(panel: LanesPanel, name: str) -> QToolButton:
    return next(one for one in panel.findChildren(QToolButton) if one.accessibleName() == name)


def test_it_is_off_until_it_is_asked_for(panel: LanesPanel, qtbot: QtBot, look: UiContext) -> None:
    assert not panel.envelope.isVisible()
    look.shortcuts.trigger("envelope")
    assert panel.envelope.isVisible()
    assert panel.envelope.geometry() == panel.content.rect()
    qtbot.mouseClick(tool(panel, "Strength over time"), LEFT)
    assert not panel.envelope.isVisible()


def test_points_are_added_dragged_and_taken_away(panel: LanesPanel, qtbot: QtBot, look: UiContext) -> None:
    panel.curve.toggle()
    view = panel.envelope
    for at_s, factor in ((2, 0.4), (6, 1.6)):
        qtbot.mouseDClick(view, LEFT, pos=place(view, at_s, factor))
        qtbot.mouseRelease(view, LEFT, pos=place(view, at_s, factor))
    assert points(panel) == [(2, 0.4), (6, 1.6)]
    qtbot.mousePress(view, LEFT, pos=place(view, 2, 0.4))
    for at_s, factor in ((2.5, 0.8), (3, 1.2), (4, 1.8)):
        qtbot.mouseMove(view, place(view, at_s, factor))
    qtbot.mouseRelease(view, LEFT, pos=place(view, 4, 1.8))
    assert points(panel) == [(4, 1.8), (6, 1.6)]
    look.workspace.undo()
    assert points(panel) == [(2, 0.4), (6, 1.6)]
    qtbot.mouseDClick(view, LEFT, pos=place(view, 6, 1.6))
    assert points(panel) == [(2, 0.4)]
    qtbot.mouseClick(tool(panel, "The same strength all the time"), LEFT)
    assert look.workspace.workpiece.value.treatment.settings.envelope is None


def test_the_lane_under_it_still_gets_the_mouse(panel: LanesPanel, qtbot: QtBot, look: UiContext) -> None:
    panel.curve.toggle()
    view = panel.envelope
    panel.curve.add(5.0, 2.0)
    qtbot.mouseClick(view, LEFT, pos=place(view, 3, 0.3))
    assert panel.presenter.position_s.value == pytest.approx(3, abs=0.05)
    qtbot.mousePress(view, LEFT, pos=place(view, 2, 0.3))
    for at_s in (3, 5, 7):
        qtbot.mouseMove(view, place(view, at_s, 0.3))
    qtbot.mouseRelease(view, LEFT, pos=place(view, 7, 0.3))
    region = look.workspace.workpiece.value.selection
    assert region is not None
    assert (region.first / 48_000, region.end / 48_000) == pytest.approx((2, 7), abs=0.1)
    assert points(panel) == [(5, 2)]


def test_everything_goes_by_keyboard(panel: LanesPanel, qtbot: QtBot, look: UiContext) -> None:
    Keys(panel.window(), look.shortcuts)
    heard = []
    look.shortcuts.on("back", lambda: heard.append("back"))
    panel.curve.toggle()
    view = panel.envelope
    view.setFocus()
    for at_s in (2.0, 6.0):
        panel.presenter.set_position(at_s)
        qtbot.keyClick(view, Key.Key_Insert)
    qtbot.keyClick(view, Key.Key_Left)
    for _ in range(4):
        qtbot.keyClick(view, Key.Key_Up)
    qtbot.keyClick(view, Key.Key_Right, CTRL)
    assert [(one.at_s, one.factor) for one in panel.curve.points.value] == [(2.05, 1.2), (6.0, 1.0)]
    assert view.accessibleDescription() == "Point 1 of 2: 2.05 s, 120 %"
    qtbot.keyClick(view, Key.Key_Delete)
    assert points(panel) == [(6, 1)]
    assert heard == []


def test_a_curve_is_seen_when_it_is_not_held_and_lets_the_mouse_through(panel: LanesPanel, look: UiContext) -> None:
    panel.curve.toggle()
    panel.curve.add(5.0, 1.8)
    panel.curve.toggle()
    view = panel.envelope
    assert view.isVisible()
    assert view.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    ink = QColor(look.theme.colour("style"))
    seen = panel.content.grab().toImage().pixelColor(place(view, 5, 1.8))
    assert (seen.red(), seen.green(), seen.blue()) == (ink.red(), ink.green(), ink.blue())
    panel.curve.reset()
    assert not view.isVisible()


def test_of_thousands_of_points_the_nearest_is_taken_hold_of_and_seen_alone(
    panel: LanesPanel, qtbot: QtBot, look: UiContext
) -> None:
    count = 4_000
    look.workspace.edit_settings(envelope=tuple((10 * at / count, 1.9 if at == 2_000 else 0.2) for at in range(count)))
    panel.curve.toggle()
    view = panel.envelope
    qtbot.mousePress(view, LEFT, pos=place(view, 5.0, 1.9))
    qtbot.mouseRelease(view, LEFT, pos=place(view, 5.0, 1.9))
    assert panel.curve.chosen.value == 2_000
    picture, style = view.grab().toImage(), QColor(look.theme.colour("style"))
    for at_s, factor, is_drawn in ((5.0, 1.0, True), (2.0, 0.2, True), (2.0, 1.0, False)):
        at = place(view, at_s, factor)
        drawn = [picture.pixelColor(at.x() + by, at.y()) for by in (-1, 0, 1)]
        assert (style in drawn) is is_drawn, "a spike of one point is seen"
