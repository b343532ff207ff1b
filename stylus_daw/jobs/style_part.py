"""StylePart: the seconds of a style file that are the reference. Pure data."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from stylus_daw.errors import RequestError

LEAST_S = 0.1
"""A shorter part has too few frames to be a style."""
MOST_S = 86_400.0
_WRITTEN = re.compile(r"(?P<file>.+)\[(?P<start>\d+(?:\.\d+)?)-(?P<end>\d+(?:\.\d+)?)\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class StylePart:
    """From ``start_s`` to ``end_s``, seconds from the beginning of the file.

    Raises:
        RequestError: ``style.part``: not a part of at least 0.1 s.

    >>> StylePart(start_s=1.5, end_s=4)
    StylePart(start_s=1.5, end_s=4)
    >>> StylePart(start_s=4, end_s=1.5)
    Traceback (most recent call last):
    stylus_daw.errors.RequestError: The part 4-1.5 s of a style is too short; allowed: from 0.1 s.
    """

    start_s: float
    end_s: float

    def __post_init__(self) -> None:
        numbers = (self.start_s, self.end_s)
        if not all(isinstance(one, int | float) and math.isfinite(one) and 0 <= one <= MOST_S for one in numbers):
            said = f"The part {self} of a style reaches beyond 0 to {MOST_S:g} s. Give start and end in seconds."
            raise RequestError("style.part", said)
        if self.end_s - self.start_s < LEAST_S - 1e-9:
            said = f"The part {self} of a style is too short; allowed: from {LEAST_S} s."
            raise RequestError("style.part", said)

    def __str__(self) -> str:
        return f"{self.start_s:g}-{self.end_s:g} s"

    def samples(self, rate: int, frames: int, name: str) -> tuple[int, int]:
        """First sample and length in a file of ``frames`` samples at ``rate``; a hundredth beyond the end is forgiven.

        Raises:
            RequestError: ``style.part``: it reaches beyond the file. ``name`` is the file's, for the message.

        >>> StylePart(start_s=0.5, end_s=1).samples(48_000, 96_000, "choir.wav")
        (24000, 24000)
        """
        if self.end_s > frames / rate + 0.01:
            end_s = frames / rate
            said = f"The part {self} of {name} reaches beyond its end at {end_s:.3g} s. Choose a part before that."
            raise RequestError("style.part", said)
        first = round(self.start_s * rate)
        return first, max(1, min(round(self.end_s * rate), frames) - first)


def part_in(written: str) -> tuple[str, StylePart | None]:
    """The file and its part of ``FILE[START-END]``; what ends otherwise is a file.

    >>> part_in("choir.wav[1.5-4.0]"), part_in("choir.wav")
    (('choir.wav', StylePart(start_s=1.5, end_s=4.0)), ('choir.wav', None))

    Raises:
        RequestError: ``style.part``: it ends before it begins.
    """
    found = _WRITTEN.fullmatch(written)
    if found is None:
        return written, None
    return found["file"], StylePart(start_s=float(found["start"]), end_s=float(found["end"]))
