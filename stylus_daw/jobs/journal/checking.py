"""Whether a journal can still be used, without a change to it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from stylus_daw.jobs.journal.journal import MIGRATIONS, JournalError

BUSY_S = 5.0
"""How long to wait for an app that is writing."""


def check_journal(path: Path) -> int:
    """How many jobs it holds.

    Args:
        path: a file that exists. An app may be using it.

    Raises:
        JournalError: ``journal.broken``: SQLite cannot open or read all of it, or it is not a journal;
            ``journal.newer``: a newer stylus-daw has written it.
    """
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=BUSY_S)) as db:
            if (version := db.execute("PRAGMA user_version").fetchone()[0]) > len(MIGRATIONS):
                text = f"it has schema version {version}; this stylus-daw knows versions up to {len(MIGRATIONS)}"
                raise JournalError("journal.newer", text)
            found = db.execute("PRAGMA quick_check(1)").fetchone()[0]
            if found != "ok":
                raise JournalError("journal.broken", str(found).splitlines()[-1])
            return db.execute("SELECT count(*) FROM jobs").fetchone()[0] if version else 0
    except sqlite3.Error as error:
        raise JournalError("journal.broken", str(error)) from error
