"""Rows of the page, and what a process holds."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
MIB = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the page. ``holds`` None: nothing was promised."""

    question: str
    goal: str
    measured: str
    holds: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What a process holds at a moment: resident bytes, open handles, threads."""

    memory: int
    handles: int
    threads: int


def holding_of(pid: int) -> Holding:
    """What ``/proc`` says (Linux)."""
    place = Path(f"/proc/{pid}")
    return Holding(
        memory=int((place / "statm").read_text("ascii").split()[1]) * PAGE_BYTES,
        handles=len(list((place / "fd").iterdir())),
        threads=len(list((place / "task").iterdir())),
    )


def percentile(values: list[float], share: float) -> float:
    """The value that ``share`` of all do not exceed.

    >>> percentile([3.0, 1.0, 2.0, 4.0], 0.5)
    3.0
    """
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def bytes_in(folder: Path, pattern: str) -> int:
    """The size of all files of a folder whose names match."""
    return sum(path.stat().st_size for path in folder.glob(pattern))
