"""BatchJournal: what has become of each file of a batch, on disk before anything is told (SQLite)."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from stylus_daw.batch.item import ItemRecord, Levels, State
from stylus_daw.errors import JobError, quoted

VERSION = 1
_TABLES = """
CREATE TABLE IF NOT EXISTS items (key TEXT PRIMARY KEY, stem TEXT NOT NULL UNIQUE, record TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS album (one INTEGER PRIMARY KEY CHECK (one = 1), offset_lu REAL NOT NULL);
"""


class BatchJournalError(JobError):
    """The journal's file could not be read or written."""


class BatchJournal:
    """The journal of one output folder. Safe to use from many threads; every change is one transaction.

    Raises:
        BatchJournalError: the file is not such a journal, a newer one, or the disk refuses.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        with self._reported():
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            self._prepare()
        except BaseException:
            self._db.close()
            raise

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def records(self) -> dict[str, ItemRecord]:
        """All that is known, by key."""
        with self._lock, self._reported():
            rows = self._db.execute("SELECT key, record FROM items ORDER BY rowid").fetchall()
        return {key: _record(json.loads(text)) for key, text in rows}

    def enter(self, records: Mapping[str, ItemRecord]) -> None:
        """Enter all of these at once, instead of what was known of them."""
        rows = [(key, record.stem, _text(record)) for key, record in records.items()]
        with self._transaction():
            self._db.executemany(
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
        with self._lock, self._reported():
            row = self._db.execute("SELECT offset_lu FROM album").fetchone()
        return row[0] if row else None

    def record_album(self, offset_lu: float) -> None:
        with self._transaction():
            self._db.execute("INSERT OR REPLACE INTO album VALUES (1, ?)", (offset_lu,))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock, self._reported(), self._db as db:
            db.execute("BEGIN IMMEDIATE")
            yield

    @contextmanager
    def _reported(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError, ValueError, KeyError, TypeError) as error:
            text = (
                f"The batch's journal {quoted(self.path)} cannot be used: {error}. Free some space on its disk and run "
                "the same command again. If the file is damaged, move it away: stems that are there stay."
            )
            raise BatchJournalError("batch.journal", text) from error

    def _prepare(self) -> None:
        with self._reported():
            version = self._db.execute("PRAGMA user_version").fetchone()[0]
            if version > VERSION:
                raise ValueError(f"it has version {version}, this stylus-daw knows up to {VERSION}")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.executescript(_TABLES)
            self._db.execute(f"PRAGMA user_version = {VERSION}")


def _text(record: ItemRecord) -> str:
    return json.dumps({**asdict(record), "source": str(record.source), "state": record.state.value})


def _record(raw: dict[str, Any]) -> ItemRecord:
    levels = Levels(**raw["levels"]) if raw["levels"] else None
    changes = {"source": Path(raw["source"]), "state": State(raw["state"]), "levels": levels}
    return ItemRecord(**{**raw, **changes})
