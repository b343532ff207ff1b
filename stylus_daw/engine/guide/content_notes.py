"""What the content plays, as far as a guide needs it: places in frames, levels, colours. numpy only.

Levels are measured in the content's own mel image under each note's partials, so that a guide comes out on the
content's scale, and a note that is none is as soft as what it was mistaken for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stylus_daw.audio.columns import Columns
from stylus_daw.engine.guide.templates.combs import band_combs, key_of, low_combs, most_expected
from stylus_daw.engine.guide.templates.hit_templates import Colour
from stylus_daw.engine.guide.templates.note_templates import loudest
from stylus_daw.engine.guide.templates.playing import frames_of
from stylus_daw.engine.guide.templates.strokes import ATTACK_FRAMES, LONGEST, spans, stroke
from stylus_daw.engine.notes.note import Heard, Note, Transcription

Float = NDArray[np.floating]

LISTENED_FRAMES = 40
"""400 ms from a note's onset tell its level and how sure it is."""
SHORTEST = 4
"""Frames of a note at least."""
UNSURE, SURE = 0.2, 0.5
"""Mean posterior of a note that is nothing, and of one that is certain."""
BLOCK_FRAMES = 2048
RELEASED = 6.0
"""Frames in which what a note explains falls by a factor of e behind its end."""
RELEASED_FRAMES = 18
KEPT = 0.9
"""Share, frame by frame, of what notes explained that stays theirs while it only falls: strings and rooms ring on."""
RINGING_FRAMES = 50
"""Frames before a stretch that still tell what rings in it."""
EARLY_FRAMES = 3
TOGETHER = 3
"""Frames within which notes begin at once."""
FOREIGN, OWN = 0.35, 0.65
"""Share of what rises with notes that lies under their partials: when it is another's, and when all is theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedNote:
    """A note of the content.

    Attributes:
        onset: frame.
        frames: from there to its release.
        pitch: MIDI number, 440 Hz tuning, fractional.
        key: row of the combs.
        level: power under its partials in its loudest 120 ms.
        confidence: 0..1.
    """

    onset: int
    frames: int
    pitch: float
    key: int
    level: float
    confidence: float

    @property
    def end(self) -> int:
        return self.onset + self.frames


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedHit:
    """A hit of the content: its onset and that of the next one (frames), its own colour."""

    onset: int
    following: int
    colour: Colour


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ContentNotes:
    """All notes and hits of the content, by onset."""

    notes: Sequence[PlayedNote]
    hits: Sequence[PlayedHit]
    chords: Sequence[Chord]
    tuning_cents: int

    @classmethod
    def of(cls, content_db: Columns, heard: Transcription) -> ContentNotes:
        """Listens once through the content's mel image, block by block."""
        tuning, frames = round(heard.tuning_cents), content_db.shape[1]
        strokes = spans(heard.hits, frames)
        notes, hits = [], []
        for first in range(0, frames, BLOCK_FRAMES):
            end = first + BLOCK_FRAMES
            low = max(0, first - LISTENED_FRAMES)
            power = _power(content_db[:, low : min(frames, end + LISTENED_FRAMES + LONGEST)])
            sure = heard.posteriors.read(low, end + LISTENED_FRAMES - low)
            begun = [note for note in heard.notes if first <= frames_of(note.start_s) < end]
            notes += [_played(note, power, sure, low, tuning) for note in begun]
            begun_hits = [pair for pair in strokes if first <= pair[0] < end]
            hits += _struck(begun_hits, power, low)
        return cls(notes=notes, hits=hits, chords=chords_of(notes, frames), tuning_cents=tuning)

    def keys(self, first: int, count: int) -> Float:
        """How surely each key is held, 0..1. Shape: ``[keys, count]``."""
        held = np.zeros((len(band_combs()), count), np.float32)
        for note in self.notes_within(first - RELEASED_FRAMES, first + count + EARLY_FRAMES):
            low, high = max(first, note.onset - EARLY_FRAMES), min(first + count, note.end + RELEASED_FRAMES)
            if low < high:
                since = np.maximum(0, np.arange(low, high) - note.end)
                row = held[note.key, low - first : high - first]
                np.maximum(row, note.confidence * np.exp(-since / RELEASED), out=row)
        return held

    def notes_within(self, first: int, end: int) -> Iterator[PlayedNote]:
        """Notes held somewhere between two frames."""
        return (note for note in self.notes if note.onset < end and note.end > first)

    def claimed(self, power: Float, low: int) -> Float:
        """Share of the power that is the notes', 0..1. Shape: ``[bands, frames]``.

        Args:
            power: of the content's frames from ``low``.
            low: first of them.
        """
        claim = np.maximum(self._under_partials(power, low), self._risen(power, low))
        return np.minimum(ringing(claim * power, power) / (power + 1e-14), 1.0)

    def _under_partials(self, power: Float, low: int) -> Float:
        """What lies under partials, as far as a note of that level can have that much there."""
        keys, claim = self.keys(low, power.shape[1]), np.zeros_like(power)
        combs, lows = band_combs(self.tuning_cents), low_combs(self.tuning_cents)
        most = most_expected(self.tuning_cents)
        for key in np.flatnonzero(keys.any(axis=1)):
            frames = np.flatnonzero(keys[key])
            span = slice(int(frames[0]), int(frames[-1]) + 1)
            there = power[:, span]
            can = most[key][:, None] * (lows[key] @ there)[None] / (there + 1e-14)
            ours = combs[key][:, None] * np.minimum(can, 1.0) * keys[key, span][None]
            np.maximum(claim[:, span], ours, out=claim[:, span])
        return claim

    def _risen(self, power: Float, low: int) -> Float:
        """Share of the power that rose with notes and falls with them, wherever it lies. Shape: ``[bands, frames]``.

        Hammers, breath and partials that no comb meets: they count as far as most of what rose lies under partials.

        Args:
            power: of the content's frames from ``low``.
            low: first of them.
        """
        risen = np.zeros_like(power)
        for chord in self.chords:
            if low <= chord.onset < low + power.shape[1]:
                own = stroke(power, chord.onset - low, chord.following - low)
                begin = max(0, chord.onset - low - ATTACK_FRAMES)
                sure = np.float32(chord.sureness(own, self.tuning_cents))
                risen[:, begin : begin + own.shape[1]] += sure * own[:, : power.shape[1] - begin]
        return np.minimum(risen / (power + 1e-14), 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chord:
    """Notes that begin together: their onset and that of the next ones (frames), their keys and confidences."""

    onset: int
    following: int
    keys: tuple[tuple[int, float], ...]

    def sureness(self, own: Float, tuning_cents: int) -> float:
        """How far what rose with them is theirs, 0..1: by the share that lies under their partials."""
        combs, lows, most = (make(tuning_cents) for make in (band_combs, low_combs, most_expected))
        rose = own.sum(axis=1)
        under = np.zeros_like(rose)
        for key, confidence in self.keys:
            can = np.minimum(most[key] * float(lows[key] @ rose) / (rose + 1e-14), 1.0)
            np.maximum(under, confidence * combs[key] * can, out=under)
        share = float((under * rose).sum() / (rose.sum() + 1e-14))
        return float(np.clip((share - FOREIGN) / (OWN - FOREIGN), 0.0, 1.0))


def chords_of(notes: Sequence[PlayedNote], frames: int) -> list[Chord]:
    """The notes by moment."""
    groups: list[list[PlayedNote]] = []
    for note in notes:
        if groups and note.onset - groups[-1][0].onset <= TOGETHER:
            groups[-1].append(note)
        else:
            groups.append([note])
    ends = [*(group[0].onset for group in groups[1:]), frames]
    return [
        Chord(onset=group[0].onset, following=end, keys=tuple((note.key, note.confidence) for note in group))
        for group, end in zip(groups, ends, strict=False)
    ]


def _played(note: Note, power: Float, sure: Heard, low: int, tuning: int) -> PlayedNote:
    onset = frames_of(note.start_s)
    frames = max(SHORTEST, frames_of(note.end_s) - onset)
    key, span = key_of(note.pitch), slice(onset - low, onset - low + min(frames, LISTENED_FRAMES))
    certain = sure.frame[key, span]
    under = low_combs(tuning)[key] @ power[:, span]
    return PlayedNote(
        onset=onset,
        frames=frames,
        pitch=note.pitch + tuning / 100,
        key=key,
        level=loudest(under) if under.size else 0.0,
        confidence=float(np.clip((certain.mean() - UNSURE) / (SURE - UNSURE), 0.0, 1.0)) if certain.size else 0.0,
    )


def _struck(strokes: Sequence[tuple[int, int]], power: Float, low: int) -> list[PlayedHit]:
    own = [
        stroke(power, a - low, b - low) if a - low - ATTACK_FRAMES < power.shape[1] else np.zeros((len(power), 1))
        for a, b in strokes
    ]
    colours = zip(strokes, Colour.each(own), strict=True)
    return [PlayedHit(onset=a, following=b, colour=colour) for (a, b), colour in colours]


def ringing(own: Float, power: Float) -> Float:
    """What is the notes', with what rings on: no more than before, band by band. Shape: ``[bands, frames]`` all.

    What comes up again is another's: a note that was not heard, a voice that enters.
    """
    kept = own.copy()
    for frame in range(1, own.shape[1]):
        before = np.minimum(power[:, frame], np.float32(KEPT) * kept[:, frame - 1])
        np.maximum(kept[:, frame], before, out=kept[:, frame])
    return kept


def _power(mel_db: Float) -> Float:
    return np.asarray(10.0 ** (mel_db / 10.0), np.float32)
