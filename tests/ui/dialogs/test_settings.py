"""The settings as a person uses them: by mouse, by keyboard, without eyes."""

from __future__ import annotations

import os

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QWidget

from stylus_daw.housekeeping.policy import Kind
from stylus_ui.dialogs.models.download_box import DownloadBox
from stylus_ui.dialogs.settings import PAGES, SettingsDialog
from stylus_ui.drawing.theme import Mode
from stylus_ui.presenters.models.downloads import Download, Step
from stylus_ui.presenters.models.engine_look import EngineSeen, MemoryNeed
from stylus_ui.presenters.models.models import models_of
from stylus_ui.presenters.setup.plugins import PluginRow, ScanOutcome, ScanProgress
from stylus_ui.shell.frame import places
from stylus_ui.state.wishes import DEVICE, PORT


@pytest.fixture
def dialog(qtbot, look) -> SettingsDialog:
    models_of(look).look.look = lambda: None
    made = SettingsDialog(look)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def named(dialog: QWidget, name: str) -> QWidget:
    """The control with that name, as a screen reader finds it."""
    return next(
        one
        for one in dialog.findChildren(QWidget)
        if isinstance(one, QAbstractButton | QComboBox | QLineEdit)
        and one.isVisible()
        and name in (one.accessibleName(), getattr(one, "text", str)())
    )


def choose(qtbot, combo: QWidget, steps: int) -> None:
    combo.setFocus()
    for _ in range(steps):
        qtbot.keyClick(combo, Qt.Key.Key_Down)


def test_arrows_turn_the_pages_and_the_last_one_is_remembered(dialog, qtbot, look) -> None:
    for name in list(PAGES)[1:]:
        qtbot.keyClick(dialog.list, Qt.Key.Key_Down)
        assert dialog.presenter.page == name
        assert dialog.pages.currentWidget().isVisible()
    assert SettingsDialog(look).presenter.page == "about"


def test_the_desktops_menu_is_told_and_untold(dialog, qtbot, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    entry = tmp_path / "data" / "applications" / "stylus-daw.desktop"
    switch = named(dialog, "Show Stylus in the desktop's menu")
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(entry.exists)
    assert dialog.presenter.is_in_menu.value is True
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not entry.exists())
    assert dialog.presenter.is_in_menu.value is False


def test_the_theme_changes_at_once_and_the_scale_is_said_to_wait(dialog, qtbot, look) -> None:
    choose(qtbot, named(dialog, "Appearance"), 2)
    assert look.theme.mode.value is Mode.LIGHT
    waits = next(one for one in dialog.findChildren(QLabel) if "next start of Stylus" in one.text())
    assert not waits.isVisible()
    choose(qtbot, named(dialog, "Size of everything"), 2)
    assert look.preferences.get("scale_percent", 100) == 150
    assert waits.isVisible()


def test_a_device_that_is_not_there_is_said_with_the_way_back(dialog, qtbot, look) -> None:
    dialog.show_page("engine")
    choose(qtbot, named(dialog, "Device"), 1)
    assert look.preferences.get(DEVICE, "") == "cpu"
    models_of(look).look.seen.value = EngineSeen(problem="Device 'cpu' is away.")
    qtbot.mouseClick(named(dialog, "Use automatic"), Qt.MouseButton.LeftButton)
    assert look.preferences.get(DEVICE, "x") == ""


def test_a_port_is_typed_and_nothing_else_can_be(dialog, qtbot, look) -> None:
    dialog.show_page("daw")
    field = named(dialog, "Port")
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "x48000")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert look.preferences.get(PORT, 0) == 48_000


def test_a_model_that_does_not_fit_is_marked_and_a_download_asks_first(dialog, qtbot, look) -> None:
    dialog.show_page("models")
    models = models_of(look)
    models.look.seen.value = EngineSeen(memory={"stylus-mini": MemoryNeed(needed=9_000_000_000, fits=False)})
    said = [one for one in dialog.findChildren(QLabel) if "does not fit: takes about 9.0 GB" in one.text()]
    assert said[0].property("state") == "busy"
    models.downloads.now.value = Download(
        step=Step.CONSENT, hub_id="some/one", bytes=2_000_000_000, licence="openrail", folder=look.settings.home
    )
    box = dialog.findChild(DownloadBox)
    assert box.isVisible()
    assert "2.0 GB" in box.said.text()
    qtbot.mouseClick(named(box, "Not now"), Qt.MouseButton.LeftButton)
    assert not box.isVisible()


def test_a_plugin_that_crashed_says_why_and_can_be_blocked(dialog, qtbot, look) -> None:
    dialog.show_page("plugins")
    page = dialog.pages.currentWidget()
    file = look.settings.home / "T.vst3"
    row = PluginRow(path=file, name="Tape", outcome=ScanOutcome.CRASHED, reason="It went away.")
    page.plugins.rows.value = (row,)
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Down)
    page.table.selectRow(0)
    assert page.about.text() == "It went away."
    assert page.retry.isVisible()
    assert page.block.isVisible()
    page.search.setText("nothing like it")
    assert any(one.text() == "No plugin matches" and one.isVisible() for one in page.findChildren(QLabel))


def test_nothing_in_the_settings_is_nameless(dialog) -> None:
    for name in PAGES:
        dialog.show_page(name)
    kinds = QAbstractButton | QComboBox | QLineEdit
    controls = [one for one in dialog.findChildren(QWidget) if isinstance(one, kinds)]
    own = [one for one in controls if not (one.isHidden() or one.objectName().startswith("qt_"))]
    assert [one for one in own if not (one.accessibleName() or getattr(one, "text", str)())] == []


def test_a_scan_that_found_nothing_says_so_and_what_helps(dialog) -> None:
    dialog.show_page("plugins")
    page = dialog.pages.currentWidget()
    page.plugins.scanning.value = ScanProgress()
    page.plugins.rows.value = ()
    page.plugins.scanning.value = None
    said = [one.text() for one in page.findChildren(QLabel) if one.isVisible()]
    assert any(one.startswith("No plugins were found in") and "Add the folder" in one for one in said)


def test_it_opens_beside_the_work_and_only_once(qtbot, look, monkeypatch) -> None:
    from dataclasses import replace

    from stylus_ui.shell.frame.body import Body
    from stylus_ui.shell.frame.window import MainWindow

    models_of(look).look.look = lambda: None
    for name in ("PRESETS", "LANES", "TRANSPORT", "STYLES", "CONTROLS", "CHAIN", "HISTORY", "STATUS"):
        monkeypatch.setattr(places, name, replace(getattr(places, name), module="stylus_ui.panels.not_there"))
    window = MainWindow()
    qtbot.addWidget(window)
    body = Body(window, look)
    window.show()
    body.show_dialog(places.SETTINGS)
    body.show_dialog(places.SETTINGS)
    (found,) = window.findChildren(SettingsDialog)
    assert found.isVisible()
    assert not found.isModal()
    qtbot.keyClick(found, Qt.Key.Key_Escape)
    assert not found.isVisible()


def test_stems_go_only_after_a_word_that_no_session_plays_them(dialog, qtbot, look) -> None:
    stem = look.settings.home / "stems" / "Bass - Strings 0a1b2c.wav"
    stem.parent.mkdir(parents=True)
    stem.write_bytes(bytes(2_000_000))
    os.utime(stem, times=(0, 0))
    dialog.show_page("storage")
    page = dialog.pages.currentWidget()
    qtbot.mouseClick(named(dialog, "Clear: Stems"), Qt.MouseButton.LeftButton)
    said = " ".join(one.text() for one in page.box.findChildren(QLabel))
    assert "may be part of a DAW session" in said
    assert "stems/Bass - Strings 0a1b2c.wav" in page.box.list.model().index(0, 0).data()
    assert not page.box.remove.isEnabled()
    qtbot.keyClick(page.box.word, Qt.Key.Key_Space)
    qtbot.keyClick(page.box.remove, Qt.Key.Key_Space)
    assert not stem.exists()
    assert not page.box.isVisible()


def test_the_question_what_may_go_opens_in_sight(dialog, qtbot, look) -> None:
    for number in range(6):
        stem = look.settings.home / "stems" / f"Bass {number}.wav"
        stem.parent.mkdir(parents=True, exist_ok=True)
        stem.write_bytes(bytes(10))
        os.utime(stem, times=(0, 0))
    dialog.resize(dialog.minimumSize())
    dialog.show_page("storage")
    page = dialog.pages.currentWidget()
    qtbot.wait(50)
    page.storage.ask(Kind.STEMS)
    qtbot.wait(200)
    shown = page.box.geometry().translated(0, page.widget().y())
    assert page.viewport().rect().contains(shown), (page.viewport().rect(), shown)


def test_stems_that_are_kept_stay(dialog, qtbot, look) -> None:
    stem = look.settings.home / "stems" / "Bass.wav"
    stem.parent.mkdir(parents=True)
    stem.write_bytes(bytes(10))
    os.utime(stem, times=(0, 0))
    dialog.show_page("storage")
    qtbot.mouseClick(named(dialog, "Clear: Stems"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(named(dialog, "Keep all"), Qt.MouseButton.LeftButton)
    assert stem.exists()


def test_where_torch_is_missing_the_page_offers_the_command_that_brings_it(qtbot, look, monkeypatch) -> None:
    monkeypatch.setattr("stylus_ui.presenters.models.models.missing_packages", lambda: ("torch",))
    models_of(look).look.look = lambda: None
    dialog = SettingsDialog(look)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.show_page("models")
    qtbot.mouseClick(named(dialog, "Copy the command"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text().endswith("pip install 'stylus-daw[diffusion]'")
    assert named(dialog, "Copied").isVisible()


def test_where_torch_is_installed_nothing_is_offered(dialog) -> None:
    dialog.show_page("models")
    assert not dialog.pages.currentWidget().copy.isVisible()
