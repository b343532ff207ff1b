"""A file as the content of the workspace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stylus_daw.audio.files import AudioInfo, ShortFileError, probe, shortage
from stylus_daw.errors import StylusError
from stylus_ui.workspace.workpiece import Content


def content_of(path: Path) -> Content:
    """The content that a file holds, read from its header.

    Raises:
        AudioFileError: it cannot be read.
    """
    return _content(path, probe(path))


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A file that cannot be rendered, and why."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SortedOut:
    """Several files: the first that can be read as content, the further ones, and those that cannot be read.

    Attributes:
        short: of the good ones, what is to be told of those that break off.
    """

    content: Content
    more: tuple[Path, ...] = ()
    refused: tuple[Refused, ...] = ()
    short: tuple[ShortFileError, ...] = ()


def sorted_out(paths: Sequence[Path]) -> SortedOut:
    """Look into each file's header. Takes a moment for many: call it away from the window's thread.

    Raises:
        AudioFileError: none can be read; the first one's reason.
    """
    good: list[Content] = []
    short: list[ShortFileError] = []
    refused: list[Refused] = []
    first: StylusError | None = None
    for path in paths:
        try:
            about = probe(path)
            good.append(_content(path, about))
            short += [told] if (told := shortage(path, about)) else []
        except StylusError as error:
            first = first or error
            refused.append(Refused(path=path, reason=error.message))
    if not good:
        raise first or ValueError("no files")
    more = tuple(content.path for content in good[1:])
    return SortedOut(content=good[0], more=more, refused=tuple(refused), short=tuple(short))


def _content(path: Path, about: AudioInfo) -> Content:
    return Content(
        path=path, rate=about.rate, channels=about.channels, frames=about.frames, position=about.time_reference or 0
    )
