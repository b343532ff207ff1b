"""A row of the journal that nobody can read costs its own job at most, never the start."""

from __future__ import annotations

import sqlite3

import pytest

from stylus_daw.jobs.job import JobDone, JobFailed, JobWasCancelled
from stylus_daw.jobs.journal.journal import Journal
from stylus_daw.jobs.process.worker import RenderWorker
from stylus_daw.jobs.queue import JobQueue
from tests.support.jobs.fake_renderer import request_for


@pytest.fixture
def start_with(tmp_path):
    """Starts an app whose journal had ``assignments`` made in the row of job a; job b is whole."""
    opened = []

    def start(assignments: str, *, finished: bool = False) -> JobQueue:
        path = tmp_path / "jobs.sqlite"
        journal = Journal(path)
        for job in "ab":
            journal.record_queued([(job, request_for(tmp_path))])
        if finished:
            journal.record_finished("a", JobWasCancelled(job="a"))
        journal.close()
        with sqlite3.connect(path) as db:
            db.execute(f"UPDATE jobs SET {assignments} WHERE job = 'a'")
        db.close()
        opened.append(Journal(path))
        queue = JobQueue(opened[0], RenderWorker("tests.support.jobs.fake_renderer:make"))
        queue.start()
        opened.append(queue)
        return queue

    yield start
    opened[1].stop()
    opened[0].close()


DEEP = "replace(hex(zeroblob(50000)), '00', '[')"


@pytest.mark.parametrize("value", ["'{'", "'[]'", "x'00ff'", "'{\"source\": 3}'", DEEP])
def test_a_request_that_cannot_be_read_fails_its_job_by_name(start_with, value):
    queue = start_with(f"request = {value}")
    outcome = queue.wait("a", 60)
    assert isinstance(outcome, JobFailed)
    assert outcome.code == "journal.row"
    assert isinstance(queue.wait("b", 60), JobDone)


@pytest.mark.parametrize("value", ["'{'", "'[]'", "x'00ff'", '\'{"event": "sung"}\'', DEEP])
def test_an_event_that_cannot_be_read_costs_a_waiting_job_nothing(start_with, value):
    queue = start_with(f"event = {value}")
    assert isinstance(queue.wait("a", 60), JobDone)
    assert isinstance(queue.wait("b", 60), JobDone)


def test_a_finished_job_whose_outcome_cannot_be_read_is_told_as_failed(start_with):
    queue = start_with("event = '{'", finished=True)
    told = queue.status("a")
    assert isinstance(told, JobFailed)
    assert told.code == "journal.row"
    assert isinstance(queue.wait("b", 60), JobDone)
