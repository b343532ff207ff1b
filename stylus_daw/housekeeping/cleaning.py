"""Cleaning: applies a policy to what is found."""

from __future__ import annotations

import contextlib
import logging
import os
import time
from collections.abc import Collection, Sequence
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
    found = lying(home)
    tallies = []
    for kind in Kind:
        ours = [one for one in found if one.kind is kind]
        doomed = _doomed(ours, policy) if kind in kinds else []
        gone = doomed if is_dry else _gone(home, doomed)
        tallies.append(Tally(kind=kind, files=len(ours), bytes=_sum(ours), gone_files=len(gone), gone_bytes=_sum(gone)))
    return tuple(tallies)


def lying(home: Path) -> tuple[Found, ...]:
    """Every file that may be cleaned away, of every kind. Nothing that a job needs which is being rendered or waits.

    Raises:
        JobError: the journal cannot be read: then nothing is known to be finished.
    """
    needed = _needed(home)
    return tuple(found_in(home, time.time(), lambda path: path in needed))


def remove(home: Path, listed: Collection[Found]) -> tuple[Found, ...]:
    """Remove what somebody chose from a list of :func:`lying`; gives what has gone.

    What is another file since then stays, and so does what a job needs that was queued meanwhile.

    Raises:
        JobError: the journal cannot be read.
    """
    chosen = {(one.kind, one.path, one.bytes, one.written) for one in listed}
    return _gone(home, [one for one in lying(home) if (one.kind, one.path, one.bytes, one.written) in chosen])


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


def _needed(home: Path) -> frozenset[Path]:
    """Folders, sources and styles of jobs that have no outcome yet."""
    path = home / JOURNAL
    if not path.exists():
        return frozenset()
    with contextlib.closing(Journal(path, only_reads=True)) as journal:
        open_jobs = [(record.job, record.request) for record in journal.unfinished()]
    folders = {folder for job, request in open_jobs for folder in (home / JOBS / job, request.stem.parent)}
    styles = {style.path for _, request in open_jobs for style in request.styles}
    return frozenset(folders | styles | {request.source for _, request in open_jobs})


def _gone(home: Path, doomed: Collection[Found]) -> tuple[Found, ...]:
    """Removed, with the folders of jobs that are empty afterwards; what cannot be removed is not among them."""
    gone = tuple(one for one in doomed if _remove(one.path))
    for folder in {one.path.parent for one in gone if one.path.parent.parent == home / JOBS}:
        with contextlib.suppress(OSError):  # it is not empty, or gone
            folder.rmdir()
    return gone


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


def _sum(found: Collection[Found]) -> int:
    return sum(one.bytes for one in found)
