"""AuditionPlayer: what panels may ask of the sound output, as a Protocol. No Qt."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Protocol

from stylus_daw.jobs.style_part import StylePart
from stylus_ui.state.observable import Property


class Side(StrEnum):
    """What is heard."""

    ORIGINAL = "original"
    RESULT = "result"
    DIFFERENCE = "difference"


class AuditionPlayer(Protocol):
    """Plays the workspace's sound and short previews. Its properties change on the window's thread.

    Attributes:
        device: name of the output; empty: there is none and nothing can be played.
        playing: whether the workspace's sound runs.
        side: which of the three is heard; switching never moves the playhead.
        loop: whether it starts again at its end.
        position_s: playhead, seconds from the beginning of the content.
        previewing: the file that `preview` plays now.
    """

    device: Property[str]
    playing: Property[bool]
    side: Property[Side]
    loop: Property[bool]
    position_s: Property[float]
    previewing: Property[Path | None]

    def play(self) -> None: ...
    def pause(self) -> None: ...
    def seek(self, seconds: float) -> None: ...

    def preview(self, path: Path, part: StylePart | None = None) -> None:
        """Play a file (a style, a preset's demo) or a part of it; the workspace's sound is paused."""
        ...

    def stop_preview(self) -> None: ...
    def close(self) -> None: ...
