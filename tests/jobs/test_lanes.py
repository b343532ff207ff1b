"""Several jobs at once: where the worker has room for them, and no more."""

from __future__ import annotations

import queue as queues
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stylus_daw.jobs.dispatcher import Lanes
from stylus_daw.jobs.job import JobDone, JobEnding, JobFailed, JobProgressed, JobWasCancelled, RenderRequest
from stylus_daw.jobs.journal.journal import Journal
from stylus_daw.jobs.process.worker import RenderWorker
from stylus_daw.jobs.queue import JobQueue
from tests.support.jobs.fake_renderer import go_on, request_for, runs
from tests.support.jobs.listening import Listener
from tests.support.waiting import eventually

PROCESSES = 3


class Studio:
    """A worker that has several render processes, as a farm has machines."""

    def __init__(self) -> None:
        self.room = PROCESSES
        self._all = [RenderWorker("tests.support.jobs.fake_renderer:make", grace_s=0.3) for _ in range(PROCESSES)]
        self._free: queues.SimpleQueue[RenderWorker] = queues.SimpleQueue()
        for one in self._all:
            self._free.put(one)

    def render(
        self,
        job: str,
        request: RenderRequest,
        on_progress: Callable[[JobProgressed], None],
        cancelled: threading.Event,
    ) -> JobEnding:
        one = self._free.get()
        try:
            return one.render(job, request, on_progress, cancelled)
        finally:
            self._free.put(one)

    def close(self) -> None:
        for one in self._all:
            one.close()


@pytest.fixture
def studio() -> Iterator[Studio]:
    studio = Studio()
    yield studio
    studio.close()


@pytest.fixture
def queue(journal: Journal, studio: Studio, listener: Listener) -> Iterator[JobQueue]:
    queue = JobQueue(journal, studio, Lanes(most=PROCESSES, now=lambda: studio.room))
    queue.subscribe(listener)
    queue.start()
    yield queue
    queue.stop()


def deaf(folder: Path, name: str) -> RenderRequest:
    """Runs until it is let go."""
    (folder / name).mkdir()
    return request_for(folder / name, "deaf")


def test_as_many_jobs_run_as_there_is_room_for_and_each_is_cancelled_alone(queue, tmp_path) -> None:
    requests = {job: deaf(tmp_path, job) for job in "abcd"}
    for job, request in requests.items():
        queue.submit(job, request)
    eventually(lambda: all(runs(requests[job]) for job in "abc"))
    assert (set(queue.running), queue.waiting) == ({"a", "b", "c"}, ("d",))
    queue.cancel("b")
    assert queue.wait("b", 10) == JobWasCancelled(job="b")
    eventually(lambda: runs(requests["d"]))
    assert set(queue.running) == {"a", "c", "d"}
    for job in "dca":
        go_on(requests[job])
        assert isinstance(queue.wait(job, 10), JobDone), "the order in which they end is their own"
    assert queue.running == ()


def test_a_worker_with_less_room_gets_fewer_jobs(queue, studio, tmp_path) -> None:
    studio.room = 1
    requests = {job: deaf(tmp_path, job) for job in "ab"}
    for job, request in requests.items():
        queue.submit(job, request)
    eventually(lambda: runs(requests["a"]))
    assert (queue.running, queue.waiting) == (("a",), ("b",))
    studio.room = 2
    eventually(lambda: runs(requests["b"]))
    for job in "ab":
        go_on(requests[job])
        assert isinstance(queue.wait(job, 10), JobDone)


def test_a_job_that_kills_its_process_is_tried_twice_beside_others(queue, listener, tmp_path) -> None:
    slow, bad = deaf(tmp_path, "slow"), request_for(tmp_path, "crash")
    queue.submit("slow", slow)
    queue.submit("bad", bad)
    ending = queue.wait("bad", 30)
    assert isinstance(ending, JobFailed)
    assert (ending.code, len(runs(bad))) == ("job.crashed", 2)
    assert queue.running == ("slow",)
    go_on(slow)
    assert isinstance(queue.wait("slow", 10), JobDone)
    eventually(lambda: [event for event in listener.of("bad") if isinstance(event, JobFailed)] == [ending])


def test_stopping_keeps_all_that_runs_for_the_next_start(journal, studio, tmp_path) -> None:
    queue = JobQueue(journal, studio, Lanes(most=PROCESSES, now=lambda: studio.room))
    queue.start()
    requests = {job: deaf(tmp_path, job) for job in "ab"}
    for job, request in requests.items():
        queue.submit(job, request)
    eventually(lambda: all(runs(request) for request in requests.values()))
    queue.stop()
    assert [(record.job, record.attempts) for record in journal.unfinished()] == [("a", 0), ("b", 0)]
    assert not any(thread.is_alive() for thread in queue.threads)
