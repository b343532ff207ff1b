"""Real processes, real files: a studio of journal, worker and queue in a temporary folder."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from pathlib import Path

import pytest

from stylus_daw.jobs.journal.journal import Journal
from stylus_daw.jobs.process.worker import RenderWorker
from stylus_daw.jobs.queue import JobQueue
from tests.support.jobs.listening import Listener


@pytest.fixture(autouse=True)
def _light_main(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spawned children import the parent's main module again: here that is all of pytest."""
    monkeypatch.setitem(sys.modules, "__main__", types.ModuleType("__main__"))


@pytest.fixture
def worker() -> Iterator[RenderWorker]:
    worker = RenderWorker("tests.support.jobs.fake_renderer:make", grace_s=0.3)
    yield worker
    worker.close()


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal(tmp_path / "jobs.sqlite")
    yield journal
    journal.close()


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def queue(journal: Journal, worker: RenderWorker, listener: Listener) -> Iterator[JobQueue]:
    queue = JobQueue(journal, worker)
    queue.subscribe(listener)
    queue.start()
    yield queue
    queue.stop()
