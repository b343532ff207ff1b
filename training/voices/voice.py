"""Voice: who plays, as a few numbers; and which voices no training may hear."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

# Never used in training, in any soundfont: the benchmark plays these.
HELD_OUT_PROGRAMS = (4, 11, 19, 22, 24, 30, 33, 38, 41, 45, 46, 52, 56, 60, 66, 71, 73, 81, 88, 104, 108, 114)
HELD_OUT_KITS = (24,)
TRAIN_PROGRAMS = tuple(p for p in range(112) if p not in HELD_OUT_PROGRAMS)
KITS = (0, 8, 16, 25, 32, 40, 48)
HELD_OUT_EVERY = 16
"""Of the models' seeds every one that this divides is held out."""


class Model(IntEnum):
    """Synthesisers whose patches are drawn by a seed; they stand in the place of a soundfont's index."""

    WAVETABLE = -1
    MODAL = -2
    VITAL = -3
    FAUST = -4


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Who plays.

    Attributes:
        font: index of the soundfont, or a ``Model``.
        program: General MIDI program, or the patch's seed.
        kit: drum kit of the font; of the first one where a model plays.
        effects: seed of the voice's effects; 0 = none.
        tuning: semitones off concert pitch; soundfonts only.
    """

    font: int
    program: int
    kit: int = 0
    effects: int = 0
    tuning: float = 0.0
