"""Writing files so that nobody ever sees half of one.

The bytes go to a hidden temporary file in the same folder, are forced to the disk, and only then
take the final name in one step (``os.replace``). A crash, a full disk or a pulled plug leaves the
old file, or none; at worst a ``.stylus-….tmp`` stays behind, for :func:`remove_leftovers`.

Everything here raises plain ``OSError``: the caller knows what the file was for and says so.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import secrets
import time
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import BinaryIO

PREFIX, SUFFIX = ".stylus-", ".tmp"
_SWAP_ATTEMPTS, _SWAP_PAUSE_S = 20, 0.05  # times and s: a virus scanner on Windows lets go within a second
_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)  # of disks such as FAT
_REPLACES: ContextVar[bool] = ContextVar("replaces", default=True)

logger = logging.getLogger(__name__)


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A stream whose content becomes ``path`` when the block ends without an error.

    A symbolic link is followed, so that the link stays a link. On any error, ``KeyboardInterrupt``
    included, the temporary file is removed and ``path`` is as before.

    Raises:
        OSError: the folder is missing, read-only or full; ``path`` is a folder or in use.
        FileExistsError: ``path`` is there, within :func:`nothing_replaced`.
    """
    target = Path(os.path.realpath(path))
    temp = target.parent / f"{PREFIX}{secrets.token_hex(8)}{SUFFIX}"
    try:
        with temp.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        publish(str(temp), str(target))
    except BaseException:
        with contextlib.suppress(OSError):
            temp.unlink()
        raise
    _sync_folder(target.parent)


@contextlib.contextmanager
def nothing_replaced() -> Iterator[None]:
    """Within the block, :func:`publish` of this thread makes new files only, even if another process is as quick."""
    before = _REPLACES.set(False)
    try:
        yield
    finally:
        _REPLACES.reset(before)


def write_bytes_atomic(path: Path, content: bytes) -> None:
    """Make ``path`` hold ``content``, whole or not at all.

    Raises:
        OSError: see :func:`replacing`.
    """
    with replacing(path) as stream:
        stream.write(content)


def write_text_atomic(path: Path, text: str) -> None:
    """Make ``path`` hold ``text`` as UTF-8 (line ends as they are), whole or not at all.

    Bytes of a file's name that are not UTF-8 are written as ``\\udcff``, which JSON reads as they were.

    Raises:
        OSError: see :func:`replacing`.
    """
    write_bytes_atomic(path, text.encode("utf-8", "backslashreplace"))


def remove_leftovers(folder: Path, *, older_than_s: float = 3600) -> int:
    """Delete temporary files that a killed process left in ``folder``; returns their number.

    Younger files are kept: another process may be writing them.
    """
    removed = 0
    for temp in folder.glob(f"{PREFIX}*{SUFFIX}"):
        with contextlib.suppress(OSError):
            if time.time() - temp.stat().st_mtime >= older_than_s:
                temp.unlink()
                removed += 1
                logger.info("removed leftover %s", temp)
    return removed


def publish(temp: str, target: str, folder: int | None = None) -> None:
    """Give ``temp`` its final name, in an open folder if one is given.

    Raises:
        FileExistsError: something has that name, within :func:`nothing_replaced`.
    """
    (swap if _REPLACES.get() else _publish_new)(temp, target, folder)


def swap(temp: str, target: str, folder: int | None = None) -> None:
    """``os.replace``, in an open folder if one is given; on Windows it waits up to a second for readers."""
    for attempt in range(_SWAP_ATTEMPTS):
        try:
            os.replace(temp, target, src_dir_fd=folder, dst_dir_fd=folder)
            return
        except PermissionError:
            if os.name != "nt" or attempt == _SWAP_ATTEMPTS - 1:
                raise
            time.sleep(_SWAP_PAUSE_S)


def _publish_new(temp: str, target: str, folder: int | None) -> None:
    """Give ``temp`` the name ``target`` if nothing has it. Where there are no hard links, it is only looked at before.

    Raises:
        FileExistsError: something has that name.
    """
    if os.name == "nt":
        os.rename(temp, target)  # noqa: PTH104 (refuses there what is taken)
        return
    try:
        os.link(temp, target, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        with contextlib.suppress(FileNotFoundError):
            os.stat(target, dir_fd=folder, follow_symlinks=False)
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), target) from error
        swap(temp, target, folder)
    else:
        os.unlink(temp, dir_fd=folder)


def _sync_folder(folder: Path) -> None:
    """Force the new name to the disk, where the system can: Windows and some network shares cannot."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
