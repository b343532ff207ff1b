"""The render process gives way to the app and to the DAW."""

from __future__ import annotations

import os
import sys

import pytest

from stylus_daw.jobs.process.priority import NICE
from stylus_daw.jobs.process.worker import RenderWorker
from tests.support.waiting import eventually

LOWEST = 19


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has priority classes instead of nice values")
def test_the_render_process_gives_way_to_the_app(worker: RenderWorker) -> None:
    worker.warm_up()
    pid, own = worker.pid, os.getpriority(os.PRIO_PROCESS, 0)
    assert pid is not None
    eventually(lambda: os.getpriority(os.PRIO_PROCESS, pid) == min(own + NICE, LOWEST))
