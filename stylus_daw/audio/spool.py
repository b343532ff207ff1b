"""Spools: arrays too long for memory, kept in a file that does not survive a crash.

A spool stays in memory while it is small. Beyond that it becomes a file without a name (on Windows: one
that the system deletes with the process). Success, failure, cancel and a killed process all remove it.
"""

from __future__ import annotations

import contextlib
import errno
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stylus_daw.atomic import PREFIX, SUFFIX, remove_leftovers
from stylus_daw.audio.clip import Samples
from stylus_daw.errors import DISK_FULL, AudioFileError

MEMORY_BYTES = 32 << 20  # bytes, 90 s of stereo at 48 kHz: usual regions stay in memory (`bench/speed/memory.md`)
LEFTOVER_S = 60.0  # s: younger files may belong to a process that is just starting
_NUMBER = np.dtype("<f4")  # the same file on every machine
_FULL = (*DISK_FULL, errno.EFBIG)

Rows = NDArray[np.float32]


class Spool:
    """Columns that are appended once and read anywhere, any number of times. Shape: ``[rows, columns]``, float32.

    >>> with Scratch().spool(2) as spool:
    ...     spool.append(np.array([[1, 2, 3], [4, 5, 6]], np.float32))
    ...     spool.read(1, 2).tolist()
    [[2.0, 3.0], [5.0, 6.0]]
    """

    def __init__(self, rows: int, scratch: Scratch) -> None:
        self.rows, self.columns = rows, 0
        self._scratch = scratch
        folder = None if scratch.folder is None else str(scratch.folder)
        self._file = tempfile.SpooledTemporaryFile(  # noqa: SIM115 - close() closes it
            max_size=scratch.memory_bytes, dir=folder, prefix=PREFIX, suffix=SUFFIX
        )
        self._ended = weakref.finalize(self, self._file.close)

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def shape(self) -> tuple[int, int]:
        return self.rows, self.columns

    def __getitem__(self, key: tuple[slice, slice]) -> Rows:
        """``spool[:, first:last]``, as :class:`~stylus_daw.audio.columns.Columns` asks. Shape: ``[rows, columns]``."""
        rows, columns = key
        first, last, step = columns.indices(self.columns)
        if rows != slice(None) or step != 1:
            raise IndexError("a spool gives whole columns: spool[:, first:last]")
        return self.read(first, max(0, last - first))

    @property
    def nbytes(self) -> int:
        return self.rows * self.columns * _NUMBER.itemsize

    @property
    def is_in_memory(self) -> bool:
        return self.nbytes <= self._scratch.memory_bytes

    def append(self, block: Rows) -> None:
        """Add columns at the end. Shape: ``[rows, any]``.

        Raises:
            AudioFileError: the disk is full or cannot be written to.
        """
        with self._scratch.guarded(self.nbytes + block.size * _NUMBER.itemsize):
            self._file.seek(self.nbytes)
            self._file.write(np.ascontiguousarray(block.T, dtype=_NUMBER).data)
        self.columns += block.shape[1]

    def read(self, first: int, count: int) -> Rows:
        """``count`` columns from ``first``, which must exist. Shape: ``[rows, count]``."""
        if first < 0 or first + count > self.columns:
            raise ValueError(f"columns {first} to {first + count} of {self.columns}")
        interleaved = np.empty((count, self.rows), _NUMBER)
        self._file.seek(first * self.rows * _NUMBER.itemsize)
        self._file.readinto(interleaved.data.cast("B"))
        return np.ascontiguousarray(interleaved.T, dtype=np.float32)

    def close(self) -> None:
        """Free memory and disk. Happens by itself when the spool is garbage-collected; safe to call twice."""
        self._ended()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpooledSound:
    """A spool of samples as a sound."""

    spool: Spool
    rate: int
    start: int

    @property
    def channels(self) -> int:
        return self.spool.rows

    @property
    def length(self) -> int:
        return self.spool.columns

    def read(self, first: int, count: int) -> Samples:
        """Shape: ``[channels, count]``."""
        return self.spool.read(first, count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scratch:
    """Where spools are stored.

    Attributes:
        folder: on the disk, created when needed. None: the system's folder for temporary files.
        memory_bytes: up to this size a spool stays in memory.
    """

    folder: Path | None = None
    memory_bytes: int = MEMORY_BYTES

    def spool(self, rows: int) -> Spool:
        """An empty spool."""
        return Spool(rows, self)

    def require(self, spools: list[int]) -> None:
        """Raise an error if the spools will not fit on the disk, before any work begins.

        Args:
            spools: bytes of each spool that will be needed at once.

        Raises:
            AudioFileError: ``audio.space``; it names what is needed and what is free.
        """
        needed = sum(size for size in spools if size > self.memory_bytes)
        if not needed:
            return
        with self.guarded(needed):
            free = shutil.disk_usage(self._place()).free
        if free < needed:
            raise AudioFileError("audio.space", self._no_space(needed, f"{free:,} are free"))

    def remove_leftovers(self) -> int:
        """Delete what a power cut left behind (nothing else leaves files); returns the number of files."""
        if self.folder is None or not self.folder.is_dir():
            return 0
        return remove_leftovers(self.folder, older_than_s=LEFTOVER_S)

    @contextlib.contextmanager
    def guarded(self, size: int) -> Iterator[None]:
        """Converts disk errors to AudioFileError, and creates the folder before a spool of ``size`` needs it."""
        try:
            if size > self.memory_bytes:
                self._place()
            yield
        except OSError as error:
            if error.errno in _FULL:
                raise AudioFileError("audio.space", self._no_space(size, "the disk is full")) from error
            text = (
                f"Temporary audio cannot be written to '{self._named()}': {error.strerror or error}. "
                "Set STYLUS_HOME to a writable folder."
            )
            raise AudioFileError("audio.space", text) from error

    def _place(self) -> Path:
        if self.folder is None:
            return Path(tempfile.gettempdir())
        self.folder.mkdir(parents=True, exist_ok=True)
        return self.folder

    def _named(self) -> str:
        return str(self.folder or tempfile.gettempdir())

    def _no_space(self, needed: int, free: str) -> str:
        return (
            f"This render needs {needed:,} bytes of temporary space in '{self._named()}'; {free}. Free some space "
            "there, choose a shorter region, or set STYLUS_HOME to a folder on another disk."
        )
