"""Templates: the style's own notes, cut out of its spectrogram, each freed of its neighbours. numpy only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from stylus_daw.audio.spectrogram import MelGrid
from stylus_daw.engine.guide.templates.combs import comb
from stylus_daw.engine.guide.templates.moving import moved_filters, resonances_kept
from stylus_daw.engine.guide.templates.playing import RELEASE_FRAMES, Shape
from stylus_daw.engine.guide.templates.separation import ATTACK_FRAMES, Event, Separation
from stylus_daw.engine.notes.note import Note, hertz

Float = NDArray[np.floating]

MOST_TOLD_APART, MOST_CUT = 480, 160
"""Ten notes a second of the longest style, and more templates than an instrument keeps: a megabyte each."""
LONGEST_BODY = 300
"""3 s; a longer note goes on as its body tells."""
SHORTEST_BODY = 6
STEADY_UNDER, STEADY = 0.8, 0.7
"""Share of a steady note's power that lies under its comb; and of that, what makes a note beyond doubt."""
BLURRED, UNTOLD = 0.7, 0.8
"""Share that noise has there, from which on lows are too close to tell; and what they are taken for then."""
PARTIAL, ALONE, TOLD = 0.3, 0.8, 0.1
"""From what height of a comb on a bin is a partial's; from what share it is one note's; what of its power tells."""
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
    events = most_telling([Event.of(note, tuning_cents) for note in notes], MOST_TOLD_APART)
    bins_hz = np.arange(power.shape[0]) * (grid.rate / grid.transform)
    separation = Separation(power, bins_hz, events)
    cut = set(most_telling(events, MOST_CUT))
    made = (_template(power, grid, i, events, separation, bins_hz) for i, event in enumerate(events) if event in cut)
    return [template for template in made if template is not None]


def most_telling(events: Sequence[Event], most: int) -> list[Event]:
    """Those from which to learn most: of every pitch in turn the next longest; in order of time, all if they are few.

    >>> short, long, high = Event(0, 10, 60.0), Event(20, 90, 60.0), Event(40, 50, 72.0)
    >>> most_telling([short, long, high], 2) == [long, high]
    True
    """
    if len(events) <= most:
        return list(events)
    by_pitch = defaultdict[int, list[int]](list)
    for index in sorted(range(len(events)), key=lambda i: events[i].on - events[i].off):
        by_pitch[round(events[index].pitch)].append(index)
    turns = [index for turn in zip_longest(*by_pitch.values()) for index in turn if index is not None]
    return [events[index] for index in sorted(turns[:most])]


def _template(
    power: Float,
    grid: MelGrid,
    index: int,
    events: Sequence[Event],
    separation: Separation,
    bins_hz: NDArray[np.floating],
) -> NoteTemplate | None:
    """None where the note is too short or lies outside."""
    event = events[index]
    off = min(event.off, event.on + LONGEST_BODY, power.shape[1])
    if off - event.on < SHORTEST_BODY:
        return None
    first, end = max(0, event.on - ATTACK_FRAMES), min(power.shape[1], off + RELEASE_FRAMES)
    share = separation.share(index, first, end)
    own = power[:, first:end] * share
    envelope, fundamental_hz = own.sum(axis=0), hertz(event.pitch)
    body = slice(event.on - first, off - first)
    released = _released(own, share, bins_hz, fundamental_hz, off - first) if off == event.off else own[0, :0]
    return NoteTemplate(
        power=own,
        grid=grid,
        pitch=event.pitch,
        shape=Shape.of(envelope, body.start, body.stop, released=released),
        level=loudest(envelope[body]),
        overlap=sum(event.meets(e) for e in events if e is not event) / (event.off - event.on),
        confidence=tonality(own[:, body].mean(axis=1), bins_hz, fundamental_hz),
    )


def _released(own: Float, share: Float, bins_hz: NDArray[np.floating], fundamental_hz: float, off: int) -> Float:
    """Power behind a note's last frame, re that frame, as far as bins that are its alone tell it. Shape: ``[frames]``.

    What begins while a note fades covers some of its partials, hardly ever all.
    """
    share = np.broadcast_to(share, own.shape)
    partials = comb(bins_hz, fundamental_hz)[:, None] > PARTIAL
    last = slice(max(0, off - 3), off)
    alone = partials & (share[:, off:] > ALONE) & (share[:, last].min(axis=1) > ALONE)[:, None]
    before = own[:, last].mean(axis=1)
    known = alone.T @ before
    told = known > TOLD * before.sum()
    count = len(told) if told.all() else int(told.argmin())
    return (alone * own[:, off:]).sum(axis=0)[:count] / (known[:count] + 1e-20)


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
