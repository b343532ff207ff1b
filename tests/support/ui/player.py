"""A sound output without sound, for tests of what asks it to play: an `AuditionPlayer`."""

from __future__ import annotations

from pathlib import Path

from stylus_daw.jobs.style_part import StylePart
from stylus_ui.state.observable import Property
from stylus_ui.state.player import Side


class SilentPlayer:
    """Remembers what it was asked for; ``parts``: those of the previews."""

    def __init__(self, device: str = "Speakers") -> None:
        self.device = Property(device)
        self.playing, self.loop = Property(False), Property(False)
        self.side = Property(Side.ORIGINAL)
        self.position_s = Property(0.0)
        self.previewing: Property[Path | None] = Property(None)
        self.parts: list[StylePart | None] = []

    def play(self) -> None:
        self.playing.value = True

    def pause(self) -> None:
        self.playing.value = False

    def seek(self, seconds: float) -> None:
        self.position_s.value = seconds

    def preview(self, path: Path, part: StylePart | None = None) -> None:
        self.parts.append(part)
        self.previewing.value = path

    def stop_preview(self) -> None:
        self.previewing.value = None

    def close(self) -> None:
        self.stop_preview()
