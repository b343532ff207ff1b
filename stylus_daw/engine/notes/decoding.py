"""From posteriors to notes and hits: a machine that is fed frames in order, so that any length fits into memory."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from stylus_daw.engine.notes.note import HOP_S, KEYS, LOWEST_PITCH, Float, Heard, Hit, Note

LOOKAHEAD = 2
"""Frames that an onset must be the highest among, on either side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Chosen on held-out voices (``training.transcriber.thresholds``); ``config.json`` holds the shipped ones.

    Attributes:
        begin: an onset from here on counts where a key was silent and then sounds.
        again: an onset from here on counts even where the key has been sounding.
        frame: below it a key is silent.
        percussion: from here on a hit counts.
    """

    begin: float = 0.15
    again: float = 0.55
    frame: float = 0.6
    percussion: float = 0.45


AHEAD, BEFORE, GAP = 8, 5, 2
"""Frames after an onset that must sound; frames that were silent before it, and how many lie between."""
SOUNDS, WAS_SILENT, FAINT = 0.5, 0.3, 0.25
"""Means of the frame posterior: that a key sounds, that it did not, and the least that any note must have."""
PATIENCE = 3
"""Frames of silence after which a note has ended."""
SHORTEST, REPEAT_FRAMES = 3, 4
"""Frames of the shortest note, and between two onsets of one key."""
NOBODY = -1


@dataclass(slots=True)
class Decoder:
    """Feed it blocks of posteriors in order, then ask for the notes.

    Attributes:
        thresholds: what counts.
        notes: those that have ended so far.
    """

    thresholds: Thresholds = field(default_factory=Thresholds)
    notes: list[Note] = field(default_factory=list)
    _waiting: Heard | None = None
    _ready: int = 0
    _now: int = 0
    _start: np.ndarray = field(default_factory=lambda: np.full(KEYS, NOBODY))
    _place: np.ndarray = field(default_factory=lambda: np.zeros(KEYS))
    _strength: np.ndarray = field(default_factory=lambda: np.zeros(KEYS))
    _quiet: np.ndarray = field(default_factory=lambda: np.zeros(KEYS, int))

    def feed(self, heard: Heard) -> None:
        """The next frames."""
        whole = heard if self._waiting is None else _behind(self._waiting, heard)
        ready = max(self._ready, whole.frame.shape[1] - AHEAD - 1)
        self._frames(whole, ready)
        cut = max(0, ready - BEFORE - GAP)
        self._waiting, self._ready = _from(whole, cut), ready - cut

    def finish(self) -> tuple[Note, ...]:
        """All notes, once no more frames come."""
        if self._waiting is not None:
            self._frames(self._waiting, self._waiting.frame.shape[1])
        for key in np.flatnonzero(self._start != NOBODY):
            self._close(int(key), self._now - int(self._quiet[key]))
        return tuple(sorted(self.notes, key=lambda note: (note.start_s, note.pitch)))

    def _frames(self, heard: Heard, last: int) -> None:
        struck = onsets(heard, self.thresholds)[:, self._ready : last]
        for at, column in enumerate(struck.T, self._ready):
            self._frame(heard, at, column)

    def _frame(self, heard: Heard, at: int, struck: np.ndarray) -> None:
        sounding = self._start != NOBODY
        struck = struck & (~sounding | (self._now - self._start >= REPEAT_FRAMES))
        quiet = (heard.frame[:, at] < self.thresholds.frame) & (self._now - self._start >= LOOKAHEAD)
        self._quiet = np.where(quiet, self._quiet + 1, 0)
        for key in np.flatnonzero(sounding & (struck | (self._quiet >= PATIENCE))):
            self._close(int(key), self._now if struck[key] else self._now - int(self._quiet[key]) + 1)
        for key in np.flatnonzero(struck):
            self._start[key], self._quiet[key] = self._now, 0
            self._place[key] = self._now + _refined(heard.onset[key], at)
            self._strength[key] = heard.strength[key, at]
        self._now += 1

    def _close(self, key: int, end: int) -> None:
        start, self._start[key] = int(self._start[key]), NOBODY
        if end - start >= SHORTEST:
            note = Note(
                start_s=max(0.0, float(self._place[key]) * HOP_S),
                end_s=end * HOP_S,
                pitch=float(LOWEST_PITCH + key),
                strength=float(np.clip(self._strength[key], 0.0, 1.0)),
            )
            self.notes.append(note)


def onsets(heard: Heard, thresholds: Thresholds) -> np.ndarray:
    """Where keys are struck: peaks that are sure, or at which a silent key begins to sound. Shape: ``[keys, t]``."""
    count = heard.frame.shape[1]
    at, sums = np.arange(count), np.pad(np.cumsum(heard.frame, axis=1, dtype=np.float64), ((0, 0), (1, 0)))
    end = np.minimum(at + 1 + AHEAD, count)
    after = (sums[:, end] - sums[:, at + 1]) / np.maximum(1, end - at - 1)
    before = (sums[:, np.maximum(at - GAP, 0)] - sums[:, np.maximum(at - GAP - BEFORE, 0)]) / BEFORE
    begins = (heard.onset >= thresholds.begin) & (after >= SOUNDS) & (before < WAS_SILENT)
    return _peaks(heard.onset) & (begins | ((heard.onset >= thresholds.again) & (after >= FAINT)))


def _peaks(onset: Float) -> np.ndarray:
    """Highest among ``LOOKAHEAD`` frames on either side; of two equal neighbours the first. Shape: ``[keys, t]``."""
    padded = np.pad(onset, ((0, 0), (LOOKAHEAD, LOOKAHEAD)), constant_values=-1.0)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * LOOKAHEAD + 1, axis=1)
    return (onset > windows[..., :LOOKAHEAD].max(axis=-1)) & (onset >= windows[..., LOOKAHEAD:].max(axis=-1))


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
        Hit(start_s=float(at + _refined(percussion, int(at))) * HOP_S, strength=float(s))
        for at, s in zip(places, strength, strict=True)
    )


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
