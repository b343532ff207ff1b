"""Sees which files the window's own code touches on Qt's thread. There it may touch none once it stands."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest
import soundfile

EVENTS = {"open", "os.listdir", "os.scandir", "os.remove", "os.rename", "os.mkdir", "sqlite3.connect"}
CALLS = ("stat", "lstat", "access", "readlink")
WINDOW = f"{os.sep}stylus_ui{os.sep}"
_watches: list[FileWatch] = []


class FileWatch:
    """What was touched since it was made.

    Attributes:
        seen: what was done, to which file, and by which lines of the window.
    """

    def __init__(self) -> None:
        self.seen: list[str] = []
        self._thread = threading.get_ident()

    def note(self, what: str, file: object) -> None:
        """Something is done to a file, on any thread."""
        if threading.get_ident() != self._thread:
            return
        stack = list(_stack(sys._getframe(1)))
        if any("importlib" in frame.f_code.co_filename for frame in stack):  # the first look at a dialog
            return
        own = [frame for frame in stack if WINDOW in frame.f_code.co_filename]
        if own:
            places = " < ".join(f"{one.f_code.co_filename.rsplit(os.sep, 1)[-1]}:{one.f_lineno}" for one in own[:6])
            self.seen.append(f"{what} {file}: {places}")


def _stack(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _heard(event: str, arguments: tuple[Any, ...]) -> None:
    if _watches and event in EVENTS:
        _tell(event, arguments[0])


def _tell(what: str, file: object) -> None:
    for watch in _watches:
        watch.note(what, file)


@contextmanager
def watched_files() -> Iterator[FileWatch]:
    """To be begun on Qt's thread. Python's own calls are seen, and libsndfile's; what Qt reads by itself is not."""
    watch = FileWatch()
    with pytest.MonkeyPatch.context() as patch:
        for name in CALLS:
            patch.setattr(os, name, _telling(name, getattr(os, name)))
        patch.setattr(soundfile, "SoundFile", _TellingSoundFile)
        _watches.append(watch)
        try:
            yield watch
        finally:
            _watches.remove(watch)


def _telling(name: str, call: Any) -> Any:
    def told(*arguments: Any, **words: Any) -> Any:
        _tell(name, arguments[0] if arguments else "")
        return call(*arguments, **words)

    return told


class _TellingSoundFile(soundfile.SoundFile):
    def __init__(self, file: Any, *arguments: Any, **words: Any) -> None:
        _tell("soundfile", file)
        super().__init__(file, *arguments, **words)


sys.addaudithook(_heard)
