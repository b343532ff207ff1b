"""How busy the processor is."""

from __future__ import annotations

import sys
import time

import pytest

from stylus_daw.engine.machine.processor import ProcessorLoad, of_stat


def test_waiting_is_no_work_and_guests_are_counted_once() -> None:
    assert of_stat("cpu  10 5 5 60 20 0 0 0 7 0\ncpu0 1 1 1 1 1\n") == (20.0, 100.0)


@pytest.mark.parametrize("text", ["", "cpu0 1 2 3 4 5", "cpu 1 2"])
def test_another_format_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="/proc/stat"):
        of_stat(text)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc/stat")
def test_a_busy_core_is_seen() -> None:
    load, until = ProcessorLoad(), time.monotonic() + 0.2
    while time.monotonic() < until:
        pass
    share = load.look()
    assert share is not None
    assert 0 < share <= 1
