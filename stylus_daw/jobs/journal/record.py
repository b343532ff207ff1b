"""JobRecord: one row of the journal. A row that is damaged is still a job: it must not keep the app from starting."""

from __future__ import annotations

import json
import logging
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from stylus_daw.errors import JobError
from stylus_daw.jobs.job import JobEvent, JobFailed, JobOutcome, JobPhase, JobQueued, RenderRequest
from stylus_daw.jobs.journal.event_json import event_from_json

logger = logging.getLogger(__name__)

DAMAGE = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What reading a row raises that stylus-daw did not write like this."""
_DAMAGED = "The journal's row of this job is damaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRecord:
    """One job as the journal knows it. Times are seconds since 1970, UTC; a later job has a higher ``number``.

    Attributes:
        attempts: runs that the render process has begun.
        deaths: how many of them ended with its death.
    """

    number: int
    job: str
    request_json: str
    phase: JobPhase
    outcome: JobOutcome | None
    event: JobEvent
    stem: Path
    error_code: str | None
    error_message: str | None
    attempts: int
    deaths: int
    cancel_requested: bool
    queued_at: float
    started_at: float | None
    finished_at: float | None

    @property
    def request(self) -> RenderRequest:
        """What was asked for.

        Raises:
            JobError: ``journal.row``: the row is damaged.
        """
        try:
            return RenderRequest.from_json(self.request_json)
        except DAMAGE as error:
            raise JobError("journal.row", f"{_DAMAGED} ({type(error).__name__}: {error}). Submit it again.") from error

    @property
    def client(self) -> str:
        """Who submitted it, as it named itself; empty if the row is damaged."""
        try:
            return str(json.loads(self.request_json)["origin"]["client"])
        except DAMAGE:
            return ""

    @property
    def checkpoint(self) -> str:
        """Name of the model; empty if the row is damaged."""
        try:
            return str(json.loads(self.request_json)["settings"]["checkpoint"])
        except DAMAGE:
            return ""

    @property
    def is_finished(self) -> bool:
        return self.phase is JobPhase.FINISHED


def record_of(row: sqlite3.Row) -> JobRecord:
    """The record of a row, whatever is in it."""
    try:
        return _record(row)
    except DAMAGE as error:
        logger.warning("job %s: its row in the journal is damaged: %s: %s", row["job"], type(error).__name__, error)
        return _damaged(row)


def _damaged(row: sqlite3.Row) -> JobRecord:
    """What can be known: one that waits is tried again, one that has ended has failed as far as anybody can tell."""
    job, is_finished = str(row["job"]), row["phase"] == "finished"
    failed = JobFailed(job=job, code="journal.row", message=f"{_DAMAGED}. If it has a stem, that is {row['stem']}.")
    return JobRecord(
        number=row["number"],
        job=job,
        request_json=str(row["request"]),
        phase=JobPhase.FINISHED if is_finished else JobPhase.QUEUED,
        outcome=JobOutcome.FAILED if is_finished else None,
        event=failed if is_finished else JobQueued(job=job, position=0),
        stem=Path(str(row["stem"])),
        error_code=failed.code if is_finished else None,
        error_message=failed.message if is_finished else None,
        attempts=0,
        deaths=0,
        cancel_requested=False,
        queued_at=0.0,
        started_at=None,
        finished_at=0.0 if is_finished else None,
    )


def _record(row: sqlite3.Row) -> JobRecord:
    return JobRecord(
        number=row["number"],
        job=row["job"],
        request_json=row["request"],
        phase=JobPhase(row["phase"]),
        outcome=JobOutcome(row["outcome"]) if row["outcome"] else None,
        event=event_from_json(row["event"]),
        stem=Path(row["stem"]),
        error_code=row["error_code"],
        error_message=row["error_message"],
        attempts=row["attempts"],
        deaths=row["deaths"],
        cancel_requested=bool(row["cancel_requested"]),
        queued_at=row["queued_at"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
    )
