"""A file as the content of the workspace."""

from __future__ import annotations

from pathlib import Path

from stylus_daw.audio.files import probe
from stylus_ui.workspace.workpiece import Content


def content_of(path: Path) -> Content:
    """The content that a file holds, read from its header.

    Raises:
        AudioFileError: it cannot be read.
    """
    about = probe(path)
    return Content(
        path=path, rate=about.rate, channels=about.channels, frames=about.frames, position=about.time_reference or 0
    )
