"""Instrument: all that a style gives to a guide, its notes and its hits. numpy only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.spectrogram import MelGrid
from stylus_daw.engine.guide.content_notes import ContentNotes
from stylus_daw.engine.guide.templates.choosing import Palette
from stylus_daw.engine.guide.templates.hit_sounds import struck_alone
from stylus_daw.engine.guide.templates.hit_templates import Kit, hit_templates
from stylus_daw.engine.guide.templates.note_templates import NoteTemplate, note_templates
from stylus_daw.engine.guide.templates.strokes import ATTACK_FRAMES, spans, stroke
from stylus_daw.engine.image.values import GEOMETRY
from stylus_daw.engine.notes.note import Transcription

Float = NDArray[np.floating]

HIGHEST_HZ = 20_000
"""Templates hold no more: moved down by 4 semitones it still reaches the upper end of the image."""
MOST_TEMPLATES, PER_PITCH = 64, 4
ENOUGH_NOTES, ENOUGH_HITS = 3, 3
"""Fewer are not trusted fully."""
COVERED = (0.25, 0.6)
"""Share of what the style holds, hits aside, that its notes explain: of a texture with a few notes in it, and of an
instrument. The same for hits, notes aside.
"""
CROWDED = 3.0
"""Other notes at a time at which a template is no longer one note's."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Instrument:
    """The style's notes and hits.

    Attributes:
        palette: of its notes.
        kit: of its hits.
        notes_trust, hits_trust: 0..1, how far they are enough to play with.
    """

    palette: Palette
    kit: Kit
    notes_trust: float
    hits_trust: float

    @classmethod
    def of(cls, style: Clip, heard: Transcription) -> Instrument:
        """From a style and what it plays."""
        power, grid = linear_power(style)
        mel = np.asarray(grid.filters()[:, : len(power)] @ power, np.float32)
        plays = ContentNotes.of(np.log10(mel + np.float32(1e-12)) * np.float32(10.0), heard)
        claimed = plays.claimed(mel, 0)
        free = mel * (1.0 - claimed)
        hit_power = _struck(free, heard)
        struck = hit_power / (mel + np.float32(1e-12))
        between = (
            power * (1.0 - grid.gain_per_bin(np.asarray(struck, np.float32), GEOMETRY)[: len(power)])
            if heard.hits
            else power
        )
        templates = note_templates(between, grid, heard.notes, tuning_cents=heard.tuning_cents)
        kept = _representative(templates)
        kit = _kit(style, mel, free, hit_power, heard)
        held = mel * (1.0 - struck)
        by_notes, by_hits = _share(claimed * held, held), _share(struck * free, free)
        return cls(
            palette=Palette.of(kept),
            kit=kit,
            notes_trust=min(1.0, sum(_use(t) for t in kept) / ENOUGH_NOTES) * _rising(by_notes, *COVERED),
            hits_trust=min(1.0, len(kit.templates) / ENOUGH_HITS) * _rising(by_hits, *COVERED),
        )

    @property
    def notes(self) -> int:
        """How many of the style's notes are used."""
        return len(self.palette.templates) if self.notes_trust else 0

    @property
    def hits(self) -> int:
        """How many of its hits are."""
        return len(self.kit.templates) if self.hits_trust else 0

    @property
    def told(self) -> str:
        """What it is good for, for people."""
        if not (self.notes or self.hits):
            return "the style has no clear notes or hits: its spectrum is matched"
        few = ", few: its spectrum is matched as well" if max(self.notes_trust, self.hits_trust) < 1.0 else ""
        return f"{self.notes} notes and {self.hits} hits of the style{few}"

    @property
    def nbytes(self) -> int:
        notes = sum(template.nbytes for template in self.palette.templates)
        return notes + sum(template.image.nbytes + template.sound.nbytes for template in self.kit.templates)


def linear_power(style: Clip) -> tuple[Float, MelGrid]:
    """Mean power of the channels on the STFT's bins up to 20 kHz, scaled as mel power. Shape: ``[bins, frames]``."""
    grid = GEOMETRY.at(style.rate)
    bins = min(grid.bins, round(HIGHEST_HZ * grid.transform / style.rate) + 1)
    total = np.zeros((bins, grid.frames(style.length)), np.float32)
    for channel in style.samples:
        total += np.abs(grid.stft(channel)[:bins]) ** 2
    return total * np.float32(grid.power_scale / style.channels), grid


def _kit(style: Clip, mel: Float, free: Float, struck: Float, heard: Transcription) -> Kit:
    if not heard.hits:
        return Kit(templates=(), rate=style.rate)
    alone = struck_alone(style, struck, mel)
    return Kit(templates=hit_templates(free, mel, alone, heard.hits), rate=style.rate)


def _use(template: NoteTemplate) -> float:
    return template.confidence / (1.0 + template.overlap / CROWDED)


def _representative(templates: list[NoteTemplate]) -> list[NoteTemplate]:
    """The best few of each pitch, and of all of them those of most use."""
    kept: dict[int, list[NoteTemplate]] = {}
    for template in sorted(templates, key=_worth, reverse=True):
        same = kept.setdefault(round(template.pitch), [])
        if len(same) < PER_PITCH:
            same.append(template)
    rounds = [same[i] for i in range(PER_PITCH) for same in kept.values() if i < len(same)]
    return sorted(rounds[:MOST_TEMPLATES], key=lambda template: template.pitch)


def _worth(template: NoteTemplate) -> float:
    """Lonely, long and loud ones first."""
    return _use(template) * min(1.0, template.shape.body / 50) * (1.0 + 0.02 * 10.0 * np.log10(template.level + 1e-12))


def _struck(mel: Float, heard: Transcription) -> Float:
    """What the hits add. Shape kept, ``[bands, frames]``."""
    struck = np.zeros_like(mel)
    for onset, following in spans(heard.hits, mel.shape[1]):
        own = stroke(mel, onset, following)
        first = max(0, onset - ATTACK_FRAMES)
        struck[:, first : first + own.shape[1]] += own
    return np.minimum(struck, mel)


def _share(part: Float, whole: Float) -> float:
    return float(part.sum() / (whole.sum() + 1e-12))


def _rising(value: float, low: float, high: float) -> float:
    """0 up to ``low``, 1 from ``high`` on, smooth between them."""
    place = min(1.0, max(0.0, (value - low) / (high - low)))
    return place * place * (3.0 - 2.0 * place)
