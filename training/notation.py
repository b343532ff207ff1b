"""A short way to write music: lines of words, one word for each chord or rest.

A line is a row of ``pitches:beats@velocity``: ``A3+C4+E4:2@70`` is a chord of two beats, ``-:1`` a
rest, a missing velocity repeats the one before. Lines sound together. Drums have names: ``kick+hat:0.5@96``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from training.compose import CRASH, HAT, KICK, OPEN_HAT, RIDE, SNARE, TOMS

SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11, "#": 1, "b": -1}
DRUMS = {
    "kick": KICK,
    "snare": SNARE,
    "hat": HAT,
    "open": OPEN_HAT,
    "crash": CRASH,
    "ride": RIDE,
    **{f"tom{number}": key for number, key in enumerate(TOMS, 1)},
}
"""General MIDI keys; ``open`` is the open hat, ``tom1`` the lowest tom."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Notes that start together. ``beat`` and ``beats`` in quarters, ``pitches`` as MIDI numbers."""

    beat: float
    beats: float
    pitches: tuple[int, ...]
    velocity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One style.

    Attributes:
        style: file name without suffix.
        title: what plays.
        program: General MIDI program, from 0; a kit, if ``is_drums``.
        bpm: quarters per minute.
        lines: what is played, in the notation above.
        legato: how much of its written length a note sounds.
        is_drums: whether a kit plays.
        loose_ms: standard deviation of the notes from their written time.
    """

    style: str
    title: str
    program: int
    bpm: float
    lines: tuple[str, ...]
    legato: float = 0.97
    is_drums: bool = False
    loose_ms: float = 5.0

    @property
    def events(self) -> tuple[Event, ...]:
        return tuple(event for line in self.lines for event in read_line(line))

    @property
    def beats(self) -> float:
        return max(event.beat + event.beats for event in self.events)


def midi(name: str) -> int:
    """The MIDI number of a note or a drum.

    >>> midi("C4"), midi("Bb2"), midi("kick")
    (60, 46, 36)
    """
    if name in DRUMS:
        return DRUMS[name]
    letters, octave = name[:-1], int(name[-1])
    return 12 * (octave + 1) + sum(SEMITONES[letter] for letter in letters)


def read_line(line: str) -> list[Event]:
    """A written line as events.

    >>> read_line("C4+E4:1@70 -:1 G4:2")[1]
    Event(beat=2.0, beats=2.0, pitches=(67,), velocity=70)
    """
    events, beat, velocity = [], 0.0, 80
    for word in line.split():
        written = re.fullmatch(r"([^:]+):([\d.]+)(?:@(\d+))?", word)
        if written is None:
            raise ValueError(f"cannot read {word!r}; write pitches:beats@velocity")
        beats, velocity = float(written[2]), int(written[3] or velocity)
        if written[1] != "-":
            pitches = tuple(midi(name) for name in written[1].split("+"))
            events.append(Event(beat=beat, beats=beats, pitches=pitches, velocity=velocity))
        beat += beats
    return events
