"""Which files a batch takes: named ones, those of a folder, those that a pattern finds."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from stylus_daw.audio.formats.kinds import FORMATS_SAID, looks_like_audio
from stylus_daw.errors import RequestError, quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file, and the folders between it and the folder that was named; ``.`` where there are none.

    ``complaint`` says why a folder in its place could not be looked into.
    """

    path: Path
    folder: Path = Path()
    complaint: RequestError | None = None


def found_sources(written: Iterable[str], *, recursive: bool, but: Path) -> tuple[Source, ...]:
    """The files of what was written, in order, each once; folders sorted by name.

    Args:
        written: files, folders, or patterns such as ``stems/**/*.wav``.
        recursive: look into the folders' folders, too.
        but: the batch's own folder; what lies in it is left out, except for files that are named.

    Raises:
        RequestError: nothing is there, or nothing that sounds.
    """
    first: dict[str, Source] = {}
    for one in written:
        for source in _sources(one, recursive=recursive, but=but):
            first.setdefault(os.path.realpath(source.path), source)
    return tuple(first.values())


def _sources(written: str, *, recursive: bool, but: Path) -> list[Source]:
    if not written:
        raise RequestError("batch.nothing", "One of the names is empty. Leave it out, or write . for this folder.")
    path = Path(written)
    if path.is_dir():
        _refuse_own(path, but)
        every = list(_in_folder(path, recursive=recursive))
        found = [source for source in every if not _is_inside(source.path, but)]
        if every and not found:
            text = f"All audio in {quoted(written)} lies in the output folder {quoted(but)}, which is left out."
            raise RequestError("batch.folders", f"{text} Name another --out.")
        return found or _nothing(f"{quoted(written)} holds no audio", "" if recursive else " or add --recursive,")
    if path.exists() or not glob.has_magic(written):
        return [Source(path=path)]
    names = sorted(glob.glob(written, recursive=True))  # noqa: PTH207 - Path.glob refuses absolute patterns
    paths = (Path(name) for name in names)
    found = [Source(path=one) for one in paths if one.is_file() and looks_like_audio(one) and not _is_inside(one, but)]
    return found or _nothing(f"{quoted(written)} matches no audio", "")


def _in_folder(folder: Path, *, recursive: bool) -> Iterator[Source]:
    closed: list[OSError] = []
    for place, folders, names in os.walk(folder, onerror=closed.append):
        folders[:] = sorted(name for name in folders if recursive and not name.startswith("."))
        for name in sorted(names):
            path = Path(place) / name
            if looks_like_audio(path) and not name.startswith("."):
                yield Source(path=path, folder=Path(place).relative_to(folder))
    for error in closed:
        text = f"The folder {quoted(error.filename)} cannot be read: {error.strerror}. Change its permissions."
        yield Source(path=Path(error.filename), complaint=RequestError("batch.folder", text))


def _refuse_own(folder: Path, but: Path) -> None:
    if os.path.realpath(folder) == os.path.realpath(but):
        text = (
            f"{quoted(folder)} is both input and output folder: the next run would take its stems. Name another --out."
        )
        raise RequestError("batch.folders", text)


def _is_inside(path: Path, folder: Path) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def _nothing(what: str, also: str) -> list[Source]:
    raise RequestError("batch.nothing", f"{what} ({FORMATS_SAID}). Check the path,{also} or name files.")
