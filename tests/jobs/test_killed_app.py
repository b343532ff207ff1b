"""The whole app is killed with SIGKILL; the journal and the next app put things right."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from stylus_daw.jobs.giving_up import MAX_RUNS
from stylus_daw.jobs.job import JobOutcome
from stylus_daw.jobs.journal.journal import Journal
from tests.support.jobs.fake_renderer import request_for, runs
from tests.support.jobs.listening import is_gone
from tests.support.waiting import eventually

ENDINGS = ("JobDone", "JobFailed", "JobWasCancelled")


def start_app(folder: Path, *jobs: str) -> subprocess.Popen[str]:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "tests.support.jobs.app_to_kill", str(folder), *jobs]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env)


def run_app(folder: Path, *jobs: str) -> list[str]:
    with start_app(folder, *jobs) as app:
        output, _ = app.communicate(timeout=20)
    assert app.returncode == 0
    return output.splitlines()


def kill_once_it_renders(folder: Path, behaviour: str, *jobs: str) -> list[str]:
    request, before = request_for(folder, behaviour), begun(folder)
    count = len(runs(request))
    with start_app(folder, *jobs) as app:
        eventually(lambda: len(runs(request)) > count and begun(folder) > before)
        app.kill()
        assert app.stdout is not None
        output = app.stdout.read().splitlines()
    eventually(lambda: is_gone(runs(request)[-1]))
    return output


def begun(folder: Path) -> int:
    """How many runs the journal counts, of all jobs."""
    journal = Journal(folder / "jobs.sqlite")
    attempts = sum(record.attempts for record in journal.newest())
    journal.close()
    return attempts


def outcomes(folder: Path) -> dict[str, JobOutcome | None]:
    journal = Journal(folder / "jobs.sqlite")
    found = {record.job: record.outcome for record in journal.newest()}
    journal.close()
    return found


def endings(output: list[str]) -> Counter[str]:
    return Counter(line.split()[0] for line in output if line.rstrip().endswith(ENDINGS))


def test_the_next_app_finishes_what_a_killed_one_began(tmp_path):
    output = kill_once_it_renders(tmp_path, "steps_once", "a=fast", "b=steps_once", "c=fast")
    assert outcomes(tmp_path) == {"a": JobOutcome.DONE, "b": None, "c": None}
    output += run_app(tmp_path)
    assert outcomes(tmp_path) == dict.fromkeys("abc", JobOutcome.DONE)
    assert endings(output) == Counter("abc")
    assert len(runs(request_for(tmp_path, "steps_once"))) == 2


def test_a_job_under_which_the_app_dies_again_and_again_has_failed(tmp_path):
    output = kill_once_it_renders(tmp_path, "steps", "a=steps")
    for _ in range(MAX_RUNS - 1):
        assert outcomes(tmp_path) == {"a": None}
        output += kill_once_it_renders(tmp_path, "steps")
    output += run_app(tmp_path)
    output += run_app(tmp_path)
    assert outcomes(tmp_path) == {"a": JobOutcome.FAILED}
    assert endings(output) == Counter("a")


@pytest.mark.parametrize("lines", [0, 1, 7, 16])
def test_after_a_kill_at_any_moment_every_job_has_one_outcome(tmp_path, lines):
    jobs = [f"{n}=fast" for n in range(6)]
    with start_app(tmp_path, *jobs) as app:
        assert app.stdout is not None
        output = [app.stdout.readline() for _ in range(lines)]
        app.kill()
        told = endings([*output, *app.stdout])
    finished = {job for job, outcome in outcomes(tmp_path).items() if outcome}
    told_later = endings(run_app(tmp_path, *jobs))
    assert set(told) <= finished
    assert set(told_later) == {str(n) for n in range(6)} - finished
    assert set((told + told_later).values()) <= {1}
    assert set(outcomes(tmp_path).values()) == {JobOutcome.DONE}
