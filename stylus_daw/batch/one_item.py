"""One file of a batch, from its request to its stem; whatever it was interrupted in before, it goes on from there."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from stylus_daw.audio.files import opened_sound, probe
from stylus_daw.audio.level.loudness import measured
from stylus_daw.audio.level.true_peak import true_peak_db
from stylus_daw.audio.sound import Sound
from stylus_daw.audio.spool import Scratch
from stylus_daw.batch.folder import BatchFolder, OccupiedError
from stylus_daw.batch.item import ItemRecord, Levels, PlannedItem, State
from stylus_daw.batch.journal import BatchJournal
from stylus_daw.errors import DISK_FULL, JobError, unwritable
from stylus_daw.jobs.dispatcher import Worker
from stylus_daw.jobs.giving_up import MAX_ATTEMPTS, given_up
from stylus_daw.jobs.job import JobDone, JobEnding, JobFailed, JobProgressed, JobWasCancelled, RenderRequest
from stylus_daw.jobs.process.worker import RenderCrashError

BYTES = 4  # per sample, float32
HEADROOM_BYTES = 1_000_000  # for headers and the journal
DISK_CODES = frozenset({"audio.write", "audio.space"})

OnProgress = Callable[[JobProgressed], None]


class BatchHaltedError(JobError):
    """Nothing more can be rendered at all: the disk is full, or the journal cannot be written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRenderer:
    """Renders items of one batch with one worker. Safe to use from several threads, each with its own item.

    Attributes:
        stop: set it to end what runs.
        is_album: stems stay in the work folder and are measured, until all are there.
    """

    folder: BatchFolder
    journal: BatchJournal
    worker: Worker
    stop: threading.Event
    scratch: Scratch
    is_album: bool = False

    def finish(self, planned: PlannedItem, record: ItemRecord, on_progress: OnProgress) -> ItemRecord:
        """The item done, failed, or waiting again because the batch stops.

        Raises:
            BatchHaltedError: no other item can be rendered, either.
            BatchJournalError: the journal cannot be written.
        """
        try:
            record = self._rendered(planned, record, on_progress)
            if record.state is State.RENDERED and not self.is_album:
                raw = self.folder.raw(record)
                record = placed(self.folder, self.journal, record, raw, replaces=planned.replaces)
        except OccupiedError as error:
            return self._failed(record, error.code, error.message)
        except OSError as error:
            if error.errno in DISK_FULL:
                raise _disk_full(f"'{record.stem}' cannot be written: {error}. Free some space.") from error
            return self._failed(record, "audio.write", f"'{record.stem}' cannot be written: {unwritable(error)}")
        return record

    def _rendered(self, planned: PlannedItem, record: ItemRecord, on_progress: OnProgress) -> ItemRecord:
        if record.state is State.PLACING and (found := self._on_its_way(record)):
            return placed(self.folder, self.journal, record, found, replaces=record.replaces)
        raw = self.folder.raw(record)
        if raw.exists():  # whole, for stems appear whole or not at all
            return self._measured(planned, record, record.seconds_taken)
        request = planned.item.request
        assert request is not None, planned
        record = self.journal.change(record, state=State.RENDERING, runs=record.runs + 1, code="", message="")
        ending = self._ending(record.key[:16], replace(request, stem=self.folder.prepared(raw)), on_progress)
        match ending:
            case JobDone(stem=stem):
                return self._measured(planned, record, stem.seconds_taken)
            case JobFailed(code=code, message=message):
                self._halt_if_full(planned, code, message)
                return self._failed(record, code, message)
            case JobWasCancelled():
                return self.journal.change(record, state=State.WAITING)

    def _on_its_way(self, record: ItemRecord) -> Path | None:
        """What a run that was killed had begun to place, or has placed."""
        ways = (self.folder.levelled(record), self.folder.raw(record), self.folder.stem(record.stem))
        return next((path for path in ways if path.exists()), None)

    # Any other error of the worker's goes up and ends the batch: it would meet every file.
    def _ending(self, job: str, request: RenderRequest, on_progress: OnProgress) -> JobEnding:
        for attempt in range(1, MAX_ATTEMPTS + 1):
            try:
                return self.worker.render(job, request, on_progress, self.stop)
            except RenderCrashError as death:
                if self.stop.is_set():
                    return JobWasCancelled(job=job)
                if attempt == MAX_ATTEMPTS:
                    return given_up(job, request.settings.checkpoint, death)
        raise AssertionError("unreachable")

    def _measured(self, planned: PlannedItem, record: ItemRecord, seconds_taken: float) -> ItemRecord:
        levels = None
        if self.is_album:
            with opened_sound(planned.item.source, self.scratch) as source:
                source_lufs, source_peak_db = _levels(source)
            with opened_sound(self.folder.raw(record), self.scratch) as stem:
                stem_lufs, stem_peak_db = _levels(stem)
            levels = Levels(
                source_lufs=source_lufs,
                stem_lufs=stem_lufs,
                source_peak_db=source_peak_db,
                stem_peak_db=stem_peak_db,
            )
        return self.journal.change(record, state=State.RENDERED, seconds_taken=seconds_taken, levels=levels)

    def _failed(self, record: ItemRecord, code: str, message: str) -> ItemRecord:
        self.folder.drop(record)
        return self.journal.change(record, state=State.FAILED, code=code, message=message)

    def _halt_if_full(self, planned: PlannedItem, code: str, message: str) -> None:
        """A full disk fails every file that follows, too."""
        if code not in DISK_CODES:
            return
        info = probe(planned.item.source)
        if code == "audio.space" or self.folder.is_full(BYTES * info.channels * info.frames + HEADROOM_BYTES):
            raise _disk_full(message)


def placed(
    folder: BatchFolder, journal: BatchJournal, record: ItemRecord, finished: Path, *, replaces: bool, **changes: Any
) -> ItemRecord:
    """The finished stem at its name: on record before, and after.

    Raises:
        OccupiedError: another file has that name.
        OSError: the disk refuses.
    """
    record = journal.change(record, state=State.PLACING, replaces=replaces, **changes)
    if finished != folder.stem(record.stem):
        folder.place(finished, record.stem, replaces=replaces)
    record = journal.change(record, state=State.DONE, replaces=False)
    folder.drop(record)
    return record


def _disk_full(message: str) -> BatchHaltedError:
    return BatchHaltedError("batch.disk_full", f"{message} Then run the same command again: it goes on from here.")


def _levels(sound: Sound) -> tuple[float, float]:
    """LUFS and dBTP."""
    return measured(sound).level_lufs, true_peak_db(sound)
