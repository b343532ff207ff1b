"""Written notes as a middling transcriber might tell them: late, too long, missing, an octave off."""

from __future__ import annotations

import numpy as np

from stylus_daw.audio.spool import Scratch
from stylus_daw.engine.notes.note import HOP_S, KEYS, LOWEST_PITCH, ROWS, Hit, Note, Posteriors, Transcription
from training.compose import Note as Written
from training.compose import Piece

SURE, SHORTEST_S = np.float32(0.95), 0.03
LATE_S, LONGER, MISSED, OCTAVES, SAME_HIT_S = 0.008, 0.15, 0.06, 0.05, 0.02
"""Spread of onsets and of lengths; shares of notes that are missed or heard an octave off besides."""


def as_written(piece: Piece, seconds: float) -> Transcription:
    """A piece told without a mistake: what a perfect transcriber would hear."""
    ends = ((n, min(seconds, n.start_s + n.seconds)) for n in piece.notes if n.start_s < seconds - SHORTEST_S)
    notes = [Note(start_s=n.start_s, end_s=end, pitch=n.pitch, strength=n.velocity / 127) for n, end in ends]
    return _told_with(sorted(notes, key=lambda note: (note.start_s, note.pitch)), _hits(piece, seconds), seconds, None)


def mistaken(piece: Piece, seconds: float, rng: np.random.Generator) -> Transcription:
    """What a middling transcriber makes of a piece."""
    notes = [note for n in piece.notes if n.start_s < seconds - 0.1 for note in _told(n, seconds, rng)]
    hits = _hits(piece, seconds)
    notes.sort(key=lambda note: (note.start_s, note.pitch))
    return _told_with(notes, hits, seconds, rng)


def _told_with(
    notes: list[Note], hits: tuple[Hit, ...], seconds: float, rng: np.random.Generator | None
) -> Transcription:
    rows = _rows(notes, hits, seconds, rng)
    spool = Scratch().spool(ROWS)
    spool.append(rows)
    posteriors = Posteriors(spool=spool)
    return Transcription(notes=tuple(notes), hits=hits, posteriors=posteriors, tuning_cents=0.0, seconds=seconds)


def _told(written: Written, seconds: float, rng: np.random.Generator) -> list[Note]:
    if rng.random() < MISSED:
        return []
    start = max(0.0, written.start_s + rng.normal(0, LATE_S))
    end = min(seconds, start + max(0.03, written.seconds * (1 + rng.normal(0, LONGER))))
    strength = float(np.clip(written.velocity / 127 * (1 + rng.normal(0, LONGER)), 0.1, 1))
    told = [Note(start_s=start, end_s=end, pitch=written.pitch, strength=strength)]
    if rng.random() < OCTAVES:
        other = written.pitch + int(rng.choice([12, -12, 19]))
        told.append(Note(start_s=start, end_s=end, pitch=other, strength=0.3 * strength))
    return told


def _hits(piece: Piece, seconds: float) -> tuple[Hit, ...]:
    """One per moment."""
    told: list[Hit] = []
    for note in sorted(piece.drums, key=lambda n: n.start_s):
        if note.start_s < seconds - 0.1 and (not told or note.start_s - told[-1].start_s > SAME_HIT_S):
            told.append(Hit(start_s=note.start_s, strength=note.velocity / 127))
    return tuple(told)


def _rows(notes: list[Note], hits: tuple[Hit, ...], seconds: float, rng: np.random.Generator | None) -> np.ndarray:
    """Posteriors that fit; without ``rng`` they are sure. Shape: ``[ROWS, frames]``."""
    rows = np.zeros((ROWS, int(np.ceil(seconds / HOP_S)) + 1), np.float32)
    for note in notes:
        key = int(note.pitch) - LOWEST_PITCH
        if 0 <= key < KEYS:
            first, end = round(note.start_s / HOP_S), round(note.end_s / HOP_S)
            sure = SURE if rng is None else _sureness(note, rng)
            rows[key, first : first + 2] = sure
            rows[KEYS + key, first : max(end, first + 3)] = sure
            rows[2 * KEYS + key, end : end + 2] = sure
            rows[3 * KEYS + key, first : max(end, first + 3)] = note.strength
    for hit in hits:
        rows[-1, round(hit.start_s / HOP_S)] = 0.9
    return rows


def _sureness(note: Note, rng: np.random.Generator) -> np.float32:
    return np.float32(rng.uniform(0.55, 0.98) * (0.6 if note.strength < 0.3 else 1.0))
