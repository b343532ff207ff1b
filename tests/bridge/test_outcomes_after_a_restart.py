"""Every outcome reaches its host once, whichever of the two was closed in between. Real queue, journal and sockets."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from stylus_bridge.server import BridgeServer
from stylus_bridge.watcher import FolderWatcher
from stylus_bridge.wire.protocol import Cancelled, Done, Failed, Queued, Welcome
from stylus_daw.jobs.giving_up import MAX_RUNS
from stylus_daw.jobs.job import JobDone, JobEnding, JobPhase, JobWasCancelled, Stem
from stylus_daw.jobs.journal.journal import Journal
from stylus_daw.jobs.queue import JobQueue
from tests.support.scripted_jobs import RawHost, soon


class GatedWorker:
    """Renders nothing until the gate opens."""

    def __init__(self, gate: threading.Event) -> None:
        self._gate = gate

    def render(self, job: str, request: Any, on_progress: object, cancelled: threading.Event) -> JobEnding:
        while not self._gate.wait(0.01):
            if cancelled.is_set():
                return JobWasCancelled(job=job)
        return JobDone(job=job, stem=Stem(path=request.stem, start=5, length=480, rate=48_000, channels=2))

    def close(self) -> None:
        pass


@dataclass
class House:
    """An app that can be closed and started again."""

    studio: Any
    gate: threading.Event
    journal: Journal | None = None
    queue: JobQueue | None = None
    server: BridgeServer | None = None
    hosts: list[RawHost] = field(default_factory=list)

    def start(self) -> None:
        self.journal = Journal(self.studio.root / "journal.sqlite")
        self.queue = JobQueue(self.journal, GatedWorker(self.gate))
        self.queue.start()
        self.studio.jobs = self.queue
        self.server = self.studio.make_server()
        self.server.start()

    def stop(self) -> None:
        if self.server and self.queue and self.journal:
            self.server.stop()
            self.queue.stop()
            self.journal.close()

    def restart(self) -> None:
        self.stop()
        self.start()

    def host(self, client: str = "max") -> RawHost:
        """A new host that has said hello and was welcomed."""
        assert self.server is not None
        host = RawHost(self.server.port, self.server.token)
        self.hosts.append(host)
        host.ask("/stylus/hello", 1, client, "1.0", 0)
        assert isinstance(host.next(), Welcome)
        return host

    def has_ended(self, job: str) -> bool:
        return self.journal is not None and self.journal.get(job).is_finished


@pytest.fixture
def house(quiet_studio) -> Iterator[House]:
    (quiet_studio.music / "a.wav").write_bytes(b"RIFF")
    house = House(quiet_studio, threading.Event())
    house.start()
    yield house
    house.stop()
    for host in house.hosts:
        host.close()


def submit(house: House, host: RawHost, job: str = "job-1") -> None:
    host.ask("/stylus/job/render", job, str(house.studio.music / "a.wav"), "warm-strings")
    assert isinstance(host.next(), Queued)


def hears_the_end_once(house: House, host: RawHost) -> None:
    """This host, and no later one."""
    while not isinstance(host.next(20), Done):
        pass
    assert host.hears_nothing(0.3)
    assert house.host().hears_nothing(0.3)


def test_a_short_form_job_that_ends_after_a_restart_is_told_at_the_next_hello_and_once(house):
    submit(house, house.host())
    house.restart()
    house.gate.set()
    assert soon(lambda: house.has_ended("job-1"), 20)
    host = house.host()
    assert isinstance(host.next(), Done)
    assert host.hears_nothing(0.3)
    assert house.host().hears_nothing(0.3)


def test_a_host_that_says_hello_before_the_end_hears_it_once(house):
    submit(house, house.host())
    house.restart()
    host = house.host()
    house.gate.set()
    hears_the_end_once(house, host)


def test_an_end_before_the_folder_was_taken_up_again_is_told(house, monkeypatch):
    """Two thousand folders take a while; a host that has said hello meanwhile hears of the end at once."""
    submit(house, house.host())
    house.stop()
    monkeypatch.setattr(FolderWatcher, "start", lambda self: None)
    house.start()
    host = house.host()
    told = threading.Event()
    house.queue.in_order(told.set)  # behind what the hello has brought
    assert told.wait(20)
    house.gate.set()
    hears_the_end_once(house, host)


def test_a_job_that_fails_while_the_app_starts_is_told(house):
    submit(house, house.host())
    assert soon(lambda: house.journal.get("job-1").phase is JobPhase.RUNNING, 20)
    house.server.stop()
    house.queue.stop()
    house.journal.record_started("job-1")
    for _ in range(MAX_RUNS):  # as so many deaths of the whole app leave it
        house.journal.record_begun("job-1")
    house.journal.close()
    house.start()
    host = house.host()
    failed = host.next()
    assert isinstance(failed, Failed)
    assert failed.code == "job.crashed"
    assert house.host().hears_nothing(0.3)


def test_what_was_told_before_the_restart_is_not_told_again(house):
    host = house.host()
    submit(house, host)
    host.ask("/stylus/job/cancel", "job-1")
    said = host.next(20)
    while not isinstance(said, Cancelled):
        said = host.next(20)
    house.restart()
    assert house.host().hears_nothing(0.3)


def test_a_host_is_not_told_of_the_jobs_of_others(house):
    submit(house, house.host("max"))
    house.restart()
    house.gate.set()
    assert soon(lambda: house.has_ended("job-1"), 20)
    assert house.host("touchosc").hears_nothing(0.3)
    assert isinstance(house.host("max").next(), Done)


def test_an_outcome_that_was_sent_to_a_closed_host_is_told_when_it_comes_back(house):
    host = house.host()
    submit(house, host)
    host.close()
    house.gate.set()
    assert soon(lambda: house.has_ended("job-1"), 20)
    back = house.host()
    assert isinstance(back.next(), Done)
    assert house.host().hears_nothing(0.3)


def test_a_folder_has_its_outcome_though_no_host_ever_listened_and_the_app_was_closed_meanwhile(house):
    folder = house.studio.write_folder("job-1")
    assert soon(lambda: house.journal.unfinished(), 20)
    house.restart()
    house.gate.set()
    assert soon(lambda: '"outcome": "done"' in (folder / "state.json").read_text("utf-8"), 20)
    house.restart()
    assert '"outcome": "done"' in (folder / "state.json").read_text("utf-8")


def test_a_folder_whose_job_ended_just_before_the_app_died_gets_its_outcome_at_the_next_start(house):
    folder = house.studio.write_folder("job-1")
    assert soon(lambda: house.journal.unfinished(), 20)
    house.stop()
    journal = Journal(house.studio.root / "journal.sqlite")
    journal.record_finished("job-1", JobWasCancelled(job="job-1"))  # and state.json was not written any more
    journal.close()
    house.start()
    assert soon(lambda: '"outcome": "cancelled"' in (folder / "state.json").read_text("utf-8"), 20)


def test_a_short_form_job_leaves_its_outcome_in_its_folder_after_a_restart_too(house):
    submit(house, house.host())
    house.restart()
    house.gate.set()
    state = house.studio.jobs_folder / "job-1" / "state.json"
    assert soon(lambda: '"outcome": "done"' in state.read_text("utf-8"), 20)
