"""Guide: the content's notes and hits, played by the style's own, as an image; block by block. numpy only."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stylus_daw.audio.columns import Columns
from stylus_daw.engine.guide import explained
from stylus_daw.engine.guide.articulation import articulated
from stylus_daw.engine.guide.content_notes import RINGING_FRAMES, ContentNotes, PlayedNote, ringing
from stylus_daw.engine.guide.instrument import Instrument
from stylus_daw.engine.guide.templates.combs import low_combs
from stylus_daw.engine.guide.templates.note_templates import ATTACK_FRAMES
from stylus_daw.engine.guide.templates.playing import RELEASE_FRAMES
from stylus_daw.engine.guide.templates.strokes import LONGEST, stroke

Float = NDArray[np.floating]

CONTEXT_FRAMES = LONGEST + explained.CONTEXT_FRAMES + 8
"""Frames of the content on each side that a block looks at; before it, what rings as well."""
CONTENT_BALANCE = 0.5
"""Share of the content's own balance between its hits; the rest is the kit's."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drawing:
    """A block of a guide. Shape: ``[bands, frames]`` all.

    Attributes:
        power: of notes and hits.
        struck: of the hits alone.
        explained: the share of the content's energy that it stands for.
        replaced: of that the hits' alone, neither smoothed nor blended.
    """

    power: Float
    struck: Float
    explained: Float
    replaced: Float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Guide:
    """One style's guide for one content.

    Attributes:
        content_db: the content's mel image, of any length.
        content: what it plays.
        instrument: the style's.
        structure: 0..1, from the style's envelopes to the content's.
    """

    content_db: Columns
    content: ContentNotes
    instrument: Instrument
    structure: float
    strokes: tuple[Strike, ...]

    @classmethod
    def of(cls, content_db: Columns, content: ContentNotes, instrument: Instrument, structure: float) -> Guide:
        """Chooses the hits, which needs all of them."""
        strokes = _strikes(content, instrument)
        return cls(
            content_db=content_db, content=content, instrument=instrument, structure=structure, strokes=tuple(strokes)
        )

    def block(self, first: int, count: int) -> Drawing:
        """``count`` frames from ``first``."""
        low = max(0, first - CONTEXT_FRAMES - RINGING_FRAMES)
        high = min(self.content_db.shape[1], first + count + CONTEXT_FRAMES)
        power = np.asarray(10.0 ** (self.content_db[:, low:high] / 10.0), np.float32)
        claimed, replaced = self._claimed(power, low)
        span = slice(first - low, first - low + count)
        struck = self._hits(first, count)
        drawn = self._notes(power, low, first, count) + struck
        share = explained.explained_share(power, claimed)
        return Drawing(power=drawn, struck=struck, explained=share[:, span], replaced=replaced[:, span])

    def _claimed(self, power: Float, low: int) -> tuple[Float, Float]:
        """Share of the content's power that notes and hits stand for, and that of the hits alone."""
        count = power.shape[1]
        claimed = self.content.claimed(power, low) * self.instrument.notes_trust
        if not self.strokes:
            return claimed, np.zeros_like(claimed)
        struck = np.zeros_like(power)
        for hit, strike in zip(self.content.hits, self.strokes, strict=True):
            if low <= hit.onset < low + count:
                own = stroke(power, hit.onset - low, hit.following - low)
                begin = max(0, hit.onset - low - ATTACK_FRAMES)
                struck[:, begin : begin + own.shape[1]] += np.float32(strike.likeness) * own[:, : count - begin]
        share = np.clip(ringing(np.minimum(struck, power), power) / (power + 1e-14), 0.0, 1.0)
        replaced = (1.0 - claimed) * share * np.float32(self.instrument.hits_trust)
        return claimed + replaced, replaced

    def _notes(self, power: Float, low: int, first: int, count: int) -> Float:
        drawn = np.zeros((power.shape[0], count), np.float32)
        if not self.instrument.notes:
            return drawn
        for note in self.content.notes_within(first - RELEASE_FRAMES, first + count + ATTACK_FRAMES):
            self._draw(note, drawn, power, low, first)
        return drawn

    def _draw(self, note: PlayedNote, drawn: Float, power: Float, low: int, first: int) -> None:
        """Add what of a note falls into the block."""
        begin = max(first, note.onset - ATTACK_FRAMES)
        end = min(first + drawn.shape[1], note.end + RELEASE_FRAMES)
        if begin >= end or not note.level * note.confidence:
            return
        under = low_combs(self.content.tuning_cents)[note.key] @ power[:, begin - low : end - low]
        for share, template in self.instrument.palette.chosen(note.pitch, note.frames):
            image = template.image(note.pitch)
            source, factor = template.shape.places(begin - note.onset, end - begin, note.frames)
            source = np.minimum(source, image.shape[1] - 1)
            factor = factor / template.level
            factor = articulated(factor, template.shape.envelope[source], under / note.level, self.structure)
            weight = share * note.confidence * note.level * self.instrument.notes_trust
            drawn[:, begin - first : end - first] += image[:, source] * (factor * np.float32(weight))

    def _hits(self, first: int, count: int) -> Float:
        drawn = np.zeros((self.content_db.shape[0], count), np.float32)
        for hit, strike in zip(self.content.hits, self.strokes, strict=False):
            if first - LONGEST < hit.onset < first + count + ATTACK_FRAMES:
                template = self.instrument.kit.templates[strike.index]
                weight = np.float32(strike.gain * strike.likeness * self.instrument.hits_trust)
                drawn += weight * template.played(first - hit.onset, count)
        return drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike:
    """Which template plays a hit, with which factor on its power, and how well it may stand for it, 0..1."""

    index: int
    gain: float
    likeness: float


def _strikes(content: ContentNotes, instrument: Instrument) -> list[Strike]:
    """For each hit; empty where one side has none.

    The kit keeps most of its own balance; a hit differs from its template as the content's hit differs from others of
    its kind.
    """
    if not (content.hits and instrument.hits):
        return []
    colours = [hit.colour for hit in content.hits]
    found = instrument.kit.chosen(colours)
    chosen = [index for index, _ in found]
    ours = np.array([colour.level_db for colour in colours])
    theirs = np.array([instrument.kit.templates[i].colour.level_db for i in chosen])
    kinds = defaultdict(list)
    for level, index in zip(ours, chosen, strict=True):
        kinds[index].append(level)
    deviation = ours - np.array([np.median(kinds[index]) for index in chosen])
    common = 10.0 * np.log10((10.0 ** (ours / 10.0)).sum() / (10.0 ** ((theirs + deviation) / 10.0)).sum())
    natural = theirs + deviation + common
    level = natural + CONTENT_BALANCE * (ours - natural) - theirs
    gains = 10.0 ** (level / 10.0)
    return [Strike(index=i, gain=float(g), likeness=a) for (i, a), g in zip(found, gains, strict=True)]
