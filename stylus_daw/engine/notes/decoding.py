"""From posteriors to notes and hits: a machine that is fed frames in order, so that any length fits into memory."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from stylus_daw.engine.notes.note import HOP_S, KEYS, LOWEST_PITCH, Float, Heard, Hit, Note

LOOKAHEAD = 2
"""Frames that an onset must be the highest among, on either side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Tuned on held-out voices (``bench.transcriber --tune``); ``config.json`` holds the shipped ones.

    Attributes:
        onset: from here on an onset counts.
        frame: below it a key is silent.
        offset: from here on an end counts, if the key is hardly sounding.
        unstruck: a key that sounds so surely for ``UNSTRUCK_FRAMES`` is a note without an onset.
        percussion: from here on a hit counts.
    """

    onset: float = 0.5
    frame: float = 0.4
    offset: float = 0.5
    unstruck: float = 0.8
    percussion: float = 0.5


PATIENCE = 4
"""Frames of silence after which a note has ended."""
SHORTEST, REPEAT_FRAMES = 3, 4
"""Frames of the shortest note, and between two onsets of one key."""
UNSTRUCK_FRAMES, UNSTRUCK_ONSET = 12, 0.15
"""Frames that a note without a sure onset must sound, and how sure of an onset somewhere among them it must be."""


@dataclass(slots=True)
class Decoder:
    """Feed it blocks of posteriors in order, then ask for ``notes`` and ``hits``.

    Attributes:
        thresholds: what counts.
    """

    thresholds: Thresholds = field(default_factory=Thresholds)
    notes: list[Note] = field(default_factory=list)
    _waiting: Heard | None = None
    _ready: int = 0
    _now: int = 0
    _start: np.ndarray = field(default_factory=lambda: np.full(KEYS, -1))
    _place: np.ndarray = field(default_factory=lambda: np.zeros(KEYS))
    _strength: np.ndarray = field(default_factory=lambda: np.zeros(KEYS))
    _quiet: np.ndarray = field(default_factory=lambda: np.zeros(KEYS, int))
    _run: np.ndarray = field(default_factory=lambda: np.zeros(KEYS, int))
    _likely: np.ndarray = field(default_factory=lambda: np.zeros(KEYS))

    def feed(self, heard: Heard) -> None:
        """The next frames."""
        whole = heard if self._waiting is None else _behind(self._waiting, heard)
        count = whole.frame.shape[1]
        ready = max(self._ready, count - LOOKAHEAD)
        for at in range(self._ready, ready):
            self._frame(whole, at)
        cut = max(0, ready - LOOKAHEAD)
        self._waiting, self._ready = _from(whole, cut), ready - cut

    def finish(self) -> tuple[Note, ...]:
        """All notes, once no more frames come."""
        if self._waiting is not None:
            for at in range(self._ready, self._waiting.frame.shape[1]):
                self._frame(self._waiting, at)
        for key in np.flatnonzero(self._start >= 0):
            self._close(int(key), self._now - int(self._quiet[key]))
        return tuple(sorted(self.notes, key=lambda note: (note.start_s, note.pitch)))

    def _frame(self, heard: Heard, at: int) -> None:
        onset, frame = heard.onset[:, at], heard.frame[:, at]
        struck = _is_peak(heard.onset, at) & (onset >= self.thresholds.onset)
        struck &= (self._start < 0) | (self._now - self._start >= REPEAT_FRAMES)
        self._watch(frame, onset)
        ended = (self._start >= 0) & (self._is_over(frame, heard.offset[:, at]) | struck)
        for key in np.flatnonzero(ended):
            self._close(int(key), self._now if struck[key] else self._now - int(self._quiet[key]) + 1)
        for key in np.flatnonzero(struck):
            self._open(int(key), self._now, _refined(heard.onset[key], at), float(heard.strength[key, at]))
        for key in np.flatnonzero((self._start < 0) & (self._run >= UNSTRUCK_FRAMES) & (self._likely > UNSTRUCK_ONSET)):
            begun = self._now - int(self._run[key]) + 1
            self._open(int(key), begun, 0.0, float(heard.strength[key, at]))
        self._now += 1

    def _watch(self, frame: Float, onset: Float) -> None:
        """Count how long each key has been silent, and surely sounding."""
        self._quiet = np.where(frame < self.thresholds.frame, self._quiet + 1, 0)
        sure = (frame >= self.thresholds.unstruck) & (self._start < 0)
        self._run = np.where(sure, self._run + 1, 0)
        self._likely = np.where(sure, np.maximum(self._likely, onset), onset)

    def _is_over(self, frame: Float, offset: Float) -> np.ndarray:
        ends = (offset >= self.thresholds.offset) & (frame < self.thresholds.frame)
        return (self._quiet >= PATIENCE) | (ends & (self._quiet >= 1))

    def _open(self, key: int, frame: int, beside: float, strength: float) -> None:
        self._start[key], self._place[key], self._strength[key] = frame, frame + beside, strength
        self._quiet[key] = self._run[key] = 0

    def _close(self, key: int, end: int) -> None:
        start, self._start[key] = int(self._start[key]), -1
        if end - start >= SHORTEST:
            note = Note(
                start_s=max(0.0, float(self._place[key]) * HOP_S),
                end_s=end * HOP_S,
                pitch=float(LOWEST_PITCH + key),
                strength=float(np.clip(self._strength[key], 0.0, 1.0)),
            )
            self.notes.append(note)


def hits(percussion: Float, level_db: Float, thresholds: Thresholds) -> tuple[Hit, ...]:
    """Hits where the percussion posterior peaks; a hit's strength is its level beside the loudest one's.

    Args:
        percussion: Shape: ``[frames]``.
        level_db: of the unpitched bands. Shape: ``[frames]``.
        thresholds: what counts.
    """
    padded = np.pad(percussion, LOOKAHEAD)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * LOOKAHEAD + 1)
    is_peak = (percussion >= thresholds.percussion) & (percussion >= windows.max(axis=1))
    places = np.flatnonzero(is_peak & (percussion > windows[:, LOOKAHEAD - 1]))
    if not len(places):
        return ()
    loudness = np.array([level_db[at : at + 4].max() for at in places])
    strength = 10 ** ((loudness - loudness.max()) / 40)  # half the decibels: MIDI's velocity curve
    return tuple(
        Hit(start_s=float(at + _refined(percussion, at)) * HOP_S, strength=float(s))
        for at, s in zip(places, strength, strict=True)
    )


def _is_peak(onset: Float, at: int) -> np.ndarray:
    """Of two equal neighbours the first. Shape: ``[keys]``."""
    before = onset[:, max(0, at - LOOKAHEAD) : at].max(axis=1, initial=-1.0)
    after = onset[:, at + 1 : at + 1 + LOOKAHEAD].max(axis=1, initial=-1.0)
    return (onset[:, at] > before) & (onset[:, at] >= after)


def _refined(row: Float, at: int) -> float:
    """How far beside frame ``at`` the onset lies, -0.5 to 0.5 frames: the centre of the three around the peak."""
    before = float(row[at - 1]) if at > 0 else 0.0
    after = float(row[at + 1]) if at + 1 < len(row) else before
    return float(np.clip((after - before) / (before + float(row[at]) + after), -0.5, 0.5))


def _behind(one: Heard, other: Heard) -> Heard:
    names = Heard.__slots__
    return Heard(**{n: np.concatenate([getattr(one, n), getattr(other, n)], axis=-1) for n in names})


def _from(heard: Heard, first: int) -> Heard:
    return Heard(**{n: getattr(heard, n)[..., first:].copy() for n in Heard.__slots__})
