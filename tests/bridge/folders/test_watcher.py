"""Job folders without a message: hosts that have no sockets, and an app that was closed."""

from __future__ import annotations

import json
import threading
import time

import pytest

from stylus_bridge.client.client import BridgeClient
from stylus_bridge.watcher import FolderWatcher
from stylus_daw.errors import JobError
from stylus_daw.jobs.job import JobProgressed, JobQueued
from tests.support.scripted_jobs import soon


def state_of(folder):
    return json.loads((folder / "state.json").read_text("utf-8"))


@pytest.fixture
def watcher(quiet_studio):
    """A watcher that looks only when the test says so."""
    quiet_studio.jobs_folder.mkdir()
    server = quiet_studio.make_server()
    quiet_studio.jobs.subscribe(server._teller.tell_event)
    return FolderWatcher(server._desk)


def test_a_running_app_picks_a_folder_up_by_itself(studio):
    folder = studio.write_folder()
    assert soon(lambda: "job-1" in studio.jobs.requests)
    studio.jobs.finish("job-1")
    assert state_of(folder)["outcome"] == "done"


def test_a_folder_is_taken_at_its_second_sighting_and_once(quiet_studio, watcher):
    quiet_studio.write_folder()
    watcher.poll()
    assert not quiet_studio.jobs.requests
    for _ in range(3):
        watcher.poll()
    assert list(quiet_studio.jobs.requests) == ["job-1"]
    assert len(quiet_studio.builder.built) == 1


def test_a_folder_without_job_json_waits_for_it(quiet_studio, watcher):
    folder = quiet_studio.jobs_folder / "job-1"
    folder.mkdir()
    (quiet_studio.jobs_folder / "readme.txt").write_text("not a folder")
    watcher.poll()
    quiet_studio.write_folder()
    watcher.poll()
    watcher.poll()
    assert "job-1" in quiet_studio.jobs.requests


@pytest.mark.parametrize(
    "changes", [{"preset": "nope"}, {"preset": "bug"}, {"source": "missing.wav"}, {"job": "other"}]
)
def test_a_folder_that_cannot_be_rendered_gets_a_failed_state(quiet_studio, watcher, changes):
    folder = quiet_studio.write_folder()
    raw = json.loads((folder / "job.json").read_text()) | changes
    (folder / "job.json").write_text(json.dumps(raw))
    watcher.poll()
    watcher.poll()
    assert (state_of(folder)["job"], state_of(folder)["outcome"]) == ("job-1", "failed")
    assert not quiet_studio.jobs.requests


def test_a_folder_whose_name_is_no_job_id_gets_a_failed_state(quiet_studio, watcher):
    folder = quiet_studio.jobs_folder / "my job"
    folder.mkdir()
    (folder / "job.json").write_text("{}")
    watcher.poll()
    watcher.poll()
    assert state_of(folder)["error"]["code"] == "job.id"


def test_a_cancel_file_cancels_a_waiting_job(quiet_studio, watcher):
    folder = quiet_studio.write_folder()
    watcher.poll()
    watcher.poll()
    (folder / "cancel").touch()
    watcher.poll()
    watcher.poll()
    assert quiet_studio.jobs.cancelled == ["job-1"]
    assert state_of(folder)["outcome"] == "cancelled"


def test_a_folder_that_was_cancelled_before_it_was_seen_is_never_rendered(quiet_studio, watcher):
    folder = quiet_studio.write_folder()
    (folder / "cancel").touch()
    watcher.poll()
    watcher.poll()
    assert state_of(folder)["outcome"] == "cancelled"
    assert not quiet_studio.jobs.requests


def test_a_job_that_the_queue_refuses_for_now_is_left_for_the_next_start(quiet_studio, watcher):
    def closed(job, request, tell):
        raise JobError("queue.stopped", "The app is closing.")

    quiet_studio.jobs.submit = closed
    folder = quiet_studio.write_folder()
    watcher.poll()
    watcher.poll()
    assert not (folder / "state.json").exists()


def test_an_unfinished_folder_of_an_earlier_run_follows_its_job_again(quiet_studio):
    folder = quiet_studio.write_folder()
    (folder / "state.json").write_text('{\n "phase": "running"\n}')
    quiet_studio.jobs.last["job-1"] = JobQueued(job="job-1", position=0)
    server = quiet_studio.make_server()
    server.start()
    try:
        assert soon(lambda: 'phase": "queued"' in (folder / "state.json").read_text("utf-8"))
        quiet_studio.jobs.progress("job-1", 0.5)
        assert state_of(folder)["phase"] == "running"
    finally:
        server.stop()


def test_an_unfinished_folder_that_the_queue_does_not_know_is_submitted_again(quiet_studio):
    folder = quiet_studio.write_folder()
    (folder / "state.json").write_text('{\n "phase": "running"\n}')
    server = quiet_studio.make_server()
    server.start()
    try:
        assert soon(lambda: "job-1" in quiet_studio.jobs.requests)
        assert soon(lambda: state_of(folder)["phase"] == "queued")
    finally:
        server.stop()


def test_a_finished_folder_is_left_alone(quiet_studio, watcher):
    folder = quiet_studio.write_folder()
    (folder / "state.json").write_text('{\n "phase": "finished"\n}')
    watcher.poll()
    watcher.poll()
    assert not quiet_studio.jobs.requests


def test_a_deleted_folder_does_not_stop_the_job_or_the_others(quiet_studio, watcher):
    folder = quiet_studio.write_folder()
    watcher.poll()
    watcher.poll()
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    quiet_studio.jobs.finish("job-1")
    quiet_studio.write_folder("job-2")
    watcher.poll()
    watcher.poll()
    assert "job-2" in quiet_studio.jobs.requests


def test_progress_is_written_sparingly_but_the_end_always(quiet_studio, watcher):
    folder = quiet_studio.write_folder()
    watcher.poll()
    watcher.poll()
    begin = time.monotonic()
    for step in range(100):
        quiet_studio.jobs.emit(JobProgressed(job="job-1", fraction=step / 100, stage="styling"))
    if time.monotonic() - begin < 0.2:
        assert state_of(folder)["fraction"] == 0.0
    quiet_studio.jobs.finish("job-1")
    assert state_of(folder)["fraction"] == 1.0


def test_an_app_with_many_folders_to_take_up_answers_before_it_has_taken_them_up(quiet_studio):
    for number in range(300):
        job = f"job-{number}"
        folder = quiet_studio.write_folder(job)
        (folder / "state.json").write_text('{\n "phase": "queued"\n}')
        quiet_studio.jobs.last[job] = JobQueued(job=job, position=number)
    taken_up = threading.Event()
    asked = quiet_studio.jobs.status

    def status(job, tell=None):
        taken_up.wait(30)
        return asked(job, tell)

    quiet_studio.jobs.status = status
    server = quiet_studio.make_server()
    server.start()
    try:
        with BridgeClient(quiet_studio.state_folder) as client:
            assert client.ping().queued == 0
        taken_up.set()
        assert soon(lambda: server._desk.counts()[0] == 300, 60)
    finally:
        taken_up.set()
        server.stop()
