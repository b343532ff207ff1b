"""The app's own queue on a farm: a job for each worker at once, and each can be cancelled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from stylus_daw.farm.client.farm_worker import MOST_LANES
from stylus_daw.jobs.dispatcher import Lanes
from stylus_daw.jobs.job import JobDone, JobWasCancelled
from stylus_daw.jobs.journal.journal import Journal
from stylus_daw.jobs.queue import JobQueue
from tests.support.farms import LocalFarm
from tests.support.jobs.farm_renderer import begun, ended, request_for
from tests.support.waiting import eventually


@pytest.fixture
def queue(farm: LocalFarm, tmp_path: Path) -> Iterator[JobQueue]:
    journal, client = Journal(tmp_path / "jobs.sqlite"), farm.client()
    queue = JobQueue(journal, client, Lanes(most=MOST_LANES, now=client.room))
    queue.start()
    yield queue
    queue.stop()
    journal.close()


def test_two_workers_render_two_jobs_at_once_and_a_cancel_lets_the_next_one_in(
    queue: JobQueue, source: Path, tmp_path: Path
) -> None:
    marks = {job: tmp_path / f"marks-{job}" for job in "abc"}
    for number, job in enumerate("abc"):
        seconds = 0.5 if job == "c" else 30
        request = request_for(source, tmp_path / f"{job}.wav", marks[job], seconds=seconds, number=number)
        queue.submit(job, request)
    eventually(lambda: begun(marks["a"]) and begun(marks["b"]), 20)
    assert (set(queue.running), queue.waiting) == ({"a", "b"}, ("c",))
    queue.cancel("a")
    assert queue.wait("a", 10) == JobWasCancelled(job="a")
    assert isinstance(queue.wait("c", 20), JobDone)
    assert queue.running == ("b",)
    queue.cancel("b")
    assert queue.wait("b", 10) == JobWasCancelled(job="b")
    assert [ended(marks[job]) for job in "abc"] == [0, 0, 1]
