"""What a transcriber hears: notes, hits, and how sure it was of every key at every moment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stylus_daw.audio.spool import Spool

LOWEST_PITCH, KEYS = 21, 88
"""A0 to C8, as a piano has them; MIDI numbers."""
HOP_S = 0.01
"""Seconds between two frames; frame ``i`` is about the moment ``i * HOP_S``."""
HEADS = 4
ROWS = HEADS * KEYS + 1
"""Rows of the posteriors: onset, frame, offset and strength of every key, then percussion."""
HEARD_ROWS = ROWS + 1
"""Below the posteriors the level of all bands together, dB re the sound's level: what a share of a sound holds."""
STANDARD_HZ, STANDARD_PITCH = 440.0, 69

Float = NDArray[np.floating]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One note.

    Attributes:
        start_s: its onset, seconds from the sound's first sample.
        end_s: when it is let go.
        pitch: MIDI number in the sound's own tuning (``Transcription.tuning_cents``); 69 is A4; may be fractional.
        strength: 0..1, what a key's velocity is to MIDI (velocity / 127).
    """

    start_s: float
    end_s: float
    pitch: float
    strength: float

    @property
    def seconds(self) -> float:
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One stroke on something without a pitch.

    Attributes:
        start_s: its onset, seconds from the sound's first sample.
        strength: 0..1.
    """

    start_s: float
    strength: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Heard:
    """Posteriors of some consecutive frames, all 0..1. Row ``i`` of ``[keys, frames]`` is MIDI number 21 + i.

    Attributes:
        onset: that a note begins. Shape: ``[88, frames]``.
        frame: that it sounds. Shape: ``[88, frames]``.
        offset: that it is let go. Shape: ``[88, frames]``.
        strength: how strongly it was struck; meaningful where it sounds. Shape: ``[88, frames]``.
        percussion: that a hit begins. Shape: ``[frames]``.
    """

    onset: Float
    frame: Float
    offset: Float
    strength: Float
    percussion: Float

    @classmethod
    def of_rows(cls, rows: Float) -> Heard:
        """From ``[353, frames]``.

        >>> Heard.of_rows(np.zeros((ROWS, 7), np.float32)).offset.shape
        (88, 7)
        """
        onset, frame, offset, strength = rows[: HEADS * KEYS].reshape(HEADS, KEYS, -1)
        return cls(onset=onset, frame=frame, offset=offset, strength=strength, percussion=rows[-1])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Posteriors:
    """Posteriors of a whole sound; memory stays flat, whatever its length.

    Attributes:
        spool: ``[353, frames]``.
    """

    spool: Spool

    @property
    def frames(self) -> int:
        return self.spool.columns

    def read(self, first: int, count: int) -> Heard:
        """``count`` frames from ``first``; zeros outside the sound."""
        rows = np.zeros((ROWS, count), np.float32)
        low, high = max(0, first), min(first + count, self.frames)
        if low < high:
            rows[:, low - first : high - first] = self.spool.read(low, high - low)
        return Heard.of_rows(rows)

    def all(self) -> Heard:
        """All frames in memory: 141 kB a second; for short sounds."""
        return self.read(0, self.frames)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Transcription:
    """What a sound plays.

    Attributes:
        notes: by onset, then by pitch.
        hits: by onset.
        posteriors: how sure all of it is, key by key and frame by frame.
        tuning_cents: how far the sound's keys lie above (A4 = 440 Hz); -50..50.
        seconds: length of the sound.
    """

    notes: tuple[Note, ...]
    hits: tuple[Hit, ...]
    posteriors: Posteriors
    tuning_cents: float
    seconds: float

    def hertz(self, pitch: float) -> float:
        """Fundamental of a pitch in this sound's tuning."""
        return hertz(pitch, tuning_cents=self.tuning_cents)


def hertz(pitch: float, *, tuning_cents: float = 0.0) -> float:
    """Fundamental of a MIDI number.

    >>> hertz(69), hertz(57)
    (440.0, 220.0)
    """
    return STANDARD_HZ * 2.0 ** ((pitch - STANDARD_PITCH + tuning_cents / 100) / 12)
