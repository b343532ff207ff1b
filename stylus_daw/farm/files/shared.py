"""A folder that two machines see, under whatever path each: nothing travels that lies there."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from stylus_daw.atomic import replacing, write_text_atomic
from stylus_daw.errors import AudioFileError, unwritable
from stylus_daw.farm.errors import FarmRefusedError
from stylus_daw.jobs.fingerprint import content_hash

FOLDER = ".stylus-farm"
_PROBE = re.compile(r"probe-[0-9a-f]{32}")


class SharedFolder:
    """One machine's view of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def probed(self) -> Iterator[str]:
        """A file with a name that nobody can guess, for the block: whoever sees it sees this folder.

        Raises:
            FarmRefusedError: the folder cannot be written.
        """
        probe = self.folder / FOLDER / f"probe-{secrets.token_hex(16)}"
        try:
            probe.parent.mkdir(exist_ok=True)
            write_text_atomic(probe, "stylus-daw looks whether two machines see this folder.\n")
        except OSError as error:
            raise FarmRefusedError(
                "farm.shared", f"The shared folder cannot be written: {unwritable(error)}"
            ) from error
        try:
            yield probe.name
        finally:
            with suppress(OSError):
                probe.unlink()

    def sees(self, probe: str) -> bool:
        return bool(_PROBE.fullmatch(probe)) and (self.folder / FOLDER / probe).is_file()

    def found(self, below: str, sha256: str) -> Path | None:
        """The file at a path below the folder, if it is there and is that file."""
        if not below or PurePosixPath(below).is_absolute() or ".." in PurePosixPath(below).parts:
            return None
        path = self.folder / below
        try:
            return path if path.is_file() and content_hash(path) == sha256 else None
        except AudioFileError:
            return None

    def offer(self, path: Path, key: str) -> str:
        """A copy of a file for the other machine; gives its path below the folder, empty where there is no room."""
        below = f"{FOLDER}/{key}-{secrets.token_hex(4)}.wav"
        try:
            with path.open("rb") as source, replacing(self.folder / below) as target:
                shutil.copyfileobj(source, target)
        except OSError:
            return ""
        return below

    def take(self, below: str) -> Path | None:
        """What the other machine has offered."""
        path = self.folder / below
        return path if below.startswith(f"{FOLDER}/") and ".." not in below and os.path.lexists(path) else None
