"""Hits one by one, and kits made of them: as a soundfont has them, and altered without end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.fft import next_fast_len

from training.compose import CLAP, CRASH, HAT, KICK, OPEN_HAT, RIDE, SNARE, TOMS, Note, Piece, Role
from training.kits.synthetic import draw_drum
from training.soundfont import DRUM_BANK, Soundfont

Hit = NDArray[np.float32]
"""Mono, ``[samples]``."""
Kit = Mapping[int, Hit]
"""By the drum's General MIDI pitch."""

DRUMS = (KICK, SNARE, CLAP, HAT, OPEN_HAT, RIDE, CRASH, *TOMS)
KITS = (0, 8, 16, 24, 25, 32, 40, 48)
"""General MIDI kits: standard, room, power, electronic, TR-808, jazz, brush, orchestra."""
ORCHESTRA = 48
"""It has timpani on the keys of hats, toms and cymbals, which makes another pattern."""
HIT_S, HIT_VELOCITY, SILENT = 1.2, 100, 1e-3
SAME_SAMPLE = 0.7
"""Correlation of two hits, at the best lag, from which they are one sample: filtered .72 to .9, strangers up to .65."""
SAME_KIT_SHARE = 0.65
"""Of one sample among the drums of two kits, from which they are too much alike to be told apart in training."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixing:
    """Of a drawn kit's drums: the share of another kit's, of synthetic ones, of altered ones."""

    borrowed: float = 0.25
    made: float = 0.15
    altered: float = 0.65


MIXING = Mixing()


def struck(font: Soundfont, kit: int, drum: int, seconds: float = HIT_S) -> Hit:
    """One hit of a soundfont's kit, as it falls."""
    note = Note(start_s=0.0, seconds=0.1, pitch=drum, velocity=HIT_VELOCITY)
    piece = Piece(role=Role.DRUMS, notes=(), drums=(note,), seconds=seconds)
    return font.play(piece, seconds, kit=kit).mean(axis=0)


def kits_of(font: Soundfont, programs: Sequence[int] = KITS) -> list[Kit]:
    """The kits of a soundfont, without their silent drums."""
    kits = [kit for kit in programs if font.has_program(kit, bank=DRUM_BANK)]
    played = [{drum: struck(font, kit, drum) for drum in DRUMS} for kit in kits]
    return [{drum: hit for drum, hit in kit.items() if np.abs(hit).max() > SILENT} for kit in played]


def correlation(one: Hit, other: Hit) -> float:
    """Normalised cross-correlation at its best lag, whatever the sign: 1 for one sound at two levels; of silence 1.

    >>> round(correlation(np.array([0, 1, 2, 0], np.float32), np.array([-2, -4, 0, 0], np.float32)), 6)
    1.0
    """
    size = next_fast_len(len(one) + len(other), real=True)
    crossed = np.abs(np.fft.irfft(np.fft.rfft(one, size) * np.conj(np.fft.rfft(other, size)), size)).max()
    energy = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(crossed) / energy if energy > 0 else 1.0


def different(kits: Sequence[Kit]) -> list[Kit]:
    """Without those that share most samples with an earlier one."""
    kept: list[Kit] = []
    for kit in kits:
        if all(_shared(kit, other) < SAME_KIT_SHARE for other in kept):
            kept.append(kit)
    return kept


def _shared(kit: Kit, other: Kit) -> float:
    same = [correlation(kit[drum], other[drum]) >= SAME_SAMPLE for drum in kit if drum in other]
    return float(np.mean(same)) if same else 0.0


def completed(kit: Kit, rng: np.random.Generator, rate: int) -> Kit:
    """The kit as it is, with synthetic drums where it has none."""
    return {drum: kit[drum] if drum in kit else draw_drum(drum, rng, HIT_S, rate) for drum in DRUMS}


def draw_kit(sources: Sequence[Kit], rng: np.random.Generator, rate: int, mixing: Mixing = MIXING) -> Kit:
    """A kit of the drums of those and of synthetic ones, each altered in a way of its own."""
    own = sources[int(rng.integers(len(sources)))]
    return {drum: _draw_hit(drum, own, sources, rng, rate, mixing) for drum in DRUMS}


def _draw_hit(drum: int, own: Kit, sources: Sequence[Kit], rng: np.random.Generator, rate: int, mixing: Mixing) -> Hit:
    chance = rng.random()
    kit = sources[int(rng.integers(len(sources)))] if chance < mixing.borrowed else own
    if drum not in kit or chance > 1 - mixing.made:
        return draw_drum(drum, rng, HIT_S, rate)
    return altered(kit[drum], rng, rate) if rng.random() < mixing.altered else kit[drum]


def altered(hit: Hit, rng: np.random.Generator, rate: int) -> Hit:
    """The hit at another pitch, with another decay, driven, louder or softer. Shape kept."""
    moved = np.interp(np.arange(len(hit)) * 2 ** rng.normal(0, 0.3), np.arange(len(hit)), hit, right=0.0)
    time = np.arange(len(hit)) / rate
    if rng.random() < 0.6:
        moved = moved * np.exp(-time / np.exp(rng.uniform(np.log(0.02), np.log(0.5))))
    if rng.random() < 0.3:
        drive = 10 ** rng.uniform(0.2, 1.2) / max(float(np.abs(moved).max()), SILENT)
        moved = np.tanh(drive * moved) / drive
    return (moved * 10 ** (rng.normal(0, 4) / 20)).astype(np.float32)


def loop(kit: Kit, piece: Piece, seconds: float, rate: int) -> Hit:
    """The pattern played by the kit."""
    out = np.zeros(round(seconds * rate), np.float32)
    for note in piece.drums:
        first = round(note.start_s * rate)
        part = kit[note.pitch][: max(0, len(out) - first)]
        out[first : first + len(part)] += np.float32((note.velocity / HIT_VELOCITY) ** 1.5) * part
    return out
