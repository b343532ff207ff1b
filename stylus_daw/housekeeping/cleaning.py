"""Cleaning: applies a policy to what is found."""

from __future__ import annotations

import contextlib
import logging
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stylus_daw.errors import StylusError
from stylus_daw.housekeeping.finds import JOBS, Found, found_in
from stylus_daw.housekeeping.policy import SAFE, Kind, Policy, read_policy
from stylus_daw.jobs.journal.journal import Journal
from stylus_daw.settings import JOURNAL

logger = logging.getLogger(__name__)

_HAS_FOLDER_HANDLES = os.unlink in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Of one kind: what is there, and what of it goes or has gone."""

    kind: Kind
    files: int
    bytes: int
    gone_files: int
    gone_bytes: int


def clean(home: Path, policy: Policy, *, kinds: Sequence[Kind] = SAFE, is_dry: bool = False) -> tuple[Tally, ...]:
    """Remove what the policy does not keep; ``is_dry``: only say what that would be.

    What is being rendered or waits, and everything that stylus-daw does not know, stays. A file that cannot be removed
    is logged.

    Raises:
        JobError: the journal cannot be read: then nothing is known to be finished.
    """
    unfinished = _unfinished(home)
    found = list(found_in(home, time.time(), lambda job: job in unfinished))
    tallies = []
    for kind in Kind:
        ours = [one for one in found if one.kind is kind]
        doomed = _doomed(ours, policy) if kind in kinds else []
        gone = doomed if is_dry else [one for one in doomed if _remove(one.path)]
        tallies.append(Tally(kind=kind, files=len(ours), bytes=_sum(ours), gone_files=len(gone), gone_bytes=_sum(gone)))
    if not is_dry:
        _remove_empty_folders({one.path.parent for one in found if one.path.parent.parent == home / JOBS})
    return tuple(tallies)


def clean_at_start(home: Path) -> None:
    """What the app does by itself, if the policy says so. It must not keep anybody from working: never raises."""
    try:
        policy = read_policy(home)
        gone = sum(tally.gone_bytes for tally in clean(home, policy)) if policy.at_start else 0
    except (StylusError, OSError) as error:
        logger.warning("the state folder was not cleaned: %s", error)
        return
    if gone:
        logger.info("cleaned %.1f MB by clean.json; stems are never removed unasked", gone / 1e6)


def _doomed(found: list[Found], policy: Policy) -> list[Found]:
    """The oldest beyond the room that is given, and all that is too old. Temporary files are never kept."""
    doomed, room = [], policy.most_bytes
    for one in sorted(found, key=lambda one: one.age_s):
        room -= one.bytes
        if one.kind is Kind.TEMPORARY or one.age_s > policy.seconds or room < 0:
            doomed.append(one)
    return doomed


def _unfinished(home: Path) -> frozenset[str]:
    path = home / JOURNAL
    if not path.exists():
        return frozenset()
    with contextlib.closing(Journal(path)) as journal:
        return frozenset(record.job for record in journal.unfinished())


def _remove(path: Path) -> bool:
    """Remove a file from its folder, which must not have become a link meanwhile."""
    try:
        if not _HAS_FOLDER_HANDLES:
            path.unlink()
            return True
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            os.unlink(path.name, dir_fd=folder)
        finally:
            os.close(folder)
    except OSError as error:
        logger.warning("%s cannot be removed: %s", path, error)
        return False
    return True


def _remove_empty_folders(folders: set[Path]) -> None:
    for folder in folders:
        with contextlib.suppress(OSError):  # it is not empty, or gone
            folder.rmdir()


def _sum(found: list[Found]) -> int:
    return sum(one.bytes for one in found)
