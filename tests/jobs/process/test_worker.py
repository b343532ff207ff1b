import logging
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from stylus_daw.jobs.job import JobDone, JobFailed, JobProgressed, JobWasCancelled
from stylus_daw.jobs.process.worker import RenderCrashError, RenderWorker
from tests.support.jobs.fake_renderer import request_for, runs
from tests.support.jobs.listening import is_gone
from tests.support.waiting import eventually


class Job:
    """One call of ``RenderWorker.render`` and all that it reported."""

    def __init__(self, worker: RenderWorker) -> None:
        self.worker = worker
        self.progress: list[JobProgressed] = []
        self.begun = threading.Event()
        self.cancelled = threading.Event()

    def render(self, request, job="a"):
        return self.worker.render(job, request, self._report, self.cancelled)

    def cancel_once_begun(self) -> None:
        threading.Thread(target=lambda: self.begun.wait(10) and self.cancelled.set()).start()

    def _report(self, event: JobProgressed) -> None:
        self.progress.append(event)
        self.begun.set()


@pytest.fixture
def job(worker) -> Job:
    return Job(worker)


def test_a_stem_comes_back(job, tmp_path):
    request = request_for(tmp_path)
    ending = job.render(request)
    assert isinstance(ending, JobDone)
    assert ending.stem.path == request.stem
    assert request.stem.read_bytes() == b"stem"
    assert job.progress[-1] == JobProgressed(job="a", fraction=1.0, stage="writing")


def test_the_process_keeps_its_model_between_jobs(job, tmp_path):
    request = request_for(tmp_path)
    job.render(request)
    job.render(request, "b")
    first, second = runs(request)
    assert first == second != os.getpid()


def test_warming_up_starts_the_process_that_renders(worker, job, tmp_path):
    assert worker.pid is None
    worker.warm_up()
    pid = worker.pid
    request = request_for(tmp_path)
    job.render(request)
    assert runs(request) == [pid]


def test_the_parent_does_not_import_the_renderer():
    code = (
        "import sys, stylus_daw.jobs.queue, stylus_daw.jobs.process.worker as w;"
        "w.RenderWorker('tests.support.jobs.fake_renderer:make');"
        "sys.exit(any(m in sys.modules for m in ('tests.support.jobs.fake_renderer', 'torch', 'scipy', 'PySide6')))"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[3])


def test_a_flood_of_progress_is_thinned_out_but_ends_with_the_last(job, tmp_path):
    job.render(request_for(tmp_path, "flood"))
    fractions = [event.fraction for event in job.progress]
    assert len(fractions) < 200
    assert fractions == sorted(fractions)
    assert job.progress[-1] == JobProgressed(job="a", fraction=0.9, stage="last")


def test_a_cancel_is_obeyed_at_the_next_step_and_the_process_lives_on(job, worker, tmp_path):
    job.cancel_once_begun()
    assert job.render(request_for(tmp_path, "steps")) == JobWasCancelled(job="a")
    pid = worker.pid
    job.cancelled.clear()
    request = request_for(tmp_path)
    assert isinstance(job.render(request, "b"), JobDone)
    assert runs(request) == [pid]


def test_jobs_cancelled_while_the_model_loads_end_at_once_are_skipped_and_cost_no_process(tmp_path, monkeypatch):
    monkeypatch.setenv("FAKE_MODEL", str(tmp_path))
    worker = RenderWorker("tests.support.jobs.fake_renderer:make_slowly", grace_s=0.3)
    skipped = request_for(tmp_path, "steps")
    for name in ("a", "b"):
        job = Job(worker)
        job.cancelled.set()
        assert job.render(skipped, name) == JobWasCancelled(job=name)
    pid = worker.pid
    (tmp_path / "loaded").touch()
    request = request_for(tmp_path)
    assert isinstance(Job(worker).render(request, "c"), JobDone)
    worker.close()
    assert runs(skipped) == []
    assert runs(request) == [pid]


def test_a_renderer_that_hangs_is_killed_and_replaced(job, worker, tmp_path):
    job.cancel_once_begun()
    request = request_for(tmp_path, "hang")
    assert job.render(request) == JobWasCancelled(job="a")
    (hung,) = runs(request)
    assert is_gone(hung)
    assert worker.pid not in (None, hung)
    job.cancelled.clear()
    assert isinstance(job.render(request_for(tmp_path), "b"), JobDone)


@pytest.mark.parametrize(
    ("behaviour", "code", "message"),
    [
        ("stylus_error", "engine.no_style", "The style is silent. Choose another."),
        ("value_error", "bug", "ValueError: a fault"),
        ("out_of_memory", "job.memory", "Memory ran out"),
    ],
)
def test_an_error_in_the_renderer_fails_the_job_and_not_the_process(job, worker, tmp_path, behaviour, code, message):
    ending = job.render(request_for(tmp_path, behaviour))
    assert isinstance(ending, JobFailed)
    assert ending.code == code
    assert message in ending.message
    pid = worker.pid
    assert isinstance(job.render(request_for(tmp_path), "b"), JobDone)
    assert worker.pid == pid


def test_the_traceback_of_a_bug_reaches_the_log_of_the_app(job, tmp_path, caplog):
    job.render(request_for(tmp_path, "value_error"))
    assert "Traceback" in caplog.text
    assert "in _value_error" in caplog.text


def test_what_the_renderer_logs_reaches_the_log_of_the_app(job, tmp_path, caplog):
    job.render(request_for(tmp_path, "log"))
    text = "job a: half precision is not available: float32 it is"
    assert ("tests.support.jobs.fake_renderer", logging.WARNING, text) in caplog.record_tuples


def test_a_renderer_that_cannot_be_made_fails_its_jobs(tmp_path):
    worker = RenderWorker("tests.support.jobs.fake_renderer:cannot_be_made")
    ending = Job(worker).render(request_for(tmp_path))
    worker.close()
    assert ending == JobFailed(job="a", code="engine.no_model", message="The model is not there.")


def test_a_process_that_dies_under_a_job_says_how(job, tmp_path):
    with pytest.raises(RenderCrashError, match="exit code 3"):
        job.render(request_for(tmp_path, "crash"))
    with pytest.raises(RenderCrashError, match="SIGSEGV"):
        job.render(request_for(tmp_path, "crash_once"), "b")


def test_a_process_that_died_while_idle_costs_no_attempt(job, worker, tmp_path):
    job.render(request_for(tmp_path))
    os.kill(worker.pid, signal.SIGKILL)
    eventually(lambda: worker.pid is None)
    assert isinstance(job.render(request_for(tmp_path), "b"), JobDone)


def test_progress_that_comes_after_the_end_is_not_reported(job, tmp_path):
    job.render(request_for(tmp_path, "late"))
    job.render(request_for(tmp_path), "b")
    b_began = [event.job for event in job.progress].index("b")
    assert all(event.job == "b" for event in job.progress[b_began:])


def test_ctrl_c_does_not_reach_the_renderer(job, tmp_path):
    assert isinstance(job.render(request_for(tmp_path, "interrupt_itself")), JobDone)


def test_a_closed_worker_has_no_process_and_starts_none(worker, tmp_path):
    worker.warm_up()
    pid = worker.pid
    worker.close()
    worker.close()
    assert is_gone(pid)
    with pytest.raises(RenderCrashError, match="closed"):
        worker.warm_up()


PARENT = """
import sys, threading
from pathlib import Path
from tests.support.jobs.fake_renderer import request_for
from stylus_daw.jobs.process.worker import RenderWorker
if __name__ == "__main__":
    worker = RenderWorker("tests.support.jobs.fake_renderer:make")
    if sys.argv[2] == "forget":
        worker.warm_up()
        print(worker.pid)
    else:
        report = lambda event: print(worker.pid, flush=True)
        worker.render("a", request_for(Path(sys.argv[1]), sys.argv[2]), report, threading.Event())
"""


def start_parent(folder: Path, behaviour: str) -> subprocess.Popen[str]:
    script = folder / "parent.py"
    script.write_text(PARENT)
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, str(script), str(folder), behaviour]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env)


def test_the_process_ends_when_its_parent_is_killed_in_the_middle_of_a_render(tmp_path):
    with start_parent(tmp_path, "hang") as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
    eventually(lambda: is_gone(child))


def test_an_app_that_forgets_to_close_its_worker_still_ends(tmp_path):
    with start_parent(tmp_path, "forget") as parent:
        output, _ = parent.communicate(timeout=10)
    assert parent.returncode == 0
    eventually(lambda: is_gone(int(output)))
