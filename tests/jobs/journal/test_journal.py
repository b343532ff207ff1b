import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stylus_daw.audio.files import Shortfall
from stylus_daw.chain.planning import spec_of
from stylus_daw.errors import JobError, RequestError
from stylus_daw.jobs.job import (
    JobDone,
    JobFailed,
    JobOutcome,
    JobPhase,
    JobProgressed,
    JobQueued,
    JobWasCancelled,
    RenderRequest,
    Stem,
)
from stylus_daw.jobs.journal import journal as journal_module
from stylus_daw.jobs.journal.event_json import event_from_json, event_to_json
from stylus_daw.jobs.journal.journal import Journal, JournalError
from tests.support.disks import small_disk
from tests.support.jobs.fake_renderer import request_for

STEM = Stem(path=Path("/songs/stem é.wav"), start=2**40 + 1, length=48_000, rate=48_000, channels=2, seconds_taken=1.5)
EVENTS = [
    JobQueued(job="a", position=3),
    JobProgressed(job="a", fraction=0.25, stage="sampling"),
    JobDone(job="a", stem=STEM),
    JobFailed(job="a", code="engine.no_style", message='The style is "silent".'),
    JobWasCancelled(job="a"),
    JobDone(job="a", stem=replace(STEM, short=Shortfall(holds_s=1.5))),
]


@pytest.fixture
def request_(tmp_path: Path) -> RenderRequest:
    return request_for(tmp_path)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_every_event_survives_json(event):
    assert event_from_json(event_to_json(event)) == event


def test_a_new_job_is_queued_with_its_request(journal, request_):
    assert journal.record_queued([("a", request_)], position=2)
    record = journal.get("a")
    assert (record.phase, record.outcome, record.attempts) == (JobPhase.QUEUED, None, 0)
    assert record.request == request_
    assert record.stem == request_.stem
    assert record.event == JobQueued(job="a", position=2)


def test_an_id_that_is_known_is_not_entered_again(journal, request_, tmp_path):
    journal.record_queued([("a", request_)])
    assert not journal.record_queued([("a", request_for(tmp_path, "steps"))])
    assert journal.get("a").request == request_


def test_an_id_that_could_escape_its_folder_is_refused(journal, request_):
    with pytest.raises(RequestError, match="not allowed"):
        journal.record_queued([("../a", request_)])


def test_a_run_counts_once_it_has_begun(journal, request_):
    journal.record_queued([("a", request_)])
    started = journal.record_started("a")
    assert (started.phase, started.attempts) == (JobPhase.RUNNING, 0)
    journal.record_begun("a")
    assert journal.get("a").attempts == 1
    journal.record_requeued("a", attempts=1, deaths=1)
    assert journal.get("a").phase is JobPhase.QUEUED
    again = journal.record_started("a")
    assert (again.attempts, again.deaths) == (1, 1)


@pytest.mark.parametrize(
    ("event", "outcome"),
    [(EVENTS[2], JobOutcome.DONE), (EVENTS[3], JobOutcome.FAILED), (EVENTS[4], JobOutcome.CANCELLED)],
)
def test_the_outcome_is_kept_with_its_event(journal, request_, event, outcome):
    journal.record_queued([("a", request_)])
    journal.record_started("a")
    journal.record_finished("a", event)
    record = journal.get("a")
    assert (record.phase, record.outcome, record.event) == (JobPhase.FINISHED, outcome, event)
    assert record.queued_at <= record.started_at <= record.finished_at
    if outcome is JobOutcome.FAILED:
        assert (record.error_code, record.error_message) == (event.code, event.message)


@pytest.mark.parametrize("second", EVENTS[2:])
def test_a_job_never_gets_a_second_outcome(journal, request_, second):
    journal.record_queued([("a", request_)])
    journal.record_finished("a", EVENTS[4])
    for refused in (
        lambda: journal.record_finished("a", second),
        lambda: journal.record_started("a"),
        lambda: journal.record_requeued("a", attempts=0, deaths=0),
        lambda: journal.record_cancel_requested("a"),
    ):
        with pytest.raises(JobError, match=r"finished already \(cancelled\)") as error:
            refused()
        assert error.value.code == "job.finished"
    assert journal.get("a").event == EVENTS[4]


def test_of_many_threads_that_finish_a_job_one_wins(journal, request_):
    journal.record_queued([("a", request_)])
    winners, refusals = [], []

    def finish(number: int) -> None:
        event = JobFailed(job="a", code=f"code.{number}", message="")
        try:
            journal.record_finished("a", event)
            winners.append(event)
        except JobError as error:
            refusals.append(error.code)

    threads = [threading.Thread(target=finish, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert winners == [journal.get("a").event]
    assert refusals == ["job.finished"] * 7


def test_an_unknown_job_is_named(journal):
    for asked in (journal.get, journal.record_started):
        with pytest.raises(JobError, match="no job 'ghost'") as error:
            asked("ghost")
        assert error.value.code == "job.unknown"


def test_history_is_newest_first_and_unfinished_is_oldest_first(journal, request_):
    for job in "abcd":
        journal.record_queued([(job, request_)])
    journal.record_started("a")
    journal.record_finished("b", JobWasCancelled(job="b"))
    assert [record.job for record in journal.newest(3)] == ["d", "c", "b"]
    assert [record.job for record in journal.unfinished()] == ["a", "c", "d"]


@given(fraction=st.floats(0, 1), stage=st.text(max_size=20))
def test_any_stage_survives_json(fraction, stage):
    event = JobProgressed(job="a", fraction=fraction, stage=stage)
    assert event_from_json(event_to_json(event)) == event


def test_a_journal_of_a_newer_version_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "jobs.sqlite"
    Journal(path).close()
    newer = sqlite3.connect(path)
    newer.execute("PRAGMA user_version = 99")
    newer.close()
    with pytest.raises(JournalError, match="version 99") as error:
        Journal(path)
    assert error.value.code == "journal.newer"


def test_a_migration_keeps_the_jobs(tmp_path, request_, monkeypatch):
    path = tmp_path / "jobs.sqlite"
    old = Journal(path)
    old.record_queued([("a", request_)])
    old.close()
    added = (*journal_module.MIGRATIONS, ("ALTER TABLE jobs ADD COLUMN note TEXT",))
    monkeypatch.setattr(journal_module, "MIGRATIONS", added)
    for _ in range(2):  # the second time there is nothing left to migrate
        journal = Journal(path)
        assert journal.get("a").request == request_
        journal.close()


def test_a_job_that_an_older_version_queued_keeps_its_chain(tmp_path):
    path = tmp_path / "jobs.sqlite"
    Journal(path).close()
    written = (Path(__file__).parent / "old" / "request_with_bare_chain.json").read_text("utf-8")
    with sqlite3.connect(path) as db:
        row = ("a", written, event_to_json(JobQueued(job="a", position=0)), "/songs/stem.wav")
        db.execute(
            "INSERT INTO jobs (job, request, phase, event, stem, queued_at) VALUES (?, ?, 'queued', ?, ?, 1.0)", row
        )
    db.close()
    journal = Journal(path)
    [waiting] = journal.unfinished()
    journal.close()
    chain = waiting.request.chain
    assert (chain.is_active, chain.keeps_tail) == (True, True)
    assert [effect.kind for effect in spec_of(chain).active] == ["gain"]
    assert RenderRequest.from_json(waiting.request.to_json()) == waiting.request


def test_a_migration_that_fails_changes_nothing(tmp_path, monkeypatch):
    path = tmp_path / "jobs.sqlite"
    Journal(path).close()
    half = (*journal_module.MIGRATIONS, ("ALTER TABLE jobs ADD COLUMN note TEXT", "this is not SQL"))
    with monkeypatch.context() as patch:
        patch.setattr(journal_module, "MIGRATIONS", half)
        with pytest.raises(JournalError):
            Journal(path)
    Journal(path).close()


def test_a_file_that_is_no_journal_is_named(tmp_path):
    path = tmp_path / "jobs.sqlite"
    path.write_bytes(b"RIFF" * 1_000)
    with pytest.raises(JournalError, match=r"jobs\.sqlite cannot be used"):
        Journal(path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(JournalError, match=r"jobs\.sqlite cannot be used"):
        Journal(tmp_path / "file" / "jobs.sqlite")


WRITER = """
import sys
from pathlib import Path
from tests.support.jobs.fake_renderer import request_for
from stylus_daw.jobs.job import JobWasCancelled
from stylus_daw.jobs.journal.journal import Journal
journal = Journal(Path(sys.argv[1]))
for number in range(100_000):
    job = f"job-{number}"
    journal.record_queued([(job, request_for(Path("/songs")))])
    if number % 2:
        journal.record_finished(job, JobWasCancelled(job=job))
    print(job, flush=True)
"""


def test_what_was_acknowledged_outlives_a_kill(tmp_path):
    path = tmp_path / "jobs.sqlite"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True, env=env)
    assert writer.stdout is not None
    with writer.stdout:
        for _ in range(20):
            writer.stdout.readline()
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        acknowledged = 20 + len(writer.stdout.readlines())
    journal = Journal(path)
    jobs = {record.job: record for record in journal.newest(100_000)}
    assert len(jobs) - acknowledged in (0, 1)
    for number in range(acknowledged):
        assert jobs[f"job-{number}"].is_finished == bool(number % 2)
    journal.close()


BATCH = 200
BATCHES = f"""
import sys
from pathlib import Path
from tests.support.jobs.fake_renderer import request_for
from stylus_daw.jobs.journal.journal import Journal
journal, request = Journal(Path(sys.argv[1])), request_for(Path("/songs"))
for number in range(100_000):
    journal.record_queued([(f"job-{{number}}-{{one}}", request) for one in range({BATCH})])
    print(number, flush=True)
"""


@pytest.mark.parametrize("later_s", [0.0, 0.003, 0.007])
def test_after_a_kill_a_batch_is_in_the_journal_as_a_whole_or_not_at_all(tmp_path, later_s):
    path = tmp_path / "jobs.sqlite"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    writer = subprocess.Popen([sys.executable, "-c", BATCHES, str(path)], stdout=subprocess.PIPE, text=True, env=env)
    assert writer.stdout is not None
    with writer.stdout:
        writer.stdout.readline()
        time.sleep(later_s)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        acknowledged = 1 + len(writer.stdout.readlines())
    journal = Journal(path)
    batches, rest = divmod(len(journal.unfinished()), BATCH)
    assert (rest, batches - acknowledged) in ((0, 0), (0, 1))
    journal.close()


def _with_jobs(journal, request_, count: int) -> None:
    for number in range(count):
        journal.record_queued([(f"job-{number}", request_)])


def test_the_history_is_read_in_pages_without_a_gap(journal, request_):
    _with_jobs(journal, request_, 7)
    first = journal.newest(3)
    second = journal.newest(3, before=first[-1].number)
    rest = journal.newest(3, before=second[-1].number)
    assert [record.job for record in (*first, *second, *rest)] == [f"job-{number}" for number in reversed(range(7))]
    assert journal.newest(3, before=rest[-1].number) == ()


def test_pruning_forgets_the_oldest_finished_jobs_only(journal, request_):
    _with_jobs(journal, request_, 6)
    assert journal.prune(keep=0) == 0
    for number in (0, 2, 3, 5):
        journal.record_finished(f"job-{number}", JobWasCancelled(job=f"job-{number}"))
    assert journal.prune(keep=4) == 0
    assert journal.prune(keep=2) == 2
    assert [record.job for record in journal.newest()] == ["job-5", "job-4", "job-3", "job-1"]
    assert journal.record_queued([("job-0", request_)])


def test_a_full_disk_keeps_nobody_from_reading(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", "256k") as disk:
        path = disk / "journal.sqlite"
        journal = Journal(path)
        journal.record_queued([("one", request_for(tmp_path / "stem.wav"))])
        journal.close()
        with suppress(OSError), (disk / "fill").open("wb", buffering=0) as fill:
            while True:
                fill.write(bytes(512))
        journal = Journal(path, only_reads=True)
        assert [record.job for record in journal.unfinished()] == ["one"]
        journal.close()
