"""Journal: what the app has promised, on disk before it is promised.

SQLite in WAL mode with ``synchronous=FULL``: a commit is on the disk when the call returns, so that
a job that was acknowledged outlives a kill and a power cut alike (``NORMAL`` may lose the last
commits in a power cut). A job writes four or five times in its life; progress is not journalled, because an
interrupted render begins again anyway.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Sequence

from stylus_daw.errors import JobError
from stylus_daw.jobs.job import (
    JobDone,
    JobEnding,
    JobFailed,
    JobOutcome,
    JobQueued,
    RenderRequest,
    check_job_id,
)
from stylus_daw.jobs.journal.event_json import event_to_json
from stylus_daw.jobs.journal.record import JobRecord as JobRecord
from stylus_daw.jobs.journal.record import record_of
from stylus_daw.sqlite_file import SqliteFile

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE jobs (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            job TEXT NOT NULL UNIQUE,
            request TEXT NOT NULL,
            phase TEXT NOT NULL CHECK (phase IN ('queued', 'running', 'finished')),
            outcome TEXT CHECK (outcome IN ('done', 'cancelled', 'failed')),
            event TEXT NOT NULL,
            stem TEXT NOT NULL,
            error_code TEXT,
            error_message TEXT,
            attempts INTEGER NOT NULL DEFAULT 0,
            cancel_requested INTEGER NOT NULL DEFAULT 0,
            queued_at REAL NOT NULL,
            started_at REAL,
            finished_at REAL,
            CHECK ((phase = 'finished') = (outcome IS NOT NULL))
        )""",
        "CREATE INDEX jobs_unfinished ON jobs (number) WHERE phase != 'finished'",
    ),
    (
        "ALTER TABLE jobs ADD COLUMN told INTEGER NOT NULL DEFAULT 0",
        "UPDATE jobs SET told = 1 WHERE phase = 'finished'",
        "CREATE INDEX jobs_untold ON jobs (number) WHERE phase = 'finished' AND told = 0",
    ),
    ("ALTER TABLE jobs ADD COLUMN deaths INTEGER NOT NULL DEFAULT 0",),
)
"""One tuple of statements per schema version; ``PRAGMA user_version`` counts those that were applied."""
KEPT_FINISHED = 5_000
"""How many finished jobs an app remembers from one start to the next; their stems stay on the disk in any case."""


class JournalError(JobError):
    """The journal's file could not be read or written."""


class Journal(SqliteFile):
    """The journal of one app. Safe to use from many threads; every method is one transaction.

    Raises:
        JournalError: the file is not a journal, was written by a newer version, or the disk refuses.
    """

    def record_queued(self, asked: Sequence[tuple[str, RenderRequest]], position: int = 0) -> tuple[str, ...]:
        """Enter new jobs in one transaction: all of them, or none if the app dies meanwhile.

        Args:
            asked: ids and requests. position: of the first one in the line.

        Returns:
            The ids that the journal did not know; for the others nothing is written.
        """
        rows = [
            (job, request.to_json(), event_to_json(JobQueued(job=check_job_id(job), position=at)), str(request.stem))
            for at, (job, request) in enumerate(asked, position)
        ]
        insert = (
            "INSERT INTO jobs (job, request, phase, event, stem, queued_at) VALUES (?, ?, 'queued', ?, ?, ?) "
            "ON CONFLICT (job) DO NOTHING"
        )
        with self._transaction() as db:
            return tuple(row[0] for row in rows if db.execute(insert, (*row, time.time())).rowcount == 1)

    def record_started(self, job: str) -> JobRecord:
        """The job leaves the line; the render process may still be loading its model."""
        self._change(job, "phase = 'running', started_at = ?", time.time())
        return self.get(job)

    def record_begun(self, job: str) -> None:
        """The render process is at work on the job: one more run on its account."""
        self._change(job, "attempts = attempts + 1")

    def record_requeued(self, job: str, *, attempts: int, deaths: int) -> None:
        """The job waits again, with so many runs on its account, and so many deaths of the render process under it."""
        self._change(job, "phase = 'queued', attempts = ?, deaths = ?", attempts, deaths)

    def record_cancel_requested(self, job: str) -> None:
        """From here on the job can only end as cancelled, even if the app dies first."""
        self._change(job, "cancel_requested = 1")

    def record_finished(self, job: str, event: JobEnding) -> None:
        """Enter the outcome, the only one the job will ever have.

        Raises:
            JobError: ``job.finished`` if it has one already, ``job.unknown`` if there is no such job.
        """
        failure = (event.code, event.message) if isinstance(event, JobFailed) else (None, None)
        self._change(
            job,
            "phase = 'finished', outcome = ?, event = ?, error_code = ?, error_message = ?, finished_at = ?",
            _outcome(event).value,
            event_to_json(event),
            *failure,
            time.time(),
        )

    def record_told(self, job: str) -> None:
        """The host has been told the outcome. Costs no write for a job that is not finished, or was told before."""
        with self._reading() as db:
            clause = "WHERE job = ? AND phase = 'finished' AND told = 0"
            if db.execute(f"SELECT 1 FROM jobs {clause}", (job,)).fetchone():
                db.execute(f"UPDATE jobs SET told = 1 {clause}", (job,))

    def untold(self, client: str) -> tuple[JobRecord, ...]:
        """Finished jobs of a client whose outcome no host has been told, in the order in which they were queued."""
        records = self._select("WHERE phase = 'finished' AND told = 0 ORDER BY number")
        return tuple(record for record in records if record.client == client)

    def get(self, job: str) -> JobRecord:
        """What the journal knows of a job.

        Raises:
            JobError: ``job.unknown``.
        """
        found = self._select("WHERE job = ?", job)
        if not found:
            raise _unknown(job)
        return found[0]

    def newest(self, limit: int = 100, *, before: int | None = None) -> tuple[JobRecord, ...]:
        """The last ``limit`` jobs, newest first; the last before that number, for the next page."""
        if before is None:
            return self._select("ORDER BY number DESC LIMIT ?", limit)
        return self._select("WHERE number < ? ORDER BY number DESC LIMIT ?", before, limit)

    def finished_naming(self, words: str, limit: int) -> tuple[JobRecord, ...]:
        """The last ``limit`` finished jobs whose request holds a string, such as a file's name; newest first."""
        written = json.dumps(words)[1:-1]
        clause = "WHERE phase = 'finished' AND instr(request, ?) > 0 ORDER BY number DESC LIMIT ?"
        return self._select(clause, written, limit)

    def prune(self, keep: int = KEPT_FINISHED) -> int:
        """Forget the oldest finished jobs but the last ``keep``; files stay. Gives how many were forgotten.

        An id that was forgotten is a new one when it is submitted again.
        """
        with self._transaction() as db:
            return db.execute(
                "DELETE FROM jobs WHERE phase = 'finished' AND number <= "
                "(SELECT number FROM jobs WHERE phase = 'finished' ORDER BY number DESC LIMIT 1 OFFSET ?)",
                (keep,),
            ).rowcount

    def unfinished(self) -> tuple[JobRecord, ...]:
        """Every job without an outcome, in the order in which they were queued."""
        return self._select("WHERE phase != 'finished' ORDER BY number")

    def _change(self, job: str, assignments: str, *values: object) -> None:
        with self._transaction() as db:
            changed = db.execute(
                f"UPDATE jobs SET {assignments} WHERE job = ? AND phase != 'finished'", (*values, job)
            ).rowcount
            if changed == 0:
                raise _refusal(job, db)

    def _select(self, clause: str, *values: object) -> tuple[JobRecord, ...]:
        with self._reading() as db:
            rows = db.execute(f"SELECT * FROM jobs {clause}", values).fetchall()
        return tuple(record_of(row) for row in rows)

    def _broken(self, error: Exception) -> JournalError:
        return JournalError(
            "journal.broken",
            f"The job journal {self.path} cannot be used: {error}. Check that its disk has space and is "
            "writable. If the file is damaged, move it away and start again.",
        )

    def _prepare(self) -> None:
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode = WAL")
        if self._db.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS):
            return  # nothing is written: what only reads must work on a full disk, `stylus-daw clean` above all
        with self._transaction() as db:
            self._migrate(db)

    def _migrate(self, db: sqlite3.Connection) -> None:
        version: int = db.execute("PRAGMA user_version").fetchone()[0]
        if version > len(MIGRATIONS):
            raise JournalError(
                "journal.newer",
                f"The job journal {self.path} has schema version {version}; this stylus-daw knows versions up to "
                f"{len(MIGRATIONS)}. Update stylus-daw, or move the file away to start a new journal.",
            )
        for statements in MIGRATIONS[version:]:
            for statement in statements:
                db.execute(statement)
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def _outcome(event: JobEnding) -> JobOutcome:
    if isinstance(event, JobDone):
        return JobOutcome.DONE
    return JobOutcome.FAILED if isinstance(event, JobFailed) else JobOutcome.CANCELLED


def _refusal(job: str, db: sqlite3.Connection) -> JobError:
    row = db.execute("SELECT outcome FROM jobs WHERE job = ?", (job,)).fetchone()
    if row is None:
        return _unknown(job)
    return JobError("job.finished", f"Job {job} is finished already ({row['outcome']}). Submit it under a new id.")


def _unknown(job: str) -> JobError:
    return JobError("job.unknown", f"There is no job {job[:80]!r} in the journal. Submit it first.")
