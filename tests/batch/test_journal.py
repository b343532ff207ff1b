"""The journal of a batch: what it says about files that it cannot use, and what survives a transaction that fails."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path

import pytest

from stylus_daw.batch.item import ItemRecord, State
from stylus_daw.batch.journal import VERSION, BatchJournal, BatchJournalError
from tests.support.disks import small_disk


def test_a_journal_of_a_newer_version_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    BatchJournal(path).close()
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(BatchJournalError, match=f"version {VERSION + 1}.*knows up to {VERSION}"):
        BatchJournal(path)
    assert sqlite3.connect(path).execute("PRAGMA user_version").fetchone() == (VERSION + 1,)


def test_a_file_that_is_not_a_journal_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    path.write_bytes(b"not a database, whatever its name says" * 50)
    with pytest.raises(BatchJournalError, match=r"journal\.sqlite.*move it away"):
        BatchJournal(path)


@pytest.mark.parametrize("damage", ["{", "{}", "[]", '{"state": "gone"}'])
def test_a_damaged_record_is_an_error_with_a_remedy(tmp_path: Path, damage: str) -> None:
    journal = BatchJournal(tmp_path / "journal.sqlite")
    journal.enter({"one": record("one")})
    with sqlite3.connect(journal.path) as db:
        db.execute("UPDATE items SET record = ?", (damage,))
    with pytest.raises(BatchJournalError, match="move it away"):
        journal.records()
    journal.close()


def test_of_records_entered_together_all_are_written_or_none(tmp_path: Path) -> None:
    journal = BatchJournal(tmp_path / "journal.sqlite")
    journal.enter({"one": record("one")})
    with pytest.raises(BatchJournalError, match="UNIQUE"):
        journal.enter({"two": record("two"), "three": record("three", stem="one.wav")})
    assert journal.records() == {"one": record("one")}
    journal.close()


def record(key: str, *, stem: str = "") -> ItemRecord:
    return ItemRecord(key=key, source=Path(f"/{key}.wav"), stem=stem or f"{key}.wav", state=State.WAITING)


def test_a_full_disk_keeps_nobody_from_reading(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", "256k") as disk:
        path = disk / "journal.sqlite"
        journal = BatchJournal(path)
        journal.enter({"one": record("one")})
        journal.close()
        with suppress(OSError), (disk / "fill").open("wb", buffering=0) as fill:
            while True:
                fill.write(bytes(512))
        journal = BatchJournal(path)
        assert len(journal.records()) == 1
        journal.close()
