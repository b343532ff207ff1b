"""Shortfall: how much of a file is there, where it breaks off. It is used as far as it goes, and that is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stylus_daw.errors import AudioFileError


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """A file that breaks off.

    Attributes:
        holds_s: seconds that can be used.
        announced_s: seconds that it should have; None: it does not say, but ends within a packet.
    """

    holds_s: float
    announced_s: float | None = None

    @classmethod
    def of(cls, raw: Mapping[str, Any] | None) -> Shortfall | None:
        """From what ``dataclasses.asdict`` gave."""
        return cls(**raw) if raw else None

    def said(self, file: str) -> str:
        """Told in two sentences.

        >>> Shortfall(holds_s=2, announced_s=4).said("'a.wav'")[:71]
        "'a.wav' breaks off: its header announces 4.00 s, and it holds 2.00 s. O"
        """
        if self.announced_s is None:
            said = f"its last packet, after {self.holds_s:,.2f} s, is incomplete. Only what is before it is"
        else:
            said = f"its header announces {self.announced_s:,.2f} s, and it holds {self.holds_s:,.2f} s. Only these are"
        return f"{file} breaks off: {said} used. Export or copy it again if more should be there."


class ShortFileError(AudioFileError):
    """A file that breaks off, as something to tell: nothing keeps it from being used (``audio.short``)."""

    def __init__(self, path: Path, shortfall: Shortfall) -> None:
        super().__init__("audio.short", shortfall.said(f"'{path}'"))
        self.path, self.shortfall = path, shortfall
