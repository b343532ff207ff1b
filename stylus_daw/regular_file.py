"""Files of others: opened once and checked on the handle. A folder, a pipe or a device could block or never end.

Everything here raises plain ``OSError``: the caller knows what the file was for and says so.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from io import BufferedReader
from pathlib import Path

_REFUSES_LINKS: ContextVar[bool] = ContextVar("refuses_links", default=False)


class NotRegularError(OSError):
    """A folder, a pipe, a socket or a device is there."""


class LedElsewhereError(NotRegularError):
    """A link leads to the file, where none may."""


class TooLargeError(OSError):
    """The file has more bytes than such a file may have."""


def open_regular(path: Path) -> BufferedReader:
    """The file, open for reading from its first byte. Never waits, not even for a pipe without a writer.

    Raises:
        OSError: missing, not permitted, or :class:`NotRegularError`.
    """
    stream = open(path, "rb", opener=_without_waiting)  # noqa: SIM115 (Path.open takes no opener)
    if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
        stream.close()
        raise NotRegularError(errno.EINVAL, "not a regular file", str(path))
    if _REFUSES_LINKS.get() and not _is_at(stream, path):
        stream.close()
        raise LedElsewhereError(errno.ELOOP, "a link leads to it", str(path))
    return stream


@contextmanager
def links_refused() -> Iterator[None]:
    """Within the block, this thread opens only files that lie where their path says, without a link on the way.

    It is checked on the open file, so a link that is put there between a check and the opening is found, too. A hard
    link cannot be told from the file: it is the file.
    """
    before = _REFUSES_LINKS.set(True)
    try:
        yield
    finally:
        _REFUSES_LINKS.reset(before)


def read_regular(path: Path, most_bytes: int) -> bytes:
    """The whole content of a file of at most ``most_bytes``; no more is ever read, even if it grows meanwhile.

    Raises:
        OSError: see :func:`open_regular`; :class:`TooLargeError`.
    """
    with open_regular(path) as stream:
        content = stream.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise TooLargeError(errno.EFBIG, f"more than {most_bytes:,} bytes", str(path))
    return content


def is_regular_file(path: Path) -> bool:
    """A regular file is there, as far as can be seen; a name that no disk can hold, or a locked folder, hides it."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _is_at(stream: BufferedReader, path: Path) -> bool:
    try:
        lies_there = os.path.samestat(os.fstat(stream.fileno()), os.lstat(path))
    except OSError:
        return False
    return lies_there and os.path.realpath(path) == os.path.abspath(path)  # noqa: PTH100 (resolve follows links)


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0))
