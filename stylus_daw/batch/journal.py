"""BatchJournal: what has become of each file of a batch, on disk before anything is told (SQLite)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from stylus_daw.batch.item import ItemRecord, Levels, State
from stylus_daw.errors import JobError, quoted
from stylus_daw.sqlite_file import SqliteFile

VERSION = 1
_TABLES = """
CREATE TABLE IF NOT EXISTS items (key TEXT PRIMARY KEY, stem TEXT NOT NULL UNIQUE, record TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS album (one INTEGER PRIMARY KEY CHECK (one = 1), offset_lu REAL NOT NULL);
"""


class BatchJournalError(JobError):
    """The journal's file could not be read or written."""


class BatchJournal(SqliteFile):
    """The journal of one output folder. Safe to use from many threads; every change is one transaction.

    Raises:
        BatchJournalError: the file is not such a journal, a newer one, or the disk refuses.
    """

    def records(self) -> dict[str, ItemRecord]:
        """All that is known, by key.

        Raises:
            BatchJournalError: what is written there is damaged.
        """
        with self._reading() as db:
            rows = db.execute("SELECT key, record FROM items ORDER BY rowid").fetchall()
        try:
            return {key: _record(json.loads(text)) for key, text in rows}
        except (ValueError, KeyError, TypeError) as error:
            raise self._broken(error) from error

    def enter(self, records: Mapping[str, ItemRecord]) -> None:
        """Enter all of these at once, instead of what was known of them."""
        rows = [(key, record.stem, _text(record)) for key, record in records.items()]
        with self._transaction() as db:
            db.executemany(
                "INSERT INTO items VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE "
                "SET stem = excluded.stem, record = excluded.record",
                rows,
            )

    def change(self, record: ItemRecord, **changes: Any) -> ItemRecord:
        """The record with the changes, on the disk when this returns."""
        changed = replace(record, **changes)
        self.enter({record.key: changed})
        return changed

    @property
    def album_offset_lu(self) -> float | None:
        """What the album's stems have in common; None before the album is finished."""
        with self._reading() as db:
            row = db.execute("SELECT offset_lu FROM album").fetchone()
        return row[0] if row else None

    def record_album(self, offset_lu: float) -> None:
        with self._transaction() as db:
            db.execute("INSERT OR REPLACE INTO album VALUES (1, ?)", (offset_lu,))

    def _prepare(self) -> None:
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise self._broken(ValueError(f"it has version {version}, this stylus-daw knows up to {VERSION}"))
        if version == VERSION:
            return  # nothing is written, so that a full disk does not keep anybody from reading
        self._db.executescript(_TABLES)
        self._db.execute(f"PRAGMA user_version = {VERSION}")

    def _broken(self, error: Exception) -> BatchJournalError:
        text = (
            f"The batch's journal {quoted(self.path)} cannot be used: {error}. Free some space on its disk and run "
            "the same command again. If the file is damaged, move it away: stems that are there stay."
        )
        return BatchJournalError("batch.journal", text)


def _text(record: ItemRecord) -> str:
    return json.dumps({**asdict(record), "source": str(record.source), "state": record.state.value})


def _record(raw: dict[str, Any]) -> ItemRecord:
    levels = Levels(**raw["levels"]) if raw["levels"] else None
    changes = {"source": Path(raw["source"]), "state": State(raw["state"]), "levels": levels}
    return ItemRecord(**{**raw, **changes})
