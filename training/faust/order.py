"""Order: a note that the process is asked for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One note.

    Attributes:
        text: the Faust program, with sliders ``freq``, ``gain`` and ``gate``.
        values: of its sliders, by name; the others keep what they had, so name them all.
        held, length: samples until the key is let go, and altogether.
        rate: samples per second.
    """

    text: str
    values: dict[str, float]
    held: int
    length: int
    rate: int
