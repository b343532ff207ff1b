"""The lanes as somebody uses them: mouse, wheel, keys, dropped files; what is seen is read from the picture."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from stylus_daw.jobs.job import Origin, RenderRequest, Stem
from stylus_ui.context import UiContext
from stylus_ui.panels.lanes.lane_view import LaneView
from stylus_ui.panels.lanes.lanes import LanesPanel
from stylus_ui.workspace.takes import DraftStem, Take, TakeState
from tests.support.ui.lane_sounds import RATE, ramp
from tests.support.ui.showing import shown

WIDTH, HEIGHT = 832, 420
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(look: UiContext, qtbot) -> LanesPanel:
    return shown(qtbot, LanesPanel(look), WIDTH, HEIGHT)


@pytest.fixture
def song(tmp_path: Path) -> Path:
    return ramp(tmp_path / "song.wav", 10)


def drag(qtbot, lane: LaneView, from_s: float, to_s: float, *, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    """From one moment to another, in three moves."""
    begin, end = (round(seconds / 10 * lane.width()) for seconds in (from_s, to_s))
    middle = lane.height() // 2
    qtbot.mousePress(lane, Qt.MouseButton.LeftButton, modifier, QPoint(begin, middle))
    for share in (0.3, 0.7, 1.0):
        qtbot.mouseMove(lane, QPoint(round(begin + (end - begin) * share), middle))
    qtbot.mouseRelease(lane, Qt.MouseButton.LeftButton, modifier, QPoint(end, middle))


def drop(lane: LaneView, *paths: Path) -> bool:
    """Drop files on the lane; gives whether it takes them."""
    carried = QMimeData()
    carried.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    said = (Qt.DropAction.CopyAction, carried, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    entered = QDragEnterEvent(QPoint(20, 20), *said)
    entered.ignore()
    QApplication.sendEvent(lane, entered)
    if entered.isAccepted():
        QApplication.sendEvent(lane, QDropEvent(QPointF(20, 20), *said))
    return entered.isAccepted()


def wheel(lane: QWidget, x: float, steps: int, *, sideways: int = 0) -> None:
    event = QWheelEvent(
        QPointF(x, 20),
        lane.mapToGlobal(QPointF(x, 20)),
        QPoint(),
        QPoint(sideways, 120 * steps),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(lane, event)


def colour_at(lane: LaneView, second: float, *, near: float = 0.5) -> QColor:
    """What is seen at a moment, at a height (0 top, 1 bottom)."""
    image = lane.grab().toImage()
    return image.pixelColor(round(second / 10 * image.width()), round(near * image.height()))


def covers(lane: LaneView) -> list[str]:
    """Titles of what lies over a lane that has no picture."""
    QApplication.processEvents()
    return [one.text() for one in lane.findChildren(QLabel) if one.isVisible() and one.property("role") == "strong"]


def test_empty_lanes_say_what_to_drop_and_vanish_with_the_first_file(panel: LanesPanel, song: Path) -> None:
    assert [one.text() for one in panel.content.findChildren(QPushButton)] == ["Open audio…"]
    assert drop(panel.content, song)
    assert not [one for one in panel.content.findChildren(QPushButton) if one.isVisible()]
    assert panel.presenter.header[0] == "song.wav"


def test_several_dropped_files_are_one_job_each(panel: LanesPanel, look: UiContext, song: Path, tmp_path: Path) -> None:
    other = ramp(tmp_path / "other.wav", 1)
    drop(panel.content, song, other)
    assert look.workspace.workpiece.value.more == (other,)


def test_the_result_takes_no_files(panel: LanesPanel, song: Path) -> None:
    assert not drop(panel.result, song)


def test_a_drag_over_the_lane_is_the_region_and_one_undo(qtbot, panel: LanesPanel, look: UiContext, song: Path) -> None:
    drop(panel.content, song)
    drag(qtbot, panel.content, 2.0, 6.0)
    assert panel.presenter.region_s.value == pytest.approx((2.0, 6.0), abs=0.02)
    drag(qtbot, panel.content, 6.0, 8.0)
    assert panel.presenter.region_s.value == pytest.approx((2.0, 8.0), abs=0.02)
    drag(qtbot, panel.content, 4.0, 5.0, modifier=Qt.KeyboardModifier.ShiftModifier)
    assert panel.presenter.region_s.value == pytest.approx((3.0, 9.0), abs=0.04)
    look.workspace.undo()
    look.workspace.undo()
    assert panel.presenter.region_s.value == pytest.approx((2.0, 6.0), abs=0.02)
    qtbot.mouseDClick(panel.content, Qt.MouseButton.LeftButton, pos=QPoint(300, 40))
    assert panel.presenter.region_s.value == (0.0, 10.0)


def test_a_click_moves_the_playhead_and_not_the_region(qtbot, panel: LanesPanel, song: Path) -> None:
    drop(panel.content, song)
    with qtbot.waitSignal(panel.seek) as sought:
        qtbot.mouseClick(panel.result, Qt.MouseButton.LeftButton, pos=QPoint(panel.result.width() // 4, 30))
    assert sought.args[0] == pytest.approx(2.5, abs=0.02)
    assert panel.presenter.region_s.value == (0.0, 10.0)


def test_the_region_has_the_accent_and_the_rest_has_not(panel: LanesPanel, look: UiContext, song: Path) -> None:
    drop(panel.content, song)
    panel.presenter.select(3.0, 9.9)
    inside, outside = colour_at(panel.content, 9.5, near=0.3), colour_at(panel.content, 1.0, near=0.6)
    accent = QColor(look.theme.colour("content"))
    assert abs(inside.hue() - accent.hue()) < 12
    assert inside.saturation() > 100 > outside.saturation()


def test_the_wheel_zooms_where_the_mouse_is_and_pans_sideways(panel: LanesPanel, song: Path) -> None:
    drop(panel.content, song)
    x = panel.content.width() / 4
    wheel(panel.content, x, 10)
    view = panel.presenter.view.value
    assert view is not None
    assert view.span_s < 2.0
    assert view.seconds_at(x, panel.content.width()) == pytest.approx(2.5, abs=1e-6)
    wheel(panel.content, x, 0, sideways=-120)
    assert panel.presenter.view.value is not None
    assert panel.presenter.view.value.first_s > view.first_s


def test_brackets_set_the_ends_at_the_playhead(qtbot, panel: LanesPanel, song: Path) -> None:
    drop(panel.content, song)
    panel.set_position(4.0)
    qtbot.keyClicks(panel.content, "[")
    panel.set_position(7.0)
    qtbot.keyClicks(panel.content, "]")
    assert panel.presenter.region_s.value == pytest.approx((4.0, 7.0), abs=1e-3)


def test_keys_of_the_window_zoom_and_change_the_picture(panel: LanesPanel, look: UiContext, song: Path) -> None:
    drop(panel.content, song)
    look.shortcuts.trigger("zoom_in")
    assert panel.presenter.view.value is not None
    assert not panel.presenter.view.value.shows_all
    look.shortcuts.trigger("zoom_all")
    assert panel.presenter.view.value.shows_all
    look.shortcuts.trigger("spectrum")
    assert panel.presenter.shows_mel.value


def test_both_pictures_show_the_sound_in_both_themes(panel: LanesPanel, look: UiContext, song: Path) -> None:
    drop(panel.content, song)
    for _ in range(2):
        for shows_mel, near in ((False, 0.3), (True, 0.985)):
            panel.presenter.show_mel(shows_mel)
            assert colour_at(panel.content, 9.5, near=near) != QColor(look.theme.colour("sunken"))
        look.theme.toggle()


def test_the_result_fills_from_the_left(panel: LanesPanel, look: UiContext, song: Path, tmp_path: Path) -> None:
    drop(panel.content, song)
    request = RenderRequest(source=song, stem=tmp_path / "stem.wav", styles=())
    take = Take(job="win-1", request=request, state=TakeState.RENDERING, fraction=0.5)
    look.workspace.takes.shown.value = take
    done, to_do = colour_at(panel.result, 4.0, near=0.95), colour_at(panel.result, 6.0, near=0.95)
    assert done != to_do
    assert to_do == QColor(look.theme.colour("sunken"))
    look.workspace.takes.shown.value = replace(take, fraction=0.9)
    assert colour_at(panel.result, 6.0, near=0.95) == done


def test_a_failed_render_offers_to_try_again(
    qtbot, panel: LanesPanel, look: UiContext, song: Path, tmp_path: Path
) -> None:
    drop(panel.content, song)
    problems: list[Exception] = []
    look.workspace.problem.connect(problems.append)
    request = RenderRequest(source=song, stem=tmp_path / "stem.wav", styles=())
    failed = Take(job="win-1", request=request, state=TakeState.FAILED, message="No room. Choose draft.")
    look.workspace.takes.shown.value = failed
    again = next(one for one in panel.result.findChildren(QPushButton))
    qtbot.waitUntil(again.isVisible)
    qtbot.mouseClick(again, Qt.MouseButton.LeftButton)
    assert len(problems) == 1  # there is no core in this test: the workspace was asked to render


def test_a_draft_lies_over_its_seconds_marked_and_gives_way(
    panel: LanesPanel, look: UiContext, song: Path, tmp_path: Path
) -> None:
    drop(panel.content, song)
    takes, sunken = look.workspace.takes, QColor(look.theme.colour("sunken"))
    [hint] = covers(panel.result)
    assert hint == "Choose a style", "an empty lane says what to do next"
    takes.draft.value = DraftStem(path=ramp(tmp_path / "draft.wav", 4), first=3 * RATE, length=4 * RATE)
    assert covers(panel.result) == []
    for shows_mel in (False, True):
        panel.presenter.show_mel(shows_mel)
        inside, outside = colour_at(panel.result, 6.5, near=0.97), colour_at(panel.result, 8.0, near=0.97)
        assert (inside != sunken, outside == sunken) == (True, True)
    request = RenderRequest(source=song, stem=tmp_path / "stem.wav", styles=())
    takes.shown.value = Take(job="win-1", request=request, state=TakeState.RENDERING, fraction=0.1)
    assert colour_at(panel.result, 6.5, near=0.97) == sunken, "the render of all of it is what is looked at"
    takes.shown.value, takes.draft.value = None, None
    assert covers(panel.result) == [hint]


def test_takes_stand_under_the_result_and_are_gone_through_named_and_put_away(
    panel: LanesPanel, look: UiContext, qtbot: QtBot, song: Path, tmp_path: Path
) -> None:
    drop(panel.content, song)
    assert not panel.takes.isVisible()
    stem = Stem(path=ramp(tmp_path / "stem.wav", 4), start=0, length=4 * RATE, rate=RATE, channels=2)
    for number in (1, 2):
        origin = Origin(client="window", take=number)
        request = RenderRequest(source=song, stem=stem.path, styles=(), origin=origin)
        look.workspace.takes.add(Take(job=f"win-{number}", request=request, state=TakeState.DONE, stem=stem))
    chips, strip = panel.takes.chips, panel.takes.presenter
    assert panel.takes.isVisible()
    qtbot.mouseClick(chips.viewport(), LEFT, pos=chips.visualRect(chips.model().index(0, 0)).center())
    assert strip.shown.value == "win-1"
    qtbot.keyClick(chips, Qt.Key.Key_Right)
    assert strip.shown.value == "win-2"
    qtbot.keyClick(chips, Qt.Key.Key_F2)
    field = chips.findChild(QLineEdit)
    field.selectAll()
    qtbot.keyClicks(field, "Keeper")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: look.take_notes.of("win-2").name == "Keeper")
    qtbot.keyClick(chips, Qt.Key.Key_Delete)
    assert [chip.job for chip in strip.chips.value] == ["win-1"]


def test_in_a_small_window_both_pictures_can_be_read_and_the_lanes_keep_apart(
    panel: LanesPanel, look: UiContext, qtbot: QtBot, song: Path
) -> None:
    """1024 x 700 leaves the lanes that much."""
    drop(panel.content, song)
    panel.resize(494, 330)
    QApplication.processEvents()
    words = [one for one in panel.findChildren(QToolButton) if one.text() in ("Waveform", "Spectrum")]
    assert len(words) == 2
    for one in words:
        assert one.width() > one.fontMetrics().horizontalAdvance(one.text()) + 8, one.text()
    assert panel.result.y() > panel.content.geometry().bottom()


def test_the_strip_under_the_result_exports_it(panel: LanesPanel, look: UiContext, qtbot) -> None:
    asked = []
    look.shortcuts.on("export", lambda: asked.append(True))
    assert panel.takes.export.accessibleName() == "Export the result…"
    panel.takes.export.click()
    assert len(asked) == 1
