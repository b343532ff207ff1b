"""Qt objects in cycles of Python objects go on Qt's thread, whoever allocates."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QTimer

from stylus_ui.shell.garbage import GarbageCollection


@pytest.fixture
def garbage(qapp: object) -> Iterator[GarbageCollection]:
    made = GarbageCollection()
    yield made
    made.close()
    assert gc.isenabled()


def cycle_with_a_timer(gone_on: list[str]) -> None:
    owner = QObject()
    owner.timer = QTimer(owner)  # pyright: ignore[reportAttributeAccessIssue]
    owner.itself = owner  # pyright: ignore[reportAttributeAccessIssue]
    owner.timer.start(10)  # pyright: ignore[reportAttributeAccessIssue]
    weakref.finalize(owner, lambda: gone_on.append(threading.current_thread().name))


def test_other_threads_take_no_timer_down(garbage: GarbageCollection) -> None:
    gone_on: list[str] = []
    cycle_with_a_timer(gone_on)
    busy = threading.Thread(target=lambda: [[] for _ in range(200_000)], name="busy")
    busy.start()
    busy.join()
    assert gone_on == []
    garbage.collect()
    if not gone_on:  # it had grown old already
        garbage.settle()
    assert gone_on == ["MainThread"]
