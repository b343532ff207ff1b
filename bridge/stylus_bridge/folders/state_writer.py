"""Keeps ``state.json`` of every known job folder up to date. Called from any thread; one write at a time."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from stylus_bridge.events import is_final
from stylus_bridge.folders.job_folder import write_state
from stylus_daw.jobs.job import JobEvent, JobProgressed, JobQueued

logger = logging.getLogger(__name__)

PROGRESS_PERIOD_S = 0.2


@dataclass(slots=True)
class _Folder:
    path: Path
    client: str = ""
    last: JobEvent | None = None
    written_at: float = 0.0


class StateWriter:
    """Which job lives in which folder, and the last thing written there."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = Lock()
        self._folders: dict[str, _Folder] = {}
        self._live: dict[str, JobEvent] = {}

    def add(self, job: str, folder: Path, client: str) -> None:
        """From now on ``job`` lives in ``folder``."""
        with self._lock:
            self._folders.setdefault(job, _Folder(folder, client))

    def remove(self, job: str) -> None:
        """``job`` was never queued."""
        with self._lock:
            self._folders.pop(job, None)

    def client_of(self, job: str) -> str:
        """The ``client`` that the job's folder names, or an empty string."""
        with self._lock:
            known = self._folders.get(job)
            return known.client if known else ""

    def unfinished(self) -> list[tuple[str, Path]]:
        """Jobs that wait or run, with their folders."""
        with self._lock:
            return [(job, f.path) for job, f in self._folders.items()]

    def counts(self) -> tuple[int, int]:
        """How many jobs wait and how many run, with or without a folder."""
        events = list(self._live.values())  # a copy in one step: the lock is held while a disk is written
        return sum(isinstance(e, JobQueued) for e in events), sum(isinstance(e, JobProgressed) for e in events)

    def write_first(self, event: JobEvent) -> None:
        """Write how a job stands whose folder is new here, unless an event has overtaken it."""
        with self._lock:
            known = self._folders.get(event.job)
            if known is not None and known.last is None:
                self._note(event)
                self._write(known, event)

    def write(self, event: JobEvent) -> None:
        """Write an event; progress at most every 0.2 s."""
        with self._lock:
            self._note(event)
            known = self._folders.get(event.job)
            if known is not None:
                self._write(known, event)

    def _note(self, event: JobEvent) -> None:
        if is_final(event):
            self._live.pop(event.job, None)
        else:
            self._live[event.job] = event

    def _write(self, folder: _Folder, event: JobEvent) -> None:
        is_early = self._now() - folder.written_at < PROGRESS_PERIOD_S
        skips = is_early and isinstance(event, JobProgressed) and isinstance(folder.last, JobProgressed)
        folder.last = event
        if is_final(event):
            del self._folders[event.job]
        if not skips:
            folder.written_at = self._now()
            put_state(folder.path, event)


def put_state(folder: Path, event: JobEvent) -> None:
    """Write ``state.json``; a folder that cannot be written is logged, because the job continues without it."""
    try:
        write_state(folder, event)
    except OSError as error:
        logger.warning("job %s: state.json in %s cannot be written: %s", event.job, folder, error)
