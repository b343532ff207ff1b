"""Where workers are reached, and what is said of those that are not."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

import pytest

from stylus_daw.farm.client import connection as connection_module
from stylus_daw.farm.errors import FarmError
from stylus_daw.jobs.job import JobDone
from tests.support.farms import LocalFarm, Render
from tests.support.jobs.farm_renderer import request_for


def host_in(line: str) -> str:
    found = re.search(r"tls://(\S+):\d+", line)
    assert found, line
    return found[1]


def test_a_worker_beside_a_scheduler_for_all_is_reached_where_the_scheduler_is(tmp_path: Path, source: Path) -> None:
    """It calls the scheduler 127.0.0.1, and must not tell clients elsewhere that it is there."""
    farm = LocalFarm(tmp_path / "farm", "0.0.0.0")
    try:
        farm.start_workers("box")
        scheduler, worker = farm.said
        assert host_in(worker) == host_in(scheduler)
        request = request_for(source, tmp_path / "stem.wav", tmp_path / "marks")
        assert isinstance(Render(farm.client(), request).ended(), JobDone)
    finally:
        farm.close()


def test_a_worker_that_does_not_answer_is_named_and_passed_over(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_module, "CONNECT_S", 1.0)
    farm = LocalFarm(tmp_path / "farm")
    stopped = farm.start_workers("stopped")
    try:
        os.kill(stopped.pid, signal.SIGSTOP)
        (worker,) = farm.client().connected().workers("stylus-mini")
        assert worker.obstacle.startswith(f"{worker.address} does not answer this machine. ")
        assert "start it with --host" in worker.obstacle
        request = request_for(source, tmp_path / "stem.wav", tmp_path / "marks")
        error = Render(farm.client(), request).ended()
        assert isinstance(error, FarmError)
        assert error.message.endswith(worker.obstacle)
        farm.start_workers("box")
        assert isinstance(Render(farm.client(), request).ended(), JobDone)
    finally:
        os.kill(stopped.pid, signal.SIGCONT)
        farm.close()
