"""Finds: what lies in a state folder, by kind. Links are never followed; names that we do not give are not found."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from stylus_daw.atomic import PREFIX, SUFFIX
from stylus_daw.housekeeping.policy import Kind
from stylus_daw.regular_file import read_regular

JOBS, STEMS, LOG = "jobs", "stems", "stylus-daw.log"
CAPTURES = "connect"  # where the plugin keeps the regions that it has captured
CACHES = ("cache/styles", "cache/peaks", "cache/covers")
TEMPORARY_IN = ("", "presets", "presets/styles", "spool", STEMS, CAPTURES, *CACHES)
STATE, JOB = "state.json", "job.json"
SMALL = (STATE, JOB, "cancel", "refused", "job.json.part")
TEMPORARY_S = 3_600.0  # s: a younger one may be being written
MOST_STATE_BYTES = 1_000_000
_EVER = float("inf")
_STEM = re.compile(r"stem(-\d{1,3})?\.wav")  # of a job, or of one of its takes
_INPUT = re.compile(r"input\.\w{1,8}")
_CAPTURE = re.compile(r"capture-[0-9a-f]{32}\.wav")
_FINISHED = re.compile(rb'"phase": "finished"')

IsOpen = Callable[[Path], bool]
"""Whether a file or a job's folder may still be needed by a render."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One file.

    Attributes:
        written: when it was, s since 1970.
        age_s: s since then; for a job's files, since the last of them was written.
    """

    kind: Kind
    path: Path
    bytes: int
    written: float
    age_s: float


def found_in(home: Path, now: float, is_open: IsOpen) -> Iterator[Found]:
    """Everything that a policy may decide about: what is open is left out."""
    yield from (one for one in _everything(home, now, is_open) if not is_open(one.path))


def _everything(home: Path, now: float, is_open: IsOpen) -> Iterator[Found]:
    for folder in TEMPORARY_IN:
        yield from _files(home / folder, Kind.TEMPORARY, now, _is_temporary, least_s=TEMPORARY_S)
    yield from _files(home, Kind.LOGS, now, lambda name: re.fullmatch(re.escape(LOG) + r"\.\d+", name) is not None)
    for folder in CACHES:
        yield from _files(home / folder, Kind.CACHES, now, lambda name: not name.startswith("."))
    yield from _files(home / STEMS, Kind.STEMS, now, lambda name: not name.startswith("."))
    yield from _files(home / CAPTURES, Kind.INPUTS, now, lambda name: _CAPTURE.fullmatch(name) is not None)
    for folder in _folders(home / JOBS):
        yield from _of_job(folder, now, is_open)


def _of_job(folder: Path, now: float, is_open: IsOpen) -> Iterator[Found]:
    yield from _files(folder, Kind.TEMPORARY, now, _is_temporary, least_s=TEMPORARY_S)
    files = {entry.path.name: entry for entry in _files(folder, Kind.INPUTS, now, lambda name: not _is_temporary(name))}
    if not files or is_open(folder) or not _has_ended(folder, files):
        return
    age = min(now - folder.stat().st_mtime if STATE not in files else _EVER, *(one.age_s for one in files.values()))
    has_stem = any(map(_STEM.fullmatch, files))
    for name, entry in files.items():
        if _STEM.fullmatch(name):
            yield replace(entry, kind=Kind.STEMS, age_s=age)
        elif _INPUT.fullmatch(name) or (name in SMALL and not has_stem):
            yield replace(entry, kind=Kind.INPUTS if has_stem else Kind.ENDED, age_s=age)


def _has_ended(folder: Path, files: dict[str, Found]) -> bool:
    """Finished, or begun by a host that never wrote ``job.json``."""
    if STATE not in files:
        return JOB not in files
    try:
        return _FINISHED.search(read_regular(folder / STATE, MOST_STATE_BYTES)) is not None
    except OSError:
        return False


def _files(
    folder: Path, kind: Kind, now: float, is_meant: Callable[[str], bool], *, least_s: float = 0.0
) -> Iterator[Found]:
    for entry in _entries(folder):
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError:
            continue
        written, path = status.st_mtime, folder / entry.name
        if stat.S_ISREG(status.st_mode) and is_meant(entry.name) and now - written >= least_s:
            yield Found(kind=kind, path=path, bytes=status.st_size, written=written, age_s=now - written)


def _folders(folder: Path) -> list[Path]:
    return [folder / entry.name for entry in _entries(folder) if entry.is_dir(follow_symlinks=False)]


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """In the order of names; nothing where the folder or the one around it is a link, missing or closed."""
    try:
        if folder.is_symlink() or folder.parent.is_symlink():
            return []
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return []


def _is_temporary(name: str) -> bool:
    return name.startswith(PREFIX) and name.endswith(SUFFIX)
