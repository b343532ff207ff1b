"""Separation: what of a style's spectrogram is which of its notes. numpy only.

A non-negative factorisation of the magnitudes (Lee and Seung 2001, Kullback-Leibler), told the notes: each has one
spectrum, and a course over time from shortly before its onset to where it has rung out. Spectra begin with what lies
under the note's partials. So the tail of one note is told from the body of the next, even where they share partials;
notes that begin and end together stay as their combs tell them apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from stylus_daw.engine.guide.templates.combs import comb
from stylus_daw.engine.guide.templates.playing import RELEASE_FRAMES, frames_of
from stylus_daw.engine.notes.note import Note, hertz

Float = NDArray[np.floating]

ROUNDS = 6
"""One gives half of what six give; twenty overdo it (decision 0151)."""
ATTACK_FRAMES = 2
"""20 ms before an onset: half a window sees it coming."""
RINGING_FRAMES = RELEASE_FRAMES
"""Frames in which a neighbour that was let go may still sound: its partials are not given to others to begin with."""
BETWEEN_PARTIALS = 0.02
"""What of a crowded bin between all partials is nobody's, to begin with."""
BEGUN, TAIL_FRAMES = 0.3, 10.0
"""Where courses begin: before an onset, re the body; and frames in which a note falls by a factor of e behind it."""
NOBODYS, BROAD_BINS = 0.6, 31
"""Re the magnitude within 150 Hz on either side: what in a chord may belong to a note that nobody heard."""
SLICE_BINS = 256
FAINT = np.float32(1e-9)


@dataclass(frozen=True, slots=True)
class Event:
    """A note in frames; its pitch in 440 Hz tuning, fractional."""

    on: int
    off: int
    pitch: float

    @classmethod
    def of(cls, note: Note, tuning_cents: float) -> Event:
        return cls(frames_of(note.start_s), frames_of(note.end_s), note.pitch + tuning_cents / 100)

    def meets(self, other: Event) -> int:
        """Frames in which both are held."""
        return max(0, min(self.off, other.off) - max(self.on, other.on))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Part:
    """What a note adds to the magnitudes: ``spectrum[:, None] * course[None]`` from frame ``first``, both in place."""

    first: int
    spectrum: Float
    course: Float

    @property
    def span(self) -> slice:
        return slice(self.first, self.first + len(self.course))


class Separation:
    """Tells the notes of a spectrogram apart.

    Args:
        power: ``[bins, frames]``.
        bins_hz: middles of the bins. Shape: ``[bins]``.
        events: all notes.
    """

    def __init__(self, power: Float, bins_hz: NDArray[np.floating], events: Sequence[Event]) -> None:
        self._power, self._bins_hz, self._events = power, bins_hz, events
        found = ((index, self._begun(event)) for index, event in enumerate(events))
        self._parts = {index: part for index, part in found if part is not None}
        if len(self._parts) > 1:
            for _ in range(ROUNDS):
                self._refine()

    def share(self, index: int, first: int, end: int) -> Float:
        """What of every bin is the note's, in frames within its reach, 0..1. Shape: ``[bins, end - first]``.

        Args:
            index: of the event.
            first: its onset less ``ATTACK_FRAMES``, or 0.
            end: at most ``RELEASE_FRAMES`` behind its end.
        """
        if len(self._parts) == 1:
            return np.ones((1, 1), np.float32)
        total, own = self._unheard(first, end), FAINT
        for number, part in self._parts.items():
            low, high = max(first, part.first), min(end, part.span.stop)
            if low < high:
                made = (part.spectrum[:, None] * part.course[None, low - part.first : high - part.first]) ** 2
                total[:, low - first : high - first] += made
                own = made if number == index else own
        return np.asarray(own / total, np.float32)

    def _begun(self, event: Event) -> _Part | None:
        """As the combs tell it; None for a note outside the spectrogram."""
        off = min(event.off, self._power.shape[1])
        if off <= event.on:
            return None
        first, end = max(0, event.on - ATTACK_FRAMES), min(self._power.shape[1], off + RELEASE_FRAMES)
        others = [e for e in self._events if e is not event and e.on < end and e.off + RINGING_FRAMES > first]
        body = self._power[:, event.on : off] * _by_combs(event, others, self._bins_hz, event.on, off)
        frame = np.arange(first, end)
        course = np.where(frame < event.on, BEGUN, np.exp(-np.maximum(0, frame - off) / TAIL_FRAMES))
        spectrum = np.sqrt(body.mean(axis=1)) + FAINT
        return _Part(first=first, spectrum=spectrum.astype(np.float32), course=course.astype(np.float32))

    def _refine(self) -> None:
        """One round: spectra for the courses, then courses for the spectra."""
        gained = {index: np.zeros_like(part.course) for index, part in self._parts.items()}
        for rows in self._slices():
            magnitude = np.sqrt(self._power[rows])
            ratio = magnitude / self._modelled(rows)
            for part in self._parts.values():
                part.spectrum[rows] *= ratio[:, part.span] @ part.course / (part.course.sum() + FAINT)
            ratio = magnitude / self._modelled(rows)
            for index, part in self._parts.items():
                gained[index] += part.spectrum[rows] @ ratio[:, part.span]
        for index, part in self._parts.items():
            part.course[:] *= gained[index] / (part.spectrum.sum() + FAINT)

    def _slices(self) -> Iterator[slice]:
        """Spectra do not depend on each other's bins: a few at a time take little memory."""
        for low in range(0, len(self._power), SLICE_BINS):
            yield slice(low, low + SLICE_BINS)

    def _modelled(self, rows: slice) -> Float:
        """Magnitudes of all notes together. Shape: ``[rows, frames]``."""
        total = np.full(self._power[rows].shape, 1e-7, np.float32)
        for part in self._parts.values():
            total[:, part.span] += part.spectrum[rows, None] * part.course[None]
        return total

    def _unheard(self, first: int, end: int) -> Float:
        """Power in chords that may be a note's that was not heard. Shape: ``[bins, end - first]``."""
        held = np.zeros(end - first, np.float32)
        for event in self._events:
            held[max(0, event.on - first) : max(0, event.off - first)] += 1
        broad = uniform_filter1d(np.sqrt(self._power[:, first:end]), BROAD_BINS, axis=0)
        return np.float32(1e-12) + (NOBODYS * broad * np.clip(held - 1, 0, 1)[None]) ** 2


def _by_combs(event: Event, others: Sequence[Event], bins_hz: NDArray[np.floating], first: int, end: int) -> Float:
    """What of every bin is this note's, by where partials lie. Shape: ``[bins, frames]``, or 1 where it is alone."""
    if not others:
        return np.ones((1, 1), np.float32)
    own = comb(bins_hz, hertz(event.pitch))[:, None]
    total = np.repeat(own, end - first, axis=1) + BETWEEN_PARTIALS
    crowded = np.zeros(end - first, bool)
    for other in others:
        span = slice(max(0, other.on - ATTACK_FRAMES - first), max(0, other.off + RINGING_FRAMES - first))
        total[:, span] += comb(bins_hz, hertz(other.pitch))[:, None]
        crowded[span] = True
    shared = (own + BETWEEN_PARTIALS / (1 + len(others))) / total
    return np.where(crowded[None], shared, 1.0).astype(np.float32)
