import itertools
import os
import signal
import sqlite3
import threading
import time

import pytest

from stylus_daw.engine.shelf.unheard import smaller_render
from stylus_daw.errors import JobError, RequestError
from stylus_daw.jobs.giving_up import MAX_RUNS
from stylus_daw.jobs.job import (
    JobDone,
    JobEvent,
    JobFailed,
    JobOutcome,
    JobPhase,
    JobProgressed,
    JobQueued,
    JobWasCancelled,
)
from stylus_daw.jobs.journal.journal import Journal
from stylus_daw.jobs.process.worker import RenderWorker
from stylus_daw.jobs.queue import JobQueue
from tests.support.jobs.fake_renderer import go_on, request_for, runs
from tests.support.jobs.listening import Listener
from tests.support.waiting import eventually

ENDINGS = (JobDone, JobFailed, JobWasCancelled)


def has_begun(job: str):
    return lambda event: isinstance(event, JobProgressed) and event.job == job and event.fraction > 0


def end(queue: JobQueue, job: str) -> JobEvent:
    return queue.wait(job, 10)


def assert_well_told(listener: Listener, job: str, outcome: JobEvent) -> None:
    """Queued first, one outcome, nothing after it, and progress that falls only where a new run starts."""
    eventually(lambda: outcome in listener.events)
    events = listener.of(job)
    assert isinstance(events[0], JobQueued)
    assert [event for event in events if isinstance(event, ENDINGS)] == [outcome] == events[-1:]
    progress = [event for event in events if isinstance(event, JobProgressed)]
    for before, after in itertools.pairwise(progress):
        assert after.fraction >= before.fraction or after.stage == "starting again"


def test_a_job_is_queued_rendered_and_done(queue, journal, listener, tmp_path):
    request = request_for(tmp_path)
    assert queue.submit("a", request) == JobQueued(job="a", position=0)
    outcome = end(queue, "a")
    assert isinstance(outcome, JobDone)
    assert journal.get("a").outcome is JobOutcome.DONE
    assert queue.status("a") == outcome
    assert_well_told(listener, "a", outcome)
    assert JobProgressed(job="a", fraction=1.0, stage="writing") in listener.events


def test_the_position_counts_the_jobs_ahead_and_falls(queue, listener, tmp_path):
    queue.submit("a", request_for(tmp_path, "steps"))
    listener.wait_for(has_begun("a"))
    assert [queue.submit(job, request_for(tmp_path)) for job in "bcd"] == [
        JobQueued(job=job, position=position) for position, job in enumerate("bcd")
    ]
    assert (queue.running, queue.waiting) == (("a",), ("b", "c", "d"))
    queue.cancel("b")
    assert queue.status("d") == JobQueued(job="d", position=1)
    queue.cancel("a")
    assert isinstance(end(queue, "d"), JobDone)
    assert (queue.running, queue.waiting) == ((), ())


def test_jobs_that_are_queued_as_one_are_journalled_together_and_told_one_by_one(queue, journal, listener, tmp_path):
    request = request_for(tmp_path)
    queue.submit("b", request)
    queue.submit_all([(job, request) for job in "abc"])
    assert [record.job for record in reversed(journal.newest())] == ["b", "a", "c"], "what is known is not queued again"
    for job in "abc":
        assert_well_told(listener, job, end(queue, job))
    with pytest.raises(RequestError, match="id"):
        queue.submit_all([("d", request), ("../e", request)])
    assert len(journal.newest()) == 3


def test_jobs_run_in_the_order_in_which_they_came(queue, journal, tmp_path):
    for job in "abc":
        queue.submit(job, request_for(tmp_path))
    end(queue, "c")
    started = [journal.get(job).started_at for job in "abc"]
    assert started == sorted(started)


def test_the_same_id_from_many_threads_is_rendered_once(queue, tmp_path, listener):
    request = request_for(tmp_path)
    answers: list[JobEvent] = []
    threads = [threading.Thread(target=lambda: answers.append(queue.submit("a", request))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outcome = end(queue, "a")
    assert len(answers) == 16
    assert {answer.job for answer in answers} == {"a"}
    assert queue.submit("a", request) == outcome
    assert len(runs(request)) == 1
    assert_well_told(listener, "a", outcome)


def test_many_threads_submit_many_jobs_and_none_is_lost(queue, journal, tmp_path):
    request = request_for(tmp_path)

    def submit(thread: int) -> None:
        for n in range(4):
            queue.submit(f"{thread}-{n}", request)

    threads = [threading.Thread(target=submit, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for record in journal.newest():
        assert isinstance(end(queue, record.job), JobDone)
    assert len(runs(request)) == len(journal.newest()) == 16


def test_a_cancelled_job_that_waits_never_runs(queue, listener, tmp_path):
    queue.submit("a", request_for(tmp_path, "steps"))
    request = request_for(tmp_path)
    queue.submit("b", request)
    assert queue.cancel("b") == JobWasCancelled(job="b")
    queue.cancel("a")
    end(queue, "a")
    assert runs(request) == []
    assert_well_told(listener, "b", JobWasCancelled(job="b"))


@pytest.mark.parametrize("behaviour", ["steps", "hang"])
def test_a_running_job_is_cancelled_whether_it_listens_or_hangs(queue, listener, tmp_path, behaviour):
    queue.submit("a", request_for(tmp_path, behaviour))
    listener.wait_for(has_begun("a"))
    answer = queue.cancel("a")
    assert isinstance(answer, JobProgressed | JobWasCancelled)
    assert end(queue, "a") == JobWasCancelled(job="a")
    assert_well_told(listener, "a", JobWasCancelled(job="a"))
    queue.submit("b", request_for(tmp_path))
    assert isinstance(end(queue, "b"), JobDone)


def test_cancelling_what_is_finished_changes_nothing(queue, tmp_path):
    queue.submit("a", request_for(tmp_path))
    outcome = end(queue, "a")
    assert queue.cancel("a") == outcome == queue.status("a")


def test_a_cancel_holds_even_if_the_stem_is_finished_after_it(journal, listener, tmp_path):
    request = request_for(tmp_path, "deaf")
    queue = JobQueue(journal, RenderWorker("tests.support.jobs.fake_renderer:make", grace_s=60))
    queue.subscribe(listener)
    queue.start()
    queue.submit("a", request)
    listener.wait_for(has_begun("a"))
    queue.cancel("a")
    go_on(request)
    assert end(queue, "a") == JobWasCancelled(job="a")
    assert request.stem.exists()
    assert_well_told(listener, "a", JobWasCancelled(job="a"))
    queue.stop()


def test_a_cancel_holds_even_if_the_render_crashes_at_that_moment(queue, journal, listener, tmp_path):
    request = request_for(tmp_path, "hang")
    queue.submit("a", request)
    listener.wait_for(has_begun("a"))
    queue.cancel("a")
    os.kill(runs(request)[0], signal.SIGKILL)
    assert end(queue, "a") == JobWasCancelled(job="a")
    assert len(runs(request)) == 1


def test_a_job_whose_process_is_killed_runs_again(queue, journal, listener, tmp_path):
    request = request_for(tmp_path, "steps_once")
    queue.submit("a", request)
    listener.wait_for(has_begun("a"))
    os.kill(runs(request)[0], signal.SIGKILL)
    outcome = end(queue, "a")
    assert isinstance(outcome, JobDone)
    first, second = runs(request)
    assert first != second
    assert journal.get("a").attempts == 2
    assert JobProgressed(job="a", fraction=0.0, stage="starting again") in listener.events
    assert_well_told(listener, "a", outcome)


def test_a_job_that_runs_again_goes_before_the_others(queue, journal, tmp_path):
    queue.submit("a", request_for(tmp_path, "crash_once"))
    queue.submit("b", request_for(tmp_path))
    assert isinstance(end(queue, "b"), JobDone)
    assert journal.get("a").finished_at < journal.get("b").started_at


def test_a_job_that_kills_its_process_twice_has_failed(queue, listener, tmp_path):
    request = request_for(tmp_path, "crash")
    queue.submit("a", request)
    queue.submit("b", request_for(tmp_path))
    outcome = end(queue, "a")
    assert isinstance(outcome, JobFailed)
    assert outcome.code == "job.crashed"
    assert "died 2 times on this job (exit code 3)" in outcome.message
    assert f"choose {smaller_render('stylus-mini')}, and render again" in outcome.message
    assert len(runs(request)) == 2
    assert_well_told(listener, "a", outcome)
    assert isinstance(end(queue, "b"), JobDone)


@pytest.mark.parametrize(("behaviour", "code"), [("stylus_error", "engine.no_style"), ("value_error", "bug")])
def test_a_failed_job_keeps_its_code_and_the_next_one_runs(queue, journal, tmp_path, behaviour, code):
    queue.submit("a", request_for(tmp_path, behaviour))
    queue.submit("b", request_for(tmp_path))
    end(queue, "b")
    record = journal.get("a")
    assert (record.outcome, record.error_code) == (JobOutcome.FAILED, code)
    assert record.error_message


def test_a_listener_that_raises_stops_nothing(queue, listener, tmp_path):
    def broken(event: JobEvent) -> None:
        raise RuntimeError("no window")

    queue.subscribe(broken)
    queue.submit("a", request_for(tmp_path))
    assert_well_told(listener, "a", end(queue, "a"))


def test_a_listener_may_ask_the_queue(queue, listener, tmp_path):
    answers = []
    queue.subscribe(lambda event: answers.append(queue.status(event.job)))
    queue.subscribe(lambda event: queue.cancel("a") if isinstance(event, JobProgressed) else None)
    queue.submit("a", request_for(tmp_path, "steps"))
    assert end(queue, "a") == JobWasCancelled(job="a")
    eventually(lambda: JobWasCancelled(job="a") in answers)


def test_an_unknown_job_is_refused_and_so_is_a_bad_id(queue, tmp_path):
    for asked in (queue.status, queue.cancel, queue.wait):
        with pytest.raises(JobError) as error:
            asked("ghost")
        assert error.value.code == "job.unknown"
    with pytest.raises(RequestError):
        queue.submit("a/b", request_for(tmp_path))


def test_waiting_too_long_says_so(queue, tmp_path):
    queue.submit("a", request_for(tmp_path, "steps"))
    with pytest.raises(JobError, match=r"not finished after 0\.01 s"):
        queue.wait("a", 0.01)


def test_stopping_keeps_unfinished_jobs_for_the_next_start(journal, tmp_path, listener):
    steps, fast = request_for(tmp_path, "steps_once"), request_for(tmp_path)
    first = JobQueue(journal, RenderWorker("tests.support.jobs.fake_renderer:make"))
    first.subscribe(listener)
    first.start()
    first.submit("a", steps)
    first.submit("b", fast)
    listener.wait_for(has_begun("a"))
    first.stop()
    assert [(record.job, record.phase, record.attempts) for record in journal.unfinished()] == [
        ("a", JobPhase.QUEUED, 0),
        ("b", JobPhase.QUEUED, 0),
    ]
    with pytest.raises(JobError, match="is closing"):
        first.submit("c", fast)

    second = JobQueue(journal, RenderWorker("tests.support.jobs.fake_renderer:make"))
    second.start()
    assert isinstance(end(second, "a"), JobDone)
    assert isinstance(end(second, "b"), JobDone)
    second.stop()
    assert len(runs(fast)) == 1


def test_stopping_does_not_wait_for_a_render_that_hangs(journal, tmp_path, listener):
    request = request_for(tmp_path, "hang")
    queue = JobQueue(journal, RenderWorker("tests.support.jobs.fake_renderer:make", grace_s=60))
    queue.subscribe(listener)
    queue.start()
    queue.submit("a", request)
    listener.wait_for(has_begun("a"))
    queue.stop(0.2)
    assert journal.get("a").phase is JobPhase.QUEUED
    assert not any(thread.is_alive() for thread in queue.threads)


def test_jobs_that_come_before_the_start_run_after_it(journal, worker, tmp_path):
    queue = JobQueue(journal, worker)
    request = request_for(tmp_path)
    queue.submit("a", request)
    assert queue.submit("b", request) == JobQueued(job="b", position=1)
    queue.start()
    assert isinstance(end(queue, "b"), JobDone)
    queue.stop()
    assert len(runs(request)) == 2


def test_a_queue_that_never_started_can_be_stopped(journal, worker):
    JobQueue(journal, worker).stop()


@pytest.mark.parametrize(
    ("runs_before", "is_cancelled", "outcome"),
    [
        (0, False, JobOutcome.DONE),
        (1, False, JobOutcome.DONE),
        (MAX_RUNS - 1, False, JobOutcome.DONE),
        (MAX_RUNS, False, JobOutcome.FAILED),
        (1, True, JobOutcome.CANCELLED),
    ],
)
def test_what_a_dead_app_left_gets_its_outcome(journal, worker, tmp_path, runs_before, is_cancelled, outcome):
    request = request_for(tmp_path)
    journal.record_queued([("a", request)])
    journal.record_started("a")
    for _ in range(runs_before):
        journal.record_begun("a")
    if is_cancelled:
        journal.record_cancel_requested("a")
    queue = JobQueue(journal, worker)
    queue.start()
    end(queue, "a")
    queue.stop()
    record = journal.get("a")
    assert record.outcome is outcome
    assert record.error_code == ("job.crashed" if outcome is JobOutcome.FAILED else None)
    assert len(runs(request)) == (outcome is JobOutcome.DONE)


def test_a_job_waits_for_a_journal_that_is_locked_and_loses_nothing(tmp_path, worker, listener):
    journal = Journal(tmp_path / "jobs.sqlite", busy_seconds=0.01)
    queue = JobQueue(journal, worker)
    queue.subscribe(listener)
    queue.start()
    request = request_for(tmp_path, "crash_once")
    queue.submit("a", request)
    listener.wait_for(has_begun("a"))
    other = sqlite3.connect(journal.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    time.sleep(0.3)
    other.execute("ROLLBACK")
    other.close()
    outcome = end(queue, "a")
    assert isinstance(outcome, JobDone)
    assert_well_told(listener, "a", outcome)
    queue.stop()
    journal.close()
