"""The bridge with the app's real queue and journal behind it; only the render is scripted."""

from __future__ import annotations

import json
import threading

import pytest

from stylus_bridge.client.client import BridgeClient
from stylus_bridge.wire.protocol import Cancelled, Done, Queued
from stylus_daw.jobs.job import JobDone, JobProgressed, JobWasCancelled, Stem
from stylus_daw.jobs.journal.journal import Journal
from stylus_daw.jobs.queue import JobQueue


class GatedWorker:
    """Renders nothing until the gate opens."""

    def __init__(self):
        self.gate = threading.Event()

    def render(self, job, request, on_progress, cancelled):
        on_progress(JobProgressed(job=job, fraction=0.5, stage="styling"))
        while not self.gate.wait(0.01):
            if cancelled.is_set():
                return JobWasCancelled(job=job)
        return JobDone(job=job, stem=Stem(path=request.stem, start=5, length=480, rate=48_000, channels=2))

    def close(self):
        self.gate.set()


@pytest.fixture
def worker():
    return GatedWorker()


@pytest.fixture
def queue(tmp_path, worker):
    journal = Journal(tmp_path / "journal.sqlite")
    queue = JobQueue(journal, worker)
    queue.start()
    yield queue
    queue.stop()
    journal.close()


@pytest.fixture
def client(quiet_studio, queue):
    quiet_studio.jobs = queue
    server = quiet_studio.make_server()
    server.start()
    with BridgeClient(quiet_studio.state_folder) as client:
        yield client
    server.stop()


def state_of(folder):
    return json.loads((folder / "state.json").read_text("utf-8"))


def test_a_folder_goes_through_the_real_queue(quiet_studio, client, worker):
    folder = quiet_studio.write_folder()
    assert isinstance(client.submit(folder), Queued)
    worker.gate.set()
    done = client.wait("job-1", timeout_s=10)
    assert isinstance(done, Done)
    assert done.stem_path == str(folder.resolve() / "stem.wav")
    assert state_of(folder)["outcome"] == "done"
    assert client.submit(folder) == done


def test_a_running_job_is_cancelled_through_the_real_queue(quiet_studio, client):
    running = threading.Event()
    folder = quiet_studio.write_folder()
    client.submit(folder)
    timer = threading.Timer(0.1, lambda: (client.cancel("job-1"), running.set()))
    timer.start()
    running.wait(5)
    assert client.wait("job-1", timeout_s=10) == Cancelled(job="job-1")
    assert state_of(folder)["outcome"] == "cancelled"
