"""When a job is tried again and when it is given up, with real processes that die at known points."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from stylus_daw.jobs.giving_up import MAX_RUNS, MAX_STARTS
from stylus_daw.jobs.job import JobDone, JobFailed
from stylus_daw.jobs.journal.journal import Journal
from stylus_daw.jobs.process.worker import RenderWorker
from stylus_daw.jobs.queue import JobQueue
from tests.support.jobs.fake_renderer import request_for, runs


@pytest.fixture
def mortal(journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[JobQueue]:
    """A queue whose render process dies while it loads, as often as the file ``deaths`` says."""
    monkeypatch.setenv("FAKE_MODEL", str(tmp_path))
    queue = JobQueue(journal, RenderWorker("tests.support.jobs.fake_renderer:dies_at_first"))
    yield queue
    queue.stop()


def die(folder: Path, times: int) -> None:
    (folder / "deaths").write_text(f"{times}")


def test_deaths_before_the_render_begins_are_not_the_jobs(mortal: JobQueue, journal: Journal, tmp_path: Path) -> None:
    die(tmp_path, MAX_STARTS - 1)
    mortal.start()
    mortal.submit("a", request_for(tmp_path))
    assert isinstance(mortal.wait("a", 60), JobDone)
    assert (journal.get("a").attempts, journal.get("a").deaths) == (1, 0)


def test_a_process_that_never_starts_is_said_and_the_next_job_has_its_own_tries(mortal: JobQueue, tmp_path) -> None:
    die(tmp_path, 2 * MAX_STARTS - 1)
    mortal.start()
    mortal.submit("a", request_for(tmp_path))
    mortal.submit("b", request_for(tmp_path))
    failed = mortal.wait("a", 60)
    assert isinstance(failed, JobFailed)
    assert failed.code == "job.crashed"
    assert f"died {MAX_STARTS} times before it could begin (exit code 5)" in failed.message
    assert isinstance(mortal.wait("b", 60), JobDone)


def test_deaths_of_the_whole_app_do_not_count_as_crashes_of_the_render(journal, worker, tmp_path) -> None:
    request = request_for(tmp_path, "crash_once")
    journal.record_queued([("a", request)])
    journal.record_started("a")
    for _ in range(MAX_RUNS - 2):
        journal.record_begun("a")
    queue = JobQueue(journal, worker)
    queue.start()
    assert isinstance(queue.wait("a", 30), JobDone)
    queue.stop()
    assert len(runs(request)) == 2
    assert (journal.get("a").attempts, journal.get("a").deaths) == (MAX_RUNS, 1)
