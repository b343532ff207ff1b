"""Templates: the style's own notes, cut out of its spectrogram, each freed of its neighbours. numpy only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from stylus_daw.audio.spectrogram import MelGrid
from stylus_daw.engine.guide.templates.combs import comb
from stylus_daw.engine.guide.templates.moving import moved_filters, resonances_kept
from stylus_daw.engine.guide.templates.playing import RELEASE_FRAMES, Shape, frames_of
from stylus_daw.engine.notes.note import Note, hertz

Float = NDArray[np.floating]

ATTACK_FRAMES = 2
"""20 ms before an onset: half a window sees it coming."""
LONGEST_BODY = 300
"""3 s; a longer note goes on as its body tells."""
SHORTEST_BODY = 6
RINGING_FRAMES = 12
"""120 ms in which a neighbour that was let go still sounds."""
BETWEEN_PARTIALS = 0.02
"""What of a crowded bin between all partials is nobody's."""
STEADY_UNDER, STEADY = 0.8, 0.7
"""Share of a steady note's power that lies under its comb; and of that, what makes a note beyond doubt."""
BLURRED, UNTOLD = 0.7, 0.8
"""Share that noise has there, from which on lows are too close to tell; and what they are taken for then."""
LOUD_FRAMES = 12
"""120 ms: the stretch whose loudest place is a note's level."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NoteTemplate:
    """One note of the style.

    Attributes:
        power: ``[bins, frames]``, mean of the channels, on the style's own grid.
        grid: that grid.
        pitch: MIDI number, 440 Hz tuning, fractional.
        shape: its course.
        level: power of its loudest 120 ms.
        overlap: how many other notes sound with it, on average.
        confidence: 0..1, how sure it is that this is a note.
    """

    power: Float
    grid: MelGrid
    pitch: float
    shape: Shape
    level: float
    overlap: float
    confidence: float = 1.0
    _moved: dict[int, Float] = field(default_factory=dict, repr=False)

    def image(self, pitch: float) -> Float:
        """Mel power of the template at another pitch; partials move with it. Shape: ``[bands, frames]``."""
        cents = round(100.0 * (pitch - self.pitch) / CENTS) * CENTS
        if cents not in self._moved:
            self._moved[cents] = self._moved_by(cents)
        return self._moved[cents]

    def _moved_by(self, cents: int) -> Float:
        bins, fundamental_hz = len(self.power), hertz(self.pitch)
        image = np.asarray(moved_filters(self.grid, cents, bins, fundamental_hz) @ self.power, np.float32)
        if abs(cents) < 50:
            return image
        stays = self.grid.filters()[:, :bins] @ self.power.mean(axis=1)
        return image * resonances_kept(stays, image.mean(axis=1))[:, None]

    @property
    def nbytes(self) -> int:
        return self.power.nbytes + sum(image.nbytes for image in self._moved.values())


CENTS = 5
"""Steps in which templates are moved: no ear and no band tells finer ones."""


def note_templates(
    power: Float, grid: MelGrid, notes: Sequence[Note], *, tuning_cents: float = 0.0
) -> list[NoteTemplate]:
    """All usable notes of a spectrogram as templates.

    Args:
        power: ``[bins, frames]``.
        grid: of ``power``.
        notes: what sounds in it, seconds from frame 0.
        tuning_cents: of those notes.
    """
    events = [_Event.of(note, tuning_cents) for note in notes]
    bins_hz = np.arange(power.shape[0]) * (grid.rate / grid.transform)
    made = (_template(power, grid, event, events, bins_hz) for event in events)
    return [template for template in made if template is not None]


@dataclass(frozen=True, slots=True)
class _Event:
    """A note in frames."""

    on: int
    off: int
    pitch: float

    @classmethod
    def of(cls, note: Note, tuning_cents: float) -> _Event:
        return cls(frames_of(note.start_s), frames_of(note.end_s), note.pitch + tuning_cents / 100)

    def meets(self, other: _Event) -> int:
        """Frames in which both are held."""
        return max(0, min(self.off, other.off) - max(self.on, other.on))


def _template(
    power: Float, grid: MelGrid, event: _Event, events: Sequence[_Event], bins_hz: NDArray[np.floating]
) -> NoteTemplate | None:
    """None where the note is too short or lies outside."""
    off = min(event.off, event.on + LONGEST_BODY, power.shape[1])
    if off - event.on < SHORTEST_BODY:
        return None
    first, end = max(0, event.on - ATTACK_FRAMES), min(power.shape[1], off + RELEASE_FRAMES)
    others = [e for e in events if e is not event and e.on < end and e.off + RINGING_FRAMES > first]
    own = power[:, first:end] * _share(event, others, bins_hz, first, end)
    envelope = own.sum(axis=0)
    later = [e.on for e in others if e.on > event.on + SHORTEST_BODY]
    clear = max(0, min([end, *later]) - off) if off == event.off else 0
    return NoteTemplate(
        power=own,
        grid=grid,
        pitch=event.pitch,
        shape=Shape.of(envelope, event.on - first, off - first, clear=clear),
        level=loudest(envelope[event.on - first : off - first]),
        overlap=sum(event.meets(e) for e in others) / (event.off - event.on),
        confidence=tonality(own[:, event.on - first : off - first].mean(axis=1), bins_hz, hertz(event.pitch)),
    )


def tonality(spectrum: Float, bins_hz: NDArray[np.floating], fundamental_hz: float) -> float:
    """How far a spectrum is that of a note, 0..1: whether its power lies under the partials rather than anywhere.

    >>> bins_hz = np.arange(2_000) * 10.0
    >>> tonality(comb(bins_hz, 440.0), bins_hz, 440.0), tonality(np.ones(2_000, np.float32), bins_hz, 440.0)
    (1.0, 0.0)
    """
    partials = comb(bins_hz, fundamental_hz)
    blurred = uniform_filter1d(spectrum, max(1, round(fundamental_hz / (bins_hz[1] - bins_hz[0]))), mode="nearest")
    under = float((partials * spectrum).sum() / (spectrum.sum() + 1e-20))
    by_chance = float((partials * blurred).sum() / (blurred.sum() + 1e-20))
    if by_chance > BLURRED:
        return UNTOLD
    return float(np.clip((under - by_chance) / (STEADY * (STEADY_UNDER - by_chance)), 0.0, 1.0))


def loudest(envelope: Float) -> float:
    """Mean power of the loudest 120 ms, never 0."""
    size = min(LOUD_FRAMES, len(envelope))
    sums = np.convolve(envelope, np.full(size, 1.0 / size), mode="valid")
    return float(sums.max()) + 1e-12


def _share(event: _Event, others: Sequence[_Event], bins_hz: NDArray[np.floating], first: int, end: int) -> Float:
    """What of every bin is this note's. Shape: ``[bins, frames]``, or 1 where it is alone."""
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
