"""A share of a long region: what one of several machines hears of it; all shares together are what one would hear."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stylus_daw.errors import EngineError, check_range, quoted

MOST = 256
"""Shares of one region."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One of ``of`` shares of about the same size. ``number`` counts from 0."""

    number: int
    of: int

    def __post_init__(self) -> None:
        check_range("shares", self.of, 1, MOST)
        check_range("share number", self.number, 0, self.of - 1)

    def span(self, count: int) -> range:
        """Which of ``count`` tiles are its own.

        >>> [Share(number=number, of=3).span(7) for number in range(3)]
        [range(0, 2), range(2, 4), range(4, 7)]
        """
        return range(self.number * count // self.of, (self.number + 1) * count // self.of)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shared:
    """The columns of all shares, as one image that is read from their files.

    Attributes:
        parts: transposed, one after the other. Shape: each ``[columns, rows]``.
    """

    parts: tuple[NDArray[np.float32], ...]

    @classmethod
    def of(cls, paths: tuple[Path, ...], *, rows: int) -> Shared:
        """From the files, which stay on the disk.

        Raises:
            EngineError: ``engine.share``: one is missing, or is not a share.
        """
        return cls(parts=tuple(_opened(path, rows) for path in paths))

    @property
    def columns(self) -> int:
        return sum(len(part) for part in self.parts)

    def blocks(self, size: int) -> list[tuple[int, range]]:
        """Part and its columns for each block of at most ``size`` columns, in order; no block spans two parts."""
        return [
            (number, range(first, min(first + size, len(part))))
            for number, part in enumerate(self.parts)
            for first in range(0, len(part), size)
        ]

    def read(self, part: int, columns: range) -> NDArray[np.float32]:
        """Shape: ``[rows, columns]``."""
        return np.ascontiguousarray(self.parts[part][columns.start : columns.stop].T)


def _opened(path: Path, rows: int) -> NDArray[np.float32]:
    try:
        part = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        text = f"The share {quoted(path)} cannot be read: {error}. Render again."
        raise EngineError("engine.share", text) from error
    if part.ndim != 2 or part.shape[1] != rows or part.dtype != np.float32:
        text = f"{quoted(path)} is not a share of {rows} rows, but {part.dtype} {part.shape}. Render again."
        raise EngineError("engine.share", text)
    return part
