"""BlobStore: files by the hash of their content, in chunks, within a bound."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stylus_daw.farm.errors import FULL, FarmError

CHUNK_BYTES = 4 << 20
"""Bytes that travel at once: few enough to keep every other message waiting for milliseconds only."""
DEFAULT_BYTES = 10 << 30
"""What a worker keeps: some sixteen hours of stereo at 48 kHz."""
_HASH = re.compile("[0-9a-f]{64}")
_UPLOAD = re.compile("[0-9a-f]{1,64}")


class BlobStore:
    """Files under their SHA-256, in one folder. What was used last is kept longest; what is held is never dropped.

    Safe to use from several threads of one process.
    """

    def __init__(self, folder: Path, most_bytes: int = DEFAULT_BYTES) -> None:
        self.folder = folder
        self._most_bytes = most_bytes
        self._held: dict[str, int] = {}
        self._changed = threading.Condition()
        self._made()
        for part in folder.glob("*.part"):  # what a worker that was killed had begun to receive
            part.unlink(missing_ok=True)

    def path(self, sha256: str) -> Path:
        """Where a file is, or would be.

        Raises:
            FarmError: that is not a hash.
        """
        if not _HASH.fullmatch(sha256):
            raise FarmError("farm.transfer", f"{sha256[:80]!r} is not the hash of a file.")
        return self.folder / sha256

    def has(self, sha256: str) -> bool:
        return self.path(sha256).exists()

    def wait_for(self, sha256: str, timeout_s: float) -> bool:
        """Whether the file is here, within the time."""
        with self._changed:
            return self._changed.wait_for(lambda: self.has(sha256), timeout_s)

    def put(self, upload: str, sha256: str, offset: int, content: bytes, *, is_last: bool) -> None:
        """One chunk, in order; after the last one the file is checked and there.

        Args:
            upload: who sends: two senders do not mix.
            sha256: of the whole file.
            offset: of the chunk.
            content: the chunk.
            is_last: nothing follows.

        Raises:
            FarmError: a chunk is missing, the content is another one, or the disk refuses.
        """
        if not _UPLOAD.fullmatch(upload):
            raise FarmError("farm.transfer", f"{upload[:80]!r} does not name an upload.")
        part = self.path(sha256).with_name(f"{sha256}-{upload}.part")
        try:
            self._made()
            with part.open("r+b" if offset else "wb") as stream:
                if stream.seek(0, os.SEEK_END) != offset:
                    raise FarmError("farm.transfer", f"A chunk of {sha256[:12]} is missing before byte {offset:,}.")
                stream.write(content)
            if is_last:
                self._accept(part, sha256)
        except OSError as error:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            raise FarmError(FULL, f"The worker cannot keep a file: {error}. Free some space on it.") from error

    def add(self, source: Path) -> tuple[str, int]:
        """Take over a file of our own; gives its hash and its size."""
        with source.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        size = source.stat().st_size
        self._made()
        source.replace(self.path(sha256))
        self._bounded()
        return sha256, size

    def get(self, sha256: str, offset: int, count: int) -> bytes:
        """A chunk.

        Raises:
            FarmError: the file is not here any more.
        """
        try:
            with self.path(sha256).open("rb") as stream:
                stream.seek(offset)
                return stream.read(min(count, CHUNK_BYTES))
        except OSError as error:
            raise FarmError("farm.transfer", f"The worker has lost the file {sha256[:12]}: {error}.") from error

    @contextmanager
    def held(self, *hashes: str) -> Iterator[None]:
        """These files stay within the block."""
        with self._changed:
            for sha256 in hashes:
                self._held[sha256] = self._held.get(sha256, 0) + 1
        try:
            yield
        finally:
            with self._changed:
                for sha256 in hashes:
                    self._held[sha256] -= 1

    def _made(self) -> None:
        """The folder may have gone since the start: a cleaner of temporary files, a person."""
        self.folder.mkdir(parents=True, exist_ok=True)

    def _accept(self, part: Path, sha256: str) -> None:
        with part.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
        if found != sha256:
            part.unlink(missing_ok=True)
            raise FarmError("farm.transfer", f"The file {sha256[:12]} arrived as {found[:12]}. Send it again.")
        with self._changed:
            part.replace(self.path(sha256))
            self._changed.notify_all()
        self._bounded()

    def _bounded(self) -> None:
        with self._changed:
            files = sorted((path for path in self.folder.iterdir() if _HASH.fullmatch(path.name)), key=_last_used)
            total = sum(path.stat().st_size for path in files)
            for path in files[:-1]:  # the newest has just come
                if total <= self._most_bytes:
                    break
                if not self._held.get(path.name):
                    total -= path.stat().st_size
                    path.unlink(missing_ok=True)


@contextmanager
def laid_out(store: BlobStore, files: dict[str, tuple[str, str]]) -> Iterator[dict[str, Path]]:
    """Files of the store under their own names, each in a folder of its own, for the block.

    Args:
        store: has them all.
        files: hash and name, by what the caller calls the file.
    """
    place = store.folder.parent / "jobs" / secrets.token_hex(8)
    try:
        yield {
            role: _linked(store.path(sha256), place / str(number) / Path(name).name)
            for number, (role, (sha256, name)) in enumerate(files.items())
        }
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _linked(blob: Path, path: Path) -> Path:
    path.parent.mkdir(parents=True)
    with contextlib.suppress(OSError):
        os.utime(blob)  # used now
    try:
        os.link(blob, path)
    except OSError:  # exFAT has no links
        shutil.copyfile(blob, path)
    return path


def _last_used(path: Path) -> float:
    with contextlib.suppress(OSError):
        return path.stat().st_mtime
    return 0.0
