"""Folders that a user names for results."""

from __future__ import annotations

from pathlib import Path

from stylus_daw.errors import RequestError, quoted


def made_folder(folder: Path, *, code: str, instead: str) -> Path:
    """The folder. One that is missing is made, but not those above it: they are mistyped.

    Args:
        folder: as it was named.
        code: of the error.
        instead: what else can be named, as ``another --out-dir``.

    Raises:
        RequestError: it cannot be made, or a file is in its place.
    """
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        text = f"{quoted(folder)} cannot be used: {error.strerror}. Make it first, or name {instead}."
        raise RequestError(code, text) from error
    return folder
