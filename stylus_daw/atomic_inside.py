"""Writing into a folder that others may write to as well: a link in it is replaced, and never followed out of it.

On Linux and macOS the folder is opened once, and every step names files relative to that open folder, so that
nothing that is swapped meanwhile can redirect a write. Windows has no such calls: there, the folder is checked for
being a link or a junction before the write.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from stylus_daw.atomic import PREFIX, SUFFIX, publish

_HAS_FOLDER_HANDLES = os.open in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW")
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


@contextlib.contextmanager
def replacing_inside(path: Path) -> Iterator[BinaryIO]:
    """A stream whose content becomes ``path`` when the block ends without an error; the file lies in ``path.parent``.

    A link of that name is replaced. On any error the temporary file is removed and ``path`` is as before.

    Raises:
        OSError: the folder is a link, missing, read-only or full; ``path`` is a folder or in use.
    """
    with _opened_folder(path.parent) as folder:
        temp = _named(path.parent, folder, f"{PREFIX}{secrets.token_hex(8)}{SUFFIX}")
        try:
            with os.fdopen(os.open(temp, _NEW, 0o666, dir_fd=folder), "wb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            publish(temp, _named(path.parent, folder, path.name), folder)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temp, dir_fd=folder)
            raise
        if folder is not None:
            with contextlib.suppress(OSError):
                os.fsync(folder)


def write_text_inside(path: Path, text: str) -> None:
    """Make ``path`` hold ``text`` as UTF-8, whole or not at all; see :func:`replacing_inside`."""
    with replacing_inside(path) as stream:
        stream.write(text.encode("utf-8", "replace"))  # half a character would be nobody's fault here


def is_link(path: Path) -> bool:
    """A symbolic link, or one of Windows' junctions."""
    return path.is_symlink() or bool(getattr(os.path, "isjunction", lambda _: False)(path))


@contextlib.contextmanager
def _opened_folder(folder: Path) -> Iterator[int | None]:
    if not _HAS_FOLDER_HANDLES:
        if is_link(folder):
            raise NotADirectoryError(errno.ENOTDIR, "a link in place of the folder", str(folder))
        yield None
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        yield handle
    finally:
        os.close(handle)


def _named(folder: Path, handle: int | None, name: str) -> str:
    """How a file of the folder is named: by its bare name where the folder is open."""
    return str(folder / name) if handle is None else name
