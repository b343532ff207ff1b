"""The meter of the bar, without a window."""

from __future__ import annotations

from pathlib import Path

import pytest

from stylus_daw.engine.machine.graphics import GraphicsSeen
from stylus_ui.context import UiContext
from stylus_ui.presenters.setup.meter import Meter, MeterShown
from tests.support.ui.worlds import ui_world

GB = 1_000_000_000


def test_it_says_processor_and_memory_when_it_has_looked(context: UiContext) -> None:
    meter = Meter(context, load=lambda: 0.341, free=lambda: 8 * GB)
    assert meter.shown.value == MeterShown()
    meter.look()
    shown = meter.shown.value
    assert (shown.said, shown.is_short) == ("34 % · 8.0 GB free", False)
    assert shown.meant == "The processor is at 34 %. 8.0 GB of main memory are free."


def test_little_memory_is_told(context: UiContext) -> None:
    meter = Meter(context, load=lambda: None, free=lambda: GB)
    meter.look()
    assert (meter.shown.value.said, meter.shown.value.is_short) == ("1.0 GB free", True)


def test_a_graphics_card_is_told_of_while_it_works_for_us(context: UiContext) -> None:
    seen = [None, GraphicsSeen(share=0.63, free=20 * GB, total=24 * GB), None]
    meter = Meter(context, load=lambda: 0.1, free=lambda: 8 * GB, card=lambda: seen.pop(0))
    said = []
    for _ in range(3):
        meter.look()
        said.append(meter.shown.value.said)
    assert said == ["10 % · 8.0 GB free", "10 % · 8.0 GB free · GPU 63 % · 20.0 GB free", "10 % · 8.0 GB free"]


def test_it_speaks_german(tmp_path: Path) -> None:
    with ui_world(tmp_path, language="de") as (context, _):
        card = GraphicsSeen(share=0.5, free=GB, total=GB)
        meter = Meter(context, load=lambda: 1.0, free=lambda: 8 * GB, card=lambda: card)
        meter.look()
        assert meter.shown.value.said == "100 % · 8,0 GB frei · GPU 50 % · 1,0 GB frei"


@pytest.mark.parametrize("fails", [True, False])
def test_it_looks_again_after_a_failure_and_where_nothing_is_known(context: UiContext, fails: bool) -> None:
    known: list[float | None] = []

    def load() -> float | None:
        known.append(0.5)
        if fails and len(known) == 1:
            raise OSError("gone")
        return None if len(known) == 1 else 0.5

    meter = Meter(context, load=load, free=lambda: None)
    meter.look()
    assert meter.shown.value.said == ""
    meter.look()
    assert meter.shown.value.said == "50 %"
