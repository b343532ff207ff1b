"""Reads entries of the history out of the journal. It takes a moment: not for the window's thread. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from stylus_daw.app import App
from stylus_daw.jobs.job import JobEvent
from stylus_daw.jobs.journal.journal import JobRecord
from stylus_ui.presenters.history.entry import HistoryEntry
from stylus_ui.workspace.take_notes import TakeNote

PAGE = 200
HIDDEN = ("draft",)
"""Clients whose jobs come and go while a knob is turned."""
NoteOf = Callable[[str], TakeNote]
"""What stands on a job."""


def first_page(app: App, note_of: NoteOf) -> tuple[tuple[JobRecord, ...], set[str], list[HistoryEntry]]:
    """The newest jobs; all ids, with those of everything unfinished; their entries, in order."""
    unfinished, page = app.journal.unfinished(), app.journal.newest(PAGE)
    now = {record.job: app.queue.status(record.job) for record in unfinished}
    unique = {record.job: record for record in (*unfinished, *page)}
    return page, set(unique), sorted(_shown(unique.values(), now, note_of), key=lambda entry: entry.rank)


def next_page(app: App, before: int | None, note_of: NoteOf) -> tuple[tuple[JobRecord, ...], tuple[HistoryEntry, ...]]:
    """Older jobs, and their entries."""
    page = app.journal.newest(PAGE, before=before)
    return page, tuple(_shown(page, {}, note_of))


def _shown(records: Iterable[JobRecord], now: dict[str, JobEvent], note_of: NoteOf) -> Iterable[HistoryEntry]:
    for record in records:
        note = note_of(record.job)
        if record.request.origin.client not in HIDDEN and not note.is_deleted:
            yield replace(HistoryEntry.of(record, now.get(record.job)), note=note)


def entries_of(app: App, jobs: Sequence[str], note_of: NoteOf) -> tuple[HistoryEntry, ...]:
    """Those of some jobs, in order; drafts and what was put away are left out."""
    found = _shown([app.journal.get(job) for job in jobs], {}, note_of)
    return tuple(sorted(found, key=lambda entry: entry.rank))
