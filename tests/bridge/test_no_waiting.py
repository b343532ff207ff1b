"""The socket is read whatever the disk does, and a host hears of a job in the order in which it happened."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from itertools import pairwise

import pytest

from stylus_bridge.client.client import BridgeClient
from stylus_bridge.errands import Errands
from stylus_bridge.wire.protocol import Cancelled, Done, Progressed, Queued, Refused, Welcome
from stylus_daw.jobs.job import JobDone, JobProgressed, JobWasCancelled, Stem
from stylus_daw.jobs.journal.journal import Journal
from stylus_daw.jobs.queue import JobQueue
from tests.support.scripted_jobs import RawHost, soon

STEPS = 200


class SteppingWorker:
    """Tells of many steps, as fast as it can, when the gate opens."""

    def __init__(self) -> None:
        self.gate = threading.Event()

    def render(self, job, request, on_progress, cancelled):
        while not self.gate.wait(0.01):
            if cancelled.is_set():
                return JobWasCancelled(job=job)
        for step in range(STEPS):
            on_progress(JobProgressed(job=job, fraction=step / STEPS, stage="styling"))
        return JobDone(job=job, stem=Stem(path=request.stem, start=5, length=480, rate=48_000, channels=2))

    def close(self):
        self.gate.set()


@pytest.fixture
def worker():
    return SteppingWorker()


@pytest.fixture
def real(quiet_studio, worker):
    """The studio with the app's own queue and journal."""
    journal = Journal(quiet_studio.root / "journal.sqlite", busy_seconds=20)
    quiet_studio.jobs = JobQueue(journal, worker)
    quiet_studio.jobs.start()
    quiet_studio.server = quiet_studio.make_server()
    quiet_studio.server.start()
    yield quiet_studio
    quiet_studio.server.stop()
    quiet_studio.jobs.stop()
    journal.close()


@pytest.fixture
def real_host(real):
    host = RawHost(real.server.port, real.server.token)
    yield host
    host.close()


@pytest.fixture
def lock_of_another(real):
    other = sqlite3.connect(real.root / "journal.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield other
    other.close()


def test_a_journal_that_another_process_locks_does_not_make_the_app_deaf(real, real_host, lock_of_another):
    real_host.ask("/stylus/job/submit", "job-1", str(real.write_folder()))
    with BridgeClient(real.state_folder, timeout_s=4, attempts=1) as client:
        for _ in range(20):
            client.ping()
            client.hello("max")
    lock_of_another.execute("ROLLBACK")
    assert isinstance(real_host.next(20), Queued)


def test_a_burst_of_hellos_is_answered_each(studio, host):
    for _ in range(200):
        host.ask("/stylus/hello", 1, "max", "1.0", host.port)
    assert all(isinstance(host.next(20), Welcome) for _ in range(200))
    ports = studio.state_folder / "reply_ports.json"
    assert soon(lambda: ports.exists() and str(host.port) in ports.read_text("utf-8"), 20)


def test_whatever_a_host_asks_meanwhile_nothing_older_follows_anything_newer(real, real_host, worker):
    folder = str(real.write_folder())
    real_host.ask("/stylus/job/submit", "job-1", folder)
    assert isinstance(real_host.next(20), Queued)
    worker.gate.set()
    for _ in range(50):
        real_host.ask("/stylus/job/status", "job-1")
        real_host.ask("/stylus/job/submit", "job-1", folder)
    heard = [real_host.next(20)]
    with contextlib.suppress(TimeoutError):
        while True:
            heard.append(real_host.next(0.5 if isinstance(heard[-1], Done) else 20))
    ended = next(i for i, said in enumerate(heard) if isinstance(said, Done))
    fractions = [said.fraction for said in heard[:ended]]
    assert all(earlier <= later for earlier, later in pairwise(fractions))
    assert all(isinstance(said, Done) for said in heard[ended:])


def test_a_submission_after_the_end_is_answered_with_the_end(real, worker):
    folder = real.write_folder()
    worker.gate.set()
    with BridgeClient(real.state_folder) as client:
        for _ in range(20):
            client.submit(folder)
        done = client.wait("job-1", timeout_s=20)
        assert isinstance(done, Done)
        assert [client.submit(folder) for _ in range(20)] == [done] * 20


def test_the_answer_to_a_cancel_is_not_some_event(real):
    with BridgeClient(real.state_folder) as client:
        client.hello("reaper")
        client.submit(real.write_folder("job-0"))
        client.submit(real.write_folder("job-1"))
        assert client.cancel("job-1") == Cancelled(job="job-1")


def test_one_who_asks_for_the_status_is_answered_and_hears_no_more(real, real_host, worker):
    with BridgeClient(real.state_folder) as client:
        client.submit(real.write_folder())
        assert isinstance(real_host.answer("/stylus/job/status", "job-1"), Queued | Progressed)
        worker.gate.set()
        client.wait("job-1", timeout_s=20)
    assert real_host.hears_nothing(0.2)


def test_a_refused_question_costs_a_listener_no_event(studio, host):
    host.ask("/stylus/job/submit", "job-1", str(studio.write_folder()))
    assert isinstance(host.next(), Queued)
    told = studio.jobs.status
    studio.jobs.status = lambda job, tell=None: studio.jobs.progress("job-1", 0.5) or 1 / 0
    host.ask("/stylus/job/status", "job-1")
    heard = host.hears(2)
    studio.jobs.status = told
    assert {type(said) for said in heard} == {Refused, Progressed}
    studio.jobs.finish("job-1")
    assert isinstance(host.next(), Done)


def test_requests_that_nobody_can_keep_up_with_are_dropped_and_counted():
    errands, gate, done = Errands(most_waiting=2), threading.Event(), []
    errands.start()
    errands.add(lambda: gate.wait(20))
    assert soon(lambda: errands._waiting.empty())
    assert [errands.add(lambda: done.append(1)) for _ in range(3)] == [True, True, False]
    assert errands.add_once("a", lambda: done.append(2)) is False
    gate.set()
    errands.stop()
    assert done == [1, 1]


def test_an_errand_that_waits_already_is_not_done_twice():
    errands, done = Errands(), []
    for _ in range(3):
        errands.add_once("save", lambda: done.append(1))
    errands.add(lambda: 1 / 0)
    errands.add(lambda: done.append(2))
    errands.start()
    errands.stop()
    assert done == [1, 2]
