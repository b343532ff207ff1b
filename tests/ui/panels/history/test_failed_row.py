"""What a failed row says where there is little room."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter
from pytestqt.qtbot import QtBot

from stylus_daw.jobs.job import JobFailed
from stylus_ui.context import UiContext
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.panels.history.history import HistoryPanel
from stylus_ui.panels.shared.row_painter import RowPainter
from stylus_ui.screenshots.core import HandWorker, hand_core, request_of

FOLDER = "/home/ada/Sessions/A very long name of a song (final mix 7)/Interchange/Take one/audiofiles"
REMEDY = "Put it back, or choose another."


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int, int]]:
    """Every line that a row has drawn: what it says, what room it needs and what it has."""
    lines: list[tuple[str, int, int]] = []
    draw = RowPainter.line

    def noted(self: RowPainter, painter: QPainter, area: QRect, said: str, *words: str, **how: int) -> None:
        needed = self.width(said, size=how.get("size", MEASURES.body))
        lines.append((said, needed, area.width()))
        draw(self, painter, area, said, *words, **how)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(RowPainter, "line", noted)
    return lines


@pytest.fixture
def panel(look: UiContext, qtbot: QtBot, tmp_path: Path) -> Iterator[HistoryPanel]:
    """One row, of a job whose source has gone."""

    def fill(journal) -> None:
        journal.record_queued([("a", request_of(tmp_path))])
        message = f"'{FOLDER}/Bass Line (comp 3).wav' cannot be read: no such file or directory. {REMEDY}"
        journal.record_finished("a", JobFailed(job="a", code="audio.read", message=message))

    with hand_core(look.settings, HandWorker(), fill=fill) as app:
        made = HistoryPanel(look)
        qtbot.addWidget(made)
        made.resize(470, 240)
        made.show()
        look.app_ready.value = app
        qtbot.waitUntil(lambda: made.list.model().rowCount() == 1)
        yield made
        look.app_ready.value = None


def test_what_helps_is_whole_and_no_path_takes_its_room(panel: HistoryPanel, painted, qtbot: QtBot) -> None:
    painted.clear()
    panel.list.viewport().repaint()
    (needed, room) = next((needed, room) for said, needed, room in painted if said == REMEDY)
    assert needed <= room
    assert not any("/home/ada" in said for said, _, _ in painted)


def test_all_of_it_can_be_read_where_the_mouse_rests(panel: HistoryPanel) -> None:
    from PySide6.QtCore import Qt

    tip = panel.list.model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert FOLDER in tip
    assert REMEDY in tip
