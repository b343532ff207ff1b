"""Drafts: what runs between jobs, is promised to nobody and never holds one up."""

import threading

import pytest

from stylus_daw.errors import JobError
from stylus_daw.jobs.job import JobDone, JobEnding, JobFailed, JobWasCancelled
from tests.support.jobs.fake_renderer import request_for, runs
from tests.support.waiting import eventually


class Endings:
    """The endings of drafts, in order."""

    def __init__(self) -> None:
        self.all: list[JobEnding] = []
        self._changed = threading.Condition()

    def __call__(self, ending: JobEnding) -> None:
        with self._changed:
            self.all.append(ending)
            self._changed.notify_all()

    def wait_for(self, draft: str) -> JobEnding:
        with self._changed:
            assert self._changed.wait_for(lambda: any(ending.job == draft for ending in self.all), 10)
            return next(ending for ending in self.all if ending.job == draft)


@pytest.fixture
def endings() -> Endings:
    return Endings()


def test_a_draft_is_rendered_and_neither_journalled_nor_published(queue, journal, listener, endings, tmp_path):
    request = request_for(tmp_path)
    queue.draft("knob-1", request, endings)
    ending = endings.wait_for("knob-1")
    assert isinstance(ending, JobDone)
    assert ending.stem.path == request.stem
    assert journal.newest() == ()
    assert listener.events == []


def test_a_running_draft_is_cancelled_by_the_next_and_no_draft_in_between_runs(queue, endings, tmp_path):
    first, second, third = (tmp_path / name for name in "abc")
    for folder in (first, second, third):
        folder.mkdir()
    queue.draft("1", request_for(first, "steps"), endings)
    eventually(lambda: runs(request_for(first, "steps")))
    queue.draft("2", request_for(second), endings)
    queue.draft("3", request_for(third), endings)
    assert isinstance(endings.wait_for("3"), JobDone)
    assert endings.wait_for("1") == JobWasCancelled(job="1")
    assert endings.wait_for("2") == JobWasCancelled(job="2")
    assert runs(request_for(second)) == []
    assert len(endings.all) == 3


def test_a_job_interrupts_a_draft_in_the_same_process(queue, worker, endings, tmp_path):
    draft = request_for(tmp_path, "steps")
    queue.draft("1", draft, endings)
    eventually(lambda: runs(draft))
    job = request_for(tmp_path)
    queue.submit("a", job)
    assert isinstance(queue.wait("a", 10), JobDone)
    assert endings.all == [JobWasCancelled(job="1")]
    assert runs(job) == runs(draft) == [worker.pid]


def test_jobs_that_wait_go_before_a_draft(queue, journal, endings, tmp_path):
    begun = request_for(tmp_path, "steps")
    queue.submit("a", begun)
    eventually(lambda: runs(begun))
    queue.draft("1", request_for(tmp_path), lambda ending: endings(ending) if journal.get("b").is_finished else None)
    queue.submit("b", request_for(tmp_path))
    queue.cancel("a")
    assert isinstance(endings.wait_for("1"), JobDone)


def test_a_draft_that_kills_its_process_fails_once_and_the_next_runs(queue, endings, tmp_path):
    crashing = request_for(tmp_path, "crash")
    queue.draft("1", crashing, endings)
    ending = endings.wait_for("1")
    assert isinstance(ending, JobFailed)
    assert ending.code == "job.crashed"
    assert len(runs(crashing)) == 1
    queue.draft("2", request_for(tmp_path), endings)
    assert isinstance(endings.wait_for("2"), JobDone)


def test_a_cancelled_draft_ends_as_cancelled(queue, endings, tmp_path):
    draft = request_for(tmp_path, "steps")
    queue.draft("1", draft, endings)
    eventually(lambda: runs(draft))
    queue.cancel_draft("another")
    assert endings.all == []
    queue.cancel_draft("1")
    assert endings.wait_for("1") == JobWasCancelled(job="1")


def test_a_draft_that_waits_can_be_cancelled(queue, endings, tmp_path):
    job = request_for(tmp_path, "steps")
    queue.submit("a", job)
    eventually(lambda: runs(job))
    queue.draft("1", request_for(tmp_path), endings)
    queue.cancel_draft("1")
    assert endings.all == [JobWasCancelled(job="1")]
    queue.cancel("a")


def test_an_owner_that_raises_stops_nothing(queue, endings, tmp_path):
    def broken(ending: JobEnding) -> None:
        raise RuntimeError("no window")

    queue.draft("1", request_for(tmp_path), broken)
    queue.draft("2", request_for(tmp_path), endings)
    assert isinstance(endings.wait_for("2"), JobDone)


def test_stopping_ends_drafts_and_takes_no_more(queue, endings, tmp_path):
    draft = request_for(tmp_path, "steps")
    queue.draft("1", draft, endings)
    eventually(lambda: runs(draft))
    queue.stop()
    assert endings.all == [JobWasCancelled(job="1")]
    with pytest.raises(JobError, match="is closing"):
        queue.draft("2", draft, endings)
