"""A render process that is stopped, or a job that does not move, is noticed; the queue goes on."""

from __future__ import annotations

import os
import signal

import pytest

from stylus_daw.jobs.job import JobDone, JobFailed
from stylus_daw.jobs.process.watchdog import Patience, Watchdog
from stylus_daw.jobs.process.worker import RenderWorker
from stylus_daw.jobs.queue import JobQueue
from tests.support.jobs.fake_renderer import request_for, runs
from tests.support.jobs.listening import is_gone
from tests.support.waiting import eventually

RENDERER = "tests.support.jobs.fake_renderer:make"


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def looked_at(watchdog: Watchdog, clock: Clock, seconds: float) -> str:
    """What it says after so long, looked at twice a second."""
    said = ""
    for _ in range(round(seconds * 2)):
        clock.seconds += 0.5
        said = said or watchdog.complaint()
    return said


def test_by_default_a_stopped_process_is_noticed_within_a_minute():
    clock = Clock()
    assert "no sign of life" in looked_at(Watchdog(Patience(), "cpu", has_started=True, now=clock), clock, 60)


def test_a_process_that_lives_may_take_its_time_on_a_processor_and_less_on_an_accelerator():
    for device, is_patient in (("cpu", True), ("auto", True), ("cuda", False)):
        clock = Clock()
        watchdog = Watchdog(Patience(), device, has_started=True, now=clock)
        watchdog.progressed("sampling")
        said = ""
        for _ in range(1_000):
            watchdog.alive()
            said = said or looked_at(watchdog, clock, 1)
        assert (said == "") is is_patient
        assert is_patient or "'sampling'" in said


def test_a_computer_that_slept_blames_nobody():
    clock = Clock()
    watchdog = Watchdog(Patience(), "cpu", has_started=True, now=clock)
    clock.seconds += 100_000
    assert watchdog.complaint() == ""


@pytest.fixture
def impatient(journal):
    queue = JobQueue(journal, RenderWorker(RENDERER, patience=Patience(silence_s=8, cpu_s=8)))
    queue.start()
    yield queue
    queue.stop()


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="Windows has no SIGSTOP")
def test_a_render_process_that_is_stopped_is_replaced_and_the_job_runs_again(impatient, journal, tmp_path):
    request = request_for(tmp_path, "steps_once")
    impatient.submit("a", request)
    impatient.submit("b", request_for(tmp_path))
    eventually(lambda: runs(request), 60)
    stopped = runs(request)[0]
    os.kill(stopped, signal.SIGSTOP)
    assert isinstance(impatient.wait("a", 120), JobDone)
    assert isinstance(impatient.wait("b", 120), JobDone)
    assert is_gone(stopped)
    assert journal.get("a").attempts == 2


def test_a_job_that_does_not_move_twice_is_set_aside_in_words_and_the_next_is_rendered(impatient, tmp_path):
    (tmp_path / "input.wav").write_bytes(b"input")
    request = request_for(tmp_path, "hang")
    impatient.submit("a", request)
    impatient.submit("b", request_for(tmp_path))
    outcome = impatient.wait("a", 180)
    assert isinstance(outcome, JobFailed)
    assert outcome.code == "job.stuck"
    assert "no progress for 8 s at the stage 'hanging'" in outcome.message
    assert len(runs(request)) == 2
    assert request.source.read_bytes() == b"input"
    assert isinstance(impatient.wait("b", 120), JobDone)
