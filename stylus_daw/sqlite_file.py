"""SqliteFile: what every journal of ours does to its SQLite file."""

from __future__ import annotations

import sqlite3
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stylus_daw.errors import StylusError


class SqliteFile(ABC):
    """A SQLite file that many threads may use. Each transaction is on the disk when it ends, or has not happened.

    Args:
        path: the file; made with its folder when missing.
        busy_seconds: how long to wait for another process that is writing.
        only_reads: nothing will be written. Then it opens on a full disk, too, where SQLite has no room for the files
            that it lays beside its own.

    Raises:
        StylusError: what :meth:`_broken` makes of an error of SQLite's or the disk's, here and in every method.
    """

    def __init__(self, path: Path, *, busy_seconds: float = 5.0, only_reads: bool = False) -> None:
        self.path = path
        self._lock = threading.RLock()
        with self._reported():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=busy_seconds, isolation_level=None, check_same_thread=False)
        try:
            with self._reported():
                self._made_ready(only_reads=only_reads)
        except BaseException:
            self._db.close()
            raise

    def _made_ready(self, *, only_reads: bool) -> None:
        try:
            self._db.execute("PRAGMA synchronous = FULL")
            self._prepare()
        except (sqlite3.OperationalError, StylusError):
            if not only_reads or not self.path.exists() or not _is_at_rest(self.path):
                raise
            self._db.close()
            place = f"{self.path.resolve().as_uri()}?immutable=1"
            self._db = sqlite3.connect(place, uri=True, isolation_level=None, check_same_thread=False)
            self._prepare()

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @abstractmethod
    def _prepare(self) -> None:
        """Make the tables, or bring them up to date."""

    @abstractmethod
    def _broken(self, error: Exception) -> StylusError:
        """What to tell the user about this error."""

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._reported():
            yield self._db

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._reading() as db, db:
            db.execute("BEGIN IMMEDIATE")
            yield db

    @contextmanager
    def _reported(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise self._broken(error) from error


def _is_at_rest(path: Path) -> bool:
    """Whether all of it is in the file itself: nobody has it open, and nobody died with it."""
    wal = path.with_name(f"{path.name}-wal")
    return not wal.exists() or wal.stat().st_size == 0
