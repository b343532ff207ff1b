"""The chain panel, driven with mouse and keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QMenu, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from stylus_daw.chain.plugins.about import PluginDescription, PluginParameter
from stylus_daw.chain.plugins.cache import CACHE_FILE, FileStamp, PluginCache, ScannedFile, ScanOutcome
from stylus_daw.chain.spec import ChainSpec
from stylus_ui.context import UiContext
from stylus_ui.kit.keys import Keys
from stylus_ui.panels.sound.chain import ChainPanel
from stylus_ui.panels.sound.chain_menus import add_menu, chain_menu
from stylus_ui.panels.sound.chain_row import ChainRow
from stylus_ui.panels.sound.dial_control import SliderRow
from stylus_ui.panels.sound.dial_face import DialFace
from stylus_ui.presenters.sound.plugin_shelf import ScanShown
from tests.support.ui.showing import shown

LEFT, CTRL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
Key = Qt.Key
VERB = {"kind": "plugin", "plugin": {"path": "/nowhere/Verb.vst3", "name": "Verb"}}


@pytest.fixture
def panel(look: UiContext, qtbot: QtBot) -> ChainPanel:
    return shown(qtbot, ChainPanel(look), 264, 480)


def put(context: UiContext, *effects: dict | str) -> None:
    written = [{"kind": one} if isinstance(one, str) else one for one in effects]
    context.workspace.edit_chain(ChainSpec.model_validate({"effects": written}))


def kinds(context: UiContext) -> list[str]:
    return [effect.kind for effect in context.workspace.workpiece.value.treatment.chain.effects]


def row(panel: ChainPanel, number: int) -> ChainRow:
    """As it is after the layout."""
    QApplication.processEvents()
    return panel.rows[panel.presenter.rows.value[number].key]


def tool(inside: QWidget, name: str) -> QToolButton:
    return next(one for one in inside.findChildren(QToolButton) if one.accessibleName() == name)


def entry(menu: QMenu, *path: str):
    action = next(one for one in menu.actions() if one.text() == path[0])
    inner = action.menu()
    return entry(inner, *path[1:]) if isinstance(inner, QMenu) and path[1:] else action


def carry(qtbot: QtBot, panel: ChainPanel, from_: int, to_y: int) -> None:
    head = row(panel, from_).head
    qtbot.mousePress(head, LEFT, pos=QPoint(60, 18))
    inside = row(panel, 0).parentWidget()
    assert inside is not None
    for share in (0.3, 0.6, 1.0):
        start = head.mapTo(inside, QPoint(60, 18)).y()
        y = round(start + (to_y - start) * share)
        qtbot.mouseMove(head, head.mapFrom(inside, QPoint(60, y)))
    qtbot.mouseRelease(head, LEFT, pos=head.mapFrom(inside, QPoint(60, to_y)))


def test_an_empty_chain_says_what_to_do_and_the_menu_adds(panel: ChainPanel, context: UiContext) -> None:
    words = [one.text() for one in panel.findChildren(QPushButton) if one.isVisible()]
    assert words == ["Chain", "Add an effect"]
    menu = add_menu(context, panel.presenter, panel)
    entry(menu, "Space", "Reverb").trigger()
    entry(menu, "Dynamics", "Limiter").trigger()
    assert kinds(context) == ["reverb", "limiter"]
    assert (row(panel, 0).isVisible(), row(panel, 1).head.accessibleName()) == (True, "Limiter, 2 of 2")


def test_rows_are_dragged_to_their_place(panel: ChainPanel, qtbot: QtBot, context: UiContext) -> None:
    put(context, "low_shelf", "compressor", "reverb", "limiter")
    qtbot.waitUntil(lambda: row(panel, 3).y() > row(panel, 2).y())
    carry(qtbot, panel, 0, row(panel, 2).y() + 30)
    assert kinds(context) == ["compressor", "reverb", "low_shelf", "limiter"]
    qtbot.waitUntil(lambda: row(panel, 3).y() > row(panel, 2).y() > row(panel, 1).y())
    carry(qtbot, panel, 3, 2)
    assert kinds(context) == ["limiter", "compressor", "reverb", "low_shelf"]
    context.workspace.undo()
    context.workspace.undo()
    assert kinds(context) == ["low_shelf", "compressor", "reverb", "limiter"]


def test_everything_goes_by_keyboard(panel: ChainPanel, qtbot: QtBot, context: UiContext) -> None:
    Keys(panel.window(), context.shortcuts)
    triggered = []
    for name in ("next_take", "previous_take", "back", "forward"):
        context.shortcuts.on(name, lambda name=name: triggered.append(name))
    put(context, "gain", "delay", "reverb")
    head = row(panel, 0).head
    head.setFocus()
    qtbot.keyClick(head, Key.Key_Down, CTRL)
    assert (kinds(context), head.hasFocus()) == (["delay", "gain", "reverb"], True)
    qtbot.keyClick(head, Key.Key_Up)
    assert row(panel, 0).head.hasFocus()
    qtbot.keyClick(row(panel, 0).head, Key.Key_Right)
    assert row(panel, 0).is_unfolded
    qtbot.keyClick(row(panel, 0).head, Key.Key_Left)
    assert not row(panel, 0).is_unfolded
    qtbot.keyClick(row(panel, 0).head, Key.Key_Delete)
    assert (kinds(context), row(panel, 0).head.hasFocus()) == (["gain", "reverb"], True)
    assert triggered == []


def test_a_click_unfolds_knobs_with_units(panel: ChainPanel, qtbot: QtBot, context: UiContext) -> None:
    put(context, "compressor", "ladder")
    first = row(panel, 0)
    qtbot.mouseClick(first.head, LEFT, pos=QPoint(60, 18))
    said = {one.face.accessibleName(): one.field.text() for one in first.findChildren(SliderRow)}
    assert said == {
        "Threshold": "−20.0 dB",
        "Ratio": "3.0:1",
        "Attack": "10.0 ms",
        "Release": "120 ms",
        "Make-up": "0.0 dB",
        "Mix": "100 %",
    }
    threshold = next(one for one in first.findChildren(SliderRow) if one.face.accessibleName() == "Threshold")
    qtbot.mouseClick(threshold.field, LEFT)
    qtbot.keyClicks(threshold.field, "-12.5")
    qtbot.keyClick(threshold.field, Key.Key_Return)
    assert context.workspace.workpiece.value.treatment.chain.effects[0].params["threshold_db"] == -12.5
    context.workspace.undo()
    assert threshold.field.text() == "−20.0 dB"

    row(panel, 1).unfold(True)
    mode = row(panel, 1).findChild(QComboBox)
    qtbot.keyClick(mode, Key.Key_Down)
    assert context.workspace.workpiece.value.treatment.chain.effects[1].params["mode"] == "hpf12"


def test_bypass_and_remove_have_buttons(panel: ChainPanel, qtbot: QtBot, context: UiContext) -> None:
    put(context, "gain", "delay")
    qtbot.mouseClick(tool(row(panel, 0), "Bypass Gain"), LEFT)
    assert context.workspace.workpiece.value.treatment.chain.effects[0].bypass
    assert tool(row(panel, 0), "Switch Gain on").isVisible()
    row(panel, 1).head.setFocus()
    qtbot.mouseClick(tool(row(panel, 1), "Remove Delay"), LEFT)
    assert kinds(context) == ["gain"]


def test_a_missing_plugin_is_told_with_the_buttons_that_help(
    panel: ChainPanel, qtbot: QtBot, context: UiContext
) -> None:
    put(context, VERB)
    verb = row(panel, 0)
    assert "is not there" in verb.head.accessibleDescription()
    assert not tool(verb, "Open Verb").isEnabled()
    without = next(one for one in verb.findChildren(QPushButton) if one.text() == "Render without it")
    qtbot.mouseClick(without, LEFT)
    assert context.workspace.workpiece.value.treatment.chain.allow_missing_plugins
    assert not without.isVisible()
    menu = chain_menu(context, panel.presenter, panel)
    entry(menu, "Render without missing plugins").trigger()
    assert without.isVisible()


def scanned(context: UiContext, file: Path, *parameters: PluginParameter) -> None:
    """A scan has found a plugin with these parameters."""
    file.write_text("a plugin")
    about = PluginDescription(identifier="verb", name="Verb", parameters=parameters)
    found = ScannedFile(path=file, stamp=FileStamp.of(file), outcome=ScanOutcome.FOUND, plugins=(about,))
    PluginCache(context.settings.home / CACHE_FILE).put([found])
    context.plugins_changed.emit()


def test_the_first_knobs_of_a_plugin_are_turned_in_its_row(
    panel: ChainPanel, qtbot: QtBot, context: UiContext, tmp_path: Path
) -> None:
    gain = PluginParameter(name="gain_db", label="Gain", unit="dB", low=-24.0, high=24.0, default=0.0)
    meter = PluginParameter(name="meter", label="Meter", low=0.0, high=1.0, is_meter=True)
    mode = PluginParameter(name="mode", label="Mode", default="Warm", choices=("Warm", "Cold"))
    sizes = [
        PluginParameter(name=f"size_{number}", label=f"Size {number}", low=0.0, high=1.0, default=0.5)
        for number in range(1, 8)
    ]
    put(context, {"kind": "plugin", "plugin": {"path": str(tmp_path / "Verb.vst3"), "identifier": "verb"}})
    row(panel, 0).unfold(True)
    assert [one.face.accessibleName() for one in row(panel, 0).findChildren(SliderRow)] == ["Mix"]

    scanned(context, tmp_path / "Verb.vst3", meter, mode, gain, *sizes)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    sliders = {one.face.accessibleName(): one for one in row(panel, 0).findChildren(SliderRow)}
    assert list(sliders) == ["Gain", "Size 1", "Size 2", "Size 3", "Size 4", "Size 5", "Mix"]
    assert "2 more knobs in its own window" in [one.text() for one in row(panel, 0).findChildren(QLabel)]
    qtbot.mouseClick(sliders["Gain"].field, LEFT)
    qtbot.keyClicks(sliders["Gain"].field, "-3.5")
    qtbot.keyClick(sliders["Gain"].field, Key.Key_Return)
    plugin = context.workspace.workpiece.value.treatment.chain.effects[0].plugin
    assert plugin is not None
    assert plugin.parameters == {"gain_db": -3.5}
    qtbot.mouseDClick(sliders["Gain"].face, LEFT)
    assert sliders["Gain"].field.text() == "0.0 dB"
    context.workspace.undo()
    assert sliders["Gain"].field.text() == "−3.5 dB"


def test_a_scan_shows_how_far_it_is_and_can_be_cancelled(panel: ChainPanel, qtbot: QtBot) -> None:
    cancel = tool(panel, "Cancel the scan")
    assert not cancel.isVisible()
    panel.presenter.shelf.scan.value = ScanShown(is_running=True, done=3, total=40, name="Verb")
    assert cancel.isVisible()
    qtbot.mouseClick(cancel, LEFT)
    assert not cancel.isVisible()


def test_everything_can_be_read_to_those_who_do_not_see(panel: ChainPanel, context: UiContext) -> None:
    put(context, VERB, "ladder", "reverb")
    for number in range(3):
        row(panel, number).unfold(True)
    silent = [one for kind in (QToolButton, DialFace, QComboBox) for one in panel.findChildren(kind)]
    assert [one for one in silent if not one.accessibleName()] == []
    inside = row(panel, 0).parentWidget()
    assert inside is not None
    assert inside.minimumSizeHint().width() <= 254
