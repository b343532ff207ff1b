"""The window as a person uses it: keys, drops, notices, places."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListWidget, QPushButton, QSlider, QToolButton, QWidget

from stylus_daw.presets.bundles.export import export_bundle
from stylus_daw.presets.library.editing import duplicate
from stylus_daw.presets.library.library import PresetLibrary
from stylus_ui.kit.qt_words import set_qt_language
from stylus_ui.panels.daws.meter import MeterView
from stylus_ui.shell.frame import places
from stylus_ui.shell.frame.body import Body
from stylus_ui.shell.frame.key_sheet import KeySheet
from stylus_ui.shell.frame.places import Place
from stylus_ui.shell.frame.toast import Toasts
from stylus_ui.shell.frame.window import BAR, MainWindow
from stylus_ui.state.notices import Notice, NoticeAction, NoticeKind

PANELS = ("PRESETS", "LANES", "TRANSPORT", "STYLES", "CONTROLS", "CHAIN", "HISTORY", "STATUS")


@pytest.fixture
def window(qtbot, look, monkeypatch):
    """Without its panels, which have tests of their own."""
    for name in PANELS:
        monkeypatch.setattr(places, name, replace(getattr(places, name), module="stylus_ui.panels.not_there"))
    made = MainWindow()
    qtbot.addWidget(made)
    made.body = Body(made, look)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    return made


@pytest.fixture
def tones(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "loops"
    (folder / "deep").mkdir(parents=True)
    paths = [folder / "a.wav", folder / "deep" / "b.wav", tmp_path / "c.flac"]
    for path in paths:
        soundfile.write(path, np.zeros(4800, "float32"), 48_000)
    (folder / "notes.txt").write_text("no audio")
    return [folder, paths[2]]


def drop(window: QWidget, paths: list[Path]) -> bool:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(400, 300), Qt.DropAction.CopyAction, mime, buttons, keys)
    QApplication.sendEvent(window, enter)
    if not enter.isAccepted():
        return False
    QApplication.sendEvent(window, QDropEvent(QPointF(400, 300), Qt.DropAction.CopyAction, mime, buttons, keys))
    return True


def test_dropped_folders_and_files_become_the_content_and_one_job_each(window, look, tones) -> None:
    assert drop(window, tones)
    workpiece = look.workspace.workpiece.value
    assert workpiece.content.path.name == "a.wav"
    assert [path.name for path in workpiece.more] == ["b.wav", "c.flac"]
    assert window.windowTitle() == "a.wav · Stylus"
    render = next(button for button in window.findChildren(QPushButton) if button.property("role") == "primary")
    assert render.accessibleName() == "Render 3 files"
    assert render.text() == "Render 3 files  ⏎"


def test_a_dropped_bundle_is_imported_and_offered(window, look, notices, tmp_path: Path) -> None:
    library = PresetLibrary(user_folder=tmp_path / "elsewhere")
    preset = duplicate(library, "warm-strings", "Colder Strings")
    library.save(preset.model_copy(update={"settings": preset.settings.model_copy(update={"strength": 0.4})}))
    bundle = tmp_path / "colder.styluspreset"
    export_bundle(library, "Colder Strings", bundle)
    changed: list[bool] = []
    look.presets_changed.connect(lambda: changed.append(True))
    assert drop(window, [bundle])
    assert changed == [True]
    notices[-1].action.call()
    assert look.workspace.workpiece.value.preset_name == "Colder Strings"
    assert look.workspace.workpiece.value.treatment.settings.strength == 0.4


def test_what_is_no_audio_is_refused_while_it_hovers_and_in_words(window, look, notices, tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("words")
    assert not drop(window, [text])
    window.body.intake.take([text])
    assert "neither audio nor a preset" in notices[-1].text


def test_keys_act_from_everywhere_but_not_while_one_writes(window, look, qtbot) -> None:
    played: list[str] = []
    for name in ("play", "render", "hear_original", "help"):
        look.shortcuts.on(name, lambda name=name: played.append(name))
    field, slider, button = QLineEdit(), QSlider(Qt.Orientation.Horizontal), QPushButton("press")
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    holder = QWidget(window)
    for number, part in enumerate((field, slider, button)):
        part.setParent(holder)
        part.move(0, 40 * number)
    holder.resize(300, 200)
    holder.show()
    window.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.keyClick(window, Qt.Key.Key_Return)
    assert played == ["play", "render"]
    rows = QListWidget(holder)
    rows.addItems(["one", "two"])
    rows.show()
    rows.setFocus()
    qtbot.keyClick(rows, Qt.Key.Key_Return)
    assert played == ["play", "render", "render"], "also from a list"
    played.pop()
    field.setFocus()
    qtbot.keyClicks(field, "a b?")
    returned: list[bool] = []
    field.returnPressed.connect(lambda: returned.append(True))
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert (field.text(), returned, played) == ("a b?", [True], ["play", "render"])
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert slider.value() == 1
    qtbot.keyClick(slider, Qt.Key.Key_A)
    assert played[-1] == "hear_original"
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert (pressed, played.count("play")) == ([True], 1)


def test_undo_and_theme_have_keys(window, look, qtbot) -> None:
    look.workspace.edit_settings(strength=0.5)
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert look.workspace.workpiece.value.treatment.settings.strength is None
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert look.workspace.workpiece.value.treatment.settings.strength == 0.5
    was_dark = look.theme.is_dark
    qtbot.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert look.theme.is_dark is not was_dark
    ground = QApplication.instance().palette().window().color().name()
    assert ground == look.theme.colour("window")


def test_the_sheet_lists_what_does_something_and_nothing_else(window, look) -> None:
    look.shortcuts.on("loop", lambda: None)
    said = [found.text() for found in KeySheet(look, window).findChildren(QLabel)]
    assert {"Loop", "L", "Undo", "Ctrl+Z"} <= set(said)
    assert "Export the result…" not in said or look.shortcuts.is_taken("export")
    assert {"[", "]", "Shift+Return", "Ctrl+C", "F2", "Del"} <= set(said), "those of panels, too"


def test_the_words_of_the_sheet_stand_below_each_other_however_long_its_keys_are(window, look, qtbot) -> None:
    set_qt_language("de")
    sheet = KeySheet(look, window)
    set_qt_language("en")
    sheet.show()
    qtbot.waitExposed(sheet)
    found = {one.text(): one for one in sheet.findChildren(QLabel)}
    lefts = {
        found[words].mapTo(sheet, QPoint(0, 0)).x() for words in ("Undo", "Rename", "The part ends at the playhead")
    }
    key = found["Strg+Umschalt+Z"]
    assert len(lefts) == 1
    assert key.mapTo(sheet, QPoint(key.width(), 0)).x() < lefts.pop()


def test_notices_take_each_others_place_and_help(window, look) -> None:
    helped: list[bool] = []
    action = NoticeAction(label="Help", call=lambda: helped.append(True))
    window.body.show_notice(Notice(kind=NoticeKind.BAD, text="One.", key="disk", stays=True))
    window.body.show_notice(Notice(kind=NoticeKind.BAD, text="Two.", key="disk", action=action, stays=True))
    assert window.body.toasts.texts == ["Two."]
    next(button for button in window.body.toasts.findChildren(QPushButton) if button.text() == "Help").click()
    assert (helped, window.body.toasts.texts) == ([True], [])
    for number in range(5):
        window.body.show_notice(Notice(kind=NoticeKind.INFO, text=f"{number}."))
    assert window.body.toasts.texts == ["2.", "3.", "4."]
    assert window.rect().contains(window.body.toasts.geometry())


def seen_notices(window) -> list[str]:
    return [one.text() for one in window.body.toasts.findChildren(QLabel) if one.isVisible() and one.text()]


@pytest.mark.parametrize("width", [1024, 1360])
def test_of_several_notices_one_is_seen_and_the_work_below_the_bar_stays_in_sight(window, look, qtbot, width) -> None:
    window.resize(width, 700)
    said = "The stem could not be written: no space is left on the disk. Free some, or choose another folder."
    window.body.show_notice(Notice(kind=NoticeKind.BAD, text=said, stays=True))
    window.body.show_notice(Notice(kind=NoticeKind.GOOD, text="Saved."))
    toasts, meter = window.body.toasts, window.findChild(MeterView)
    assert seen_notices(window) == ["Saved.", "+1"]
    assert toasts.geometry().bottom() <= BAR
    meter_area = QRect(meter.mapTo(window, QPoint(0, 0)), meter.size())
    assert not toasts.geometry().intersects(meter_area) or toasts.geometry().united(meter_area) == toasts.geometry()
    next(one for one in toasts.findChildren(QToolButton) if one.isVisible()).click()
    assert seen_notices(window) == [said], "what was behind it comes back"
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert (toasts.texts, toasts.isVisible()) == ([], False)


@pytest.mark.parametrize("width", [900, 1024, 1100, 1200, 1400])
@pytest.mark.parametrize("meter_width", [60, 120, 180, 240])
def test_what_a_notice_has_to_cover_it_covers_whole(look, qtbot, width, meter_width) -> None:
    whole = QWidget()
    qtbot.addWidget(whole)
    whole.resize(width, 700)
    title, meter, status = (QWidget(whole) for _ in range(3))
    status.setGeometry(width - 300, 0, 180, BAR)
    meter.setGeometry(width - 308 - meter_width, 0, meter_width, BAR)
    title.setGeometry(16, 0, 70, BAR)
    toasts = Toasts(look, whole, before=title, after=(meter, status))
    whole.show()
    toasts.show_notice(Notice(kind=NoticeKind.BAD, text="No space is left on the disk. Free some.", stays=True))
    covered = toasts.geometry().intersected(meter.geometry())
    assert covered.width() in (0, meter_width)
    assert not toasts.geometry().intersects(status.geometry())


def test_a_notice_that_stays_gives_way_to_no_other_that_goes_by_itself(window) -> None:
    window.body.show_notice(Notice(kind=NoticeKind.BAD, text="Stays.", stays=True))
    for number in range(5):
        window.body.show_notice(Notice(kind=NoticeKind.INFO, text=f"{number}."))
    assert window.body.toasts.texts == ["Stays.", "3.", "4."]


def test_a_notice_stands_in_the_bar_and_escape_closes_it_before_it_cancels(window, look, qtbot) -> None:
    cancelled: list[bool] = []
    look.shortcuts.on("cancel", lambda: cancelled.append(True))
    window.body.show_notice(Notice(kind=NoticeKind.BAD, text="A sentence that says what helps.", stays=True))
    assert window.body.toasts.geometry().bottom() <= BAR
    window.body.show_notice(Notice(kind=NoticeKind.BAD, text="It is in its row.", is_seen=True))
    assert window.body.toasts.texts == ["A sentence that says what helps."]
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert (window.body.toasts.texts, cancelled) == ([], [])
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert cancelled == [True]


def test_escape_cancels_at_once_while_a_notice_goes_by_itself(window, look, qtbot) -> None:
    cancelled: list[bool] = []
    look.shortcuts.on("cancel", lambda: cancelled.append(True))
    window.body.show_notice(Notice(kind=NoticeKind.GOOD, text="Saved."))
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert (window.body.toasts.texts, cancelled) == (["Saved."], [True])


def test_the_wheel_over_a_notice_scrolls_what_is_below(window, qtbot) -> None:
    turned: list[int] = []

    class Below(QWidget):
        def wheelEvent(self, event) -> None:
            turned.append(event.angleDelta().y())

    window.body.show_notice(Notice(kind=NoticeKind.INFO, text="A notice.", stays=True))
    toasts = window.body.toasts
    below = Below(window)
    below.setGeometry(toasts.geometry())
    below.show()
    toasts.raise_()
    middle = QPointF(toasts.rect().center())
    turn = QWheelEvent(
        middle,
        toasts.mapToGlobal(middle),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(toasts, turn)
    assert turned == [-120]


def test_a_panel_that_fails_leaves_its_place_and_the_rest_usable(look, qtbot, caplog) -> None:
    missing = Place(module="stylus_ui.panels.not_there", panel="NotThere", name="Presets", icon="list")
    broken = Place(module="stylus_ui.workspace.undo", panel="UndoStacks", name="Chain", icon="layers")
    for place in (missing, broken):
        made = places.filled(place, look)
        qtbot.addWidget(made)
        assert made.accessibleName() == look.text(place.name)
    assert "UndoStacks failed" in caplog.text


def test_every_control_has_a_name_for_those_who_do_not_see_it(window) -> None:
    from PySide6.QtWidgets import QAbstractButton, QAbstractSlider

    controls = [*window.findChildren(QAbstractButton), *window.findChildren(QAbstractSlider)]
    own = [one for one in controls if not one.objectName().startswith("qt_") and "ScrollBar" not in repr(one)]
    nameless = [control for control in own if not (control.accessibleName() or getattr(control, "text", str)())]
    assert nameless == []


def test_splitters_stand_where_they_were(window, look, qtbot) -> None:
    splitter = window.body._splitters["across"]
    splitter.moveSplitter(splitter.sizes()[0] + 60, 1)
    sizes = splitter.sizes()
    window.body.keep_layout()
    again = MainWindow(look.preferences.get("layout.window", ""))
    qtbot.addWidget(again)
    again.resize(window.size())
    body = Body(again, look)
    again.resize(window.size())
    again.show()
    assert body._splitters["across"].sizes() == sizes
