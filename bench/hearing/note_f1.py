"""Whether the music is still there: notes that another transcriber finds, against the written ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from bench.hearing.basic_pitch import FoundNote
from training.compose import Note

ONSET_TOLERANCE_S = 0.06


def note_f1(found: Sequence[FoundNote], written: Sequence[Note], seconds: float) -> float:
    """F1 of notes of exactly the right pitch whose onsets are within 60 ms, each matched once.

    Written notes that begin in the last 100 ms of ``seconds`` are left out, on both sides: too short to be heard.

    >>> written = [Note(start_s=at, seconds=1, pitch=60, velocity=90) for at in (0.5, 1.5)]
    >>> note_f1([FoundNote(start_s=0.52, end_s=1, pitch=60)], written, 6)
    0.6666666666666666
    """
    last = seconds - 0.1
    heard = _by_pitch((n.pitch, n.start_s) for n in found if n.start_s < last)
    wanted = _by_pitch((n.pitch, n.start_s) for n in written if n.start_s < last)
    total = sum(map(len, heard.values())) + sum(map(len, wanted.values()))
    matches = sum(_matches(heard.get(pitch, []), onsets) for pitch, onsets in wanted.items())
    return 2 * matches / total if total else 1.0


def _by_pitch(notes: Iterable[tuple[int, float]]) -> dict[int, list[float]]:
    onsets: dict[int, list[float]] = defaultdict(list)
    for pitch, start in sorted(notes):
        onsets[pitch].append(start)
    return onsets


def _matches(heard: list[float], wanted: list[float]) -> int:
    """Most pairs that lie within the tolerance; both sorted, so taking the earliest that fits is best."""
    i = j = count = 0
    while i < len(heard) and j < len(wanted):
        if abs(heard[i] - wanted[j]) <= ONSET_TOLERANCE_S:
            i, j, count = i + 1, j + 1, count + 1
        elif heard[i] < wanted[j]:
            i += 1
        else:
            j += 1
    return count
