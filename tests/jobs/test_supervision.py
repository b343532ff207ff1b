"""Threads that the app cannot do without: they begin again, or their end is known."""

from __future__ import annotations

import threading

import pytest

from stylus_daw.app import App
from stylus_daw.errors import JobError
from stylus_daw.jobs.job import JobDone
from stylus_daw.settings import Settings
from stylus_daw.supervision import SupervisedThread
from tests.support.jobs.fake_renderer import request_for


def test_a_loop_that_fails_begins_again_until_it_ends_by_itself():
    begun = []

    def loop() -> None:
        begun.append(threading.current_thread().name)
        if len(begun) < 3:
            raise ValueError("a fault")

    thread = SupervisedThread(loop, name="a-loop")
    assert not thread.is_lost
    thread.start()
    thread.join()
    assert begun == ["a-loop"] * 3
    assert not thread.is_lost


def test_a_loop_that_fails_for_good_is_lost():
    thread = SupervisedThread(lambda: 1 / 0, name="a-loop", most_failures=2)
    thread.start()
    thread.join()
    assert thread.is_lost


def test_the_app_says_which_of_its_threads_is_lost(tmp_path):
    lost = SupervisedThread(lambda: 1 / 0, name="bridge-osc", most_failures=1)
    lost.start()
    lost.join()

    class Parts:
        threads = (lost,)

    app = App(settings=Settings(home=tmp_path), presets=None, journal=None, queue=Parts(), server=Parts())  # type: ignore[arg-type]
    with pytest.raises(JobError, match="bridge-osc") as error:
        app.check()
    assert error.value.code == "app.thread_lost"


def test_a_job_whose_end_somebody_else_has_entered_does_not_end_the_queue(queue, journal, tmp_path, monkeypatch):
    def refuse(job, event):
        if job == "a":
            raise JobError("job.finished", "Job a is finished already.")
        return enter(job, event)

    enter = journal.record_finished
    monkeypatch.setattr(journal, "record_finished", refuse)
    queue.submit("a", request_for(tmp_path))
    queue.submit("b", request_for(tmp_path))
    assert isinstance(queue.wait("b", 30), JobDone)
    assert not any(thread.is_lost for thread in queue.threads)
