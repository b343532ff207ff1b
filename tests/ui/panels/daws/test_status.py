"""The DAW status in the bar and its popover, driven by mouse and keyboard, with real OSC."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from stylus_bridge.client.client import BridgeClient
from stylus_bridge.daws.host import Machine
from stylus_daw.alignment import Alignment
from stylus_daw.app import App
from stylus_ui.context import UiContext
from stylus_ui.panels.daws.status import StatusPanel
from stylus_ui.presenters.daws.status import DawStatus
from stylus_ui.screenshots.core import HandWorker, hand_core

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def app(context: UiContext) -> Iterator[App]:
    with hand_core(context.settings, HandWorker()) as made:
        yield made
        context.app_ready.value = None


@pytest.fixture
def panel(look: UiContext, app: App, qtbot: QtBot, tmp_path: Path) -> StatusPanel:
    (tmp_path / "user" / ".config" / "REAPER").mkdir(parents=True)
    exact = Alignment(
        lag_samples=0, start_sample=5, expected_start_sample=5, length_samples=9, expected_length_samples=9
    )
    machine = Machine(system="Linux", home=tmp_path / "user")
    made = StatusPanel(look, DawStatus(look, machine=machine, measure=lambda: exact))
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    look.app_ready.value = app
    return made


def named(panel: StatusPanel, name: str) -> QAbstractButton:
    return next(one for one in panel.popover.findChildren(QAbstractButton) if one.accessibleName() == name)


def said(panel: StatusPanel) -> str:
    return "\n".join(label.text() for label in panel.popover.findChildren(QLabel) if label.isVisible())


def test_a_hello_over_osc_turns_the_bar_to_connected(panel: StatusPanel, app: App, context: UiContext, qtbot: QtBot):
    assert panel.button.text() == "Ready for your DAW"
    with BridgeClient(context.settings.home) as daw:
        daw.hello("ardour", "8.4")
    qtbot.waitUntil(lambda: panel.button.text() == "Ardour connected")
    assert panel.button.accessibleDescription().startswith("Ardour connected")


def test_the_script_is_installed_by_keyboard_and_told_in_place(panel: StatusPanel, qtbot: QtBot, tmp_path: Path):
    panel.button.setFocus()
    qtbot.keyClick(panel.button, Qt.Key.Key_Space)
    assert panel.popover.isVisible()
    height = panel.popover.height()
    install = named(panel, "REAPER: Install script…")
    install.setFocus()
    qtbot.keyClick(install, Qt.Key.Key_Space)
    assert any((tmp_path / "user" / ".config" / "REAPER").rglob("*.lua"))
    assert "files installed. Then:" in said(panel)
    assert "Load ReaScript" in said(panel)
    assert "Script installed" in said(panel)
    qtbot.waitUntil(lambda: panel.popover.height() > height)
    qtbot.keyClick(panel.popover, Qt.Key.Key_Escape)
    assert not panel.popover.isVisible()


def test_the_alignment_test_ends_with_a_sentence(panel: StatusPanel, qtbot: QtBot):
    panel.open()
    qtbot.mouseClick(named(panel, "Alignment test"), LEFT)
    assert "Exact to the sample" in said(panel)


def test_the_log_follows_only_while_it_is_seen_and_can_be_copied(
    panel: StatusPanel, context: UiContext, app: App, qtbot: QtBot
):
    panel.open()
    log = panel.popover.log
    assert not log.lines.isVisible()
    qtbot.mouseClick(log.toggle, LEFT)
    with BridgeClient(context.settings.home) as daw:
        daw.ping()
        qtbot.waitUntil(lambda: "/stylus/pong" in log.lines.toPlainText())
        qtbot.mouseClick(named(panel, "Copy the log"), LEFT)
        copied = QGuiApplication.clipboard().text()
        assert "/stylus/ping" in copied
        assert app.server.token not in copied
        panel.popover.hide()
        assert not log._polls.isActive()


def test_port_and_token_file_are_shown_and_copied_and_a_failure_is_said(
    panel: StatusPanel, context: UiContext, qtbot: QtBot
):
    panel.open()
    qtbot.mouseClick(named(panel, "Copy the path"), LEFT)
    assert QGuiApplication.clipboard().text() == str(context.settings.home / "bridge.json")
    panel.popover.hide()
    context.app_ready.value = None
    context.core_problem.value = "No port is free."
    assert panel.button.text() == "DAWs cannot connect"
    assert panel.button.toolTip() == "No port is free."
