"""Peaks kept on disk: an hour of audio is outlined once, then in an instant.

One file per audio file, named after its path, size and time of change: an edited file never shows
old peaks. The oldest used are removed when the folder outgrows its limit. Nothing in it is needed:
a damaged or missing file only costs a scan.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import logging
import os
import zipfile
from pathlib import Path

import numpy as np

from stylus_daw.atomic import remove_leftovers, write_bytes_atomic
from stylus_ui.drawing.peaks import BASE_BLOCK, Peaks

FOLDER = Path("cache") / "peaks"
CACHE_BYTES = 256 * 2**20
"""About 60 hours of audio."""

_FORMAT = 1

logger = logging.getLogger(__name__)


class PeakCache:
    """Peaks by audio file.

    Args:
        folder: where they are; created when first needed.
        limit_bytes: how much all of them may take.
    """

    def __init__(self, folder: Path, *, limit_bytes: int = CACHE_BYTES) -> None:
        self._folder = folder
        self._limit = limit_bytes

    @classmethod
    def in_home(cls, home: Path) -> PeakCache:
        """The window's, in the state folder."""
        return cls(home / FOLDER)

    def load(self, audio: Path) -> Peaks | None:
        """The peaks of the file as it is now; None if they must be computed."""
        kept = self._place(audio)
        try:
            with kept.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
                rate, frames = (int(value) for value in stored["shape"])
                base = stored["base"]
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None
        if base.dtype != np.float16 or base.shape != (3, -(-frames // BASE_BLOCK)):
            return None
        with contextlib.suppress(OSError):
            os.utime(kept)
        return Peaks.from_base(base, rate=rate, frames=frames)

    def store(self, audio: Path, peaks: Peaks) -> None:
        """Keep complete peaks. A full or read-only disk is logged: the window works without."""
        content = io.BytesIO()
        np.savez(content, shape=np.array([peaks.rate, peaks.frames], np.int64), base=peaks.base)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            write_bytes_atomic(self._place(audio), content.getvalue())
            self._trim()
        except OSError as error:
            logger.warning("peaks of %s are not kept: %s", audio, error)

    def _place(self, audio: Path) -> Path:
        try:
            status = audio.stat()
            said = f"{_FORMAT}|{audio.resolve()}|{status.st_size}|{status.st_mtime_ns}"
        except OSError:
            said = f"missing|{audio}"
        return self._folder / f"{hashlib.sha256(said.encode('utf-8', 'surrogateescape')).hexdigest()[:32]}.npz"

    def _trim(self) -> None:
        remove_leftovers(self._folder)
        kept = sorted(((path.stat(), path) for path in self._folder.glob("*.npz")), key=lambda pair: pair[0].st_mtime)
        total = sum(status.st_size for status, _ in kept)
        for status, path in kept[:-1]:
            if total <= self._limit:
                return
            path.unlink(missing_ok=True)
            total -= status.st_size
