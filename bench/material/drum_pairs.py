"""Ground-truth pairs of drum loops: one pattern by two kits of a soundfont.

    content   pattern P by kit A
    style     another pattern Q by kit B
    truth     pattern P by kit B
    decoy     pattern Q by kit A: what the style would be, had nothing to be learnt from it

Kits of one soundfont share samples, some of them all. A pair's kits play at least two thirds of the drums of either
pattern with different samples. Pair ``i`` depends on ``i`` and the soundfonts alone; soundfonts take turns.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from bench.material.pairs import RATE, SECONDS, SOUNDFONTS
from stylus_daw.audio.clip import Clip
from training.compose import Piece, Role, compose
from training.kits.hits import KITS, ORCHESTRA, SAME_SAMPLE, correlation, struck
from training.soundfont import DRUM_BANK, Soundfont

SEED_NAMESPACE = 0x0D2A35
HIT_S = 0.5
DIFFERENT_SHARE = 0.66


@dataclass(frozen=True, slots=True, kw_only=True)
class DrumPlan:
    """A pair before it sounds.

    Attributes:
        index: its number.
        font: which of the soundfonts plays all of it.
        content_kit, style_kit: A and B, programs of bank 128.
        piece, other: P and Q.
    """

    index: int
    font: int
    content_kit: int
    style_kit: int
    piece: Piece
    other: Piece


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DrumPair:
    """A plan, played. All clips are stereo, of the same rate and length.

    Attributes:
        differing: share of the pattern's drums that the kits play with different samples.
    """

    plan: DrumPlan
    font_name: str
    differing: float
    content: Clip
    style: Clip
    truth: Clip
    decoy: Clip


def render_drum_pairs(count: int, soundfonts: Sequence[Path] = SOUNDFONTS) -> Iterator[DrumPair]:
    """The first ``count`` pairs, one at a time."""
    kits = [FontKits(Soundfont(path, RATE)) for path in soundfonts]
    for index in range(count):
        yield _render(_plan(index, kits), kits[index % len(kits)])


class FontKits:
    """The kits that a soundfont really has, and which of their drums are the same samples."""

    def __init__(self, font: Soundfont) -> None:
        self.font = font
        kits = (kit for kit in KITS if font.has_program(kit, bank=DRUM_BANK))
        self.programs = [kit for kit in kits if kit != ORCHESTRA]
        self._alike = lru_cache(maxsize=None)(self._correlation)
        self._hit = lru_cache(maxsize=None)(lambda kit, drum: struck(font, kit, drum, HIT_S))

    def differing(self, one: int, other: int, piece: Piece) -> float:
        """Share of a pattern's drums, 0..1, that two kits play with different samples."""
        drums = sorted({note.pitch for note in piece.drums if note.start_s < SECONDS})
        return float(np.mean([self._alike(one, other, drum) < SAME_SAMPLE for drum in drums]))

    def play(self, piece: Piece, kit: int) -> Clip:
        return Clip(samples=self.font.play(piece, SECONDS, kit=kit), rate=RATE)

    def _correlation(self, one: int, other: int, drum: int) -> float:
        return correlation(self._hit(one, drum), self._hit(other, drum))


def _plan(index: int, kits: Sequence[FontKits]) -> DrumPlan:
    """The first draw whose kits differ."""
    font = index % len(kits)
    draws = (_draw(index, attempt, font, kits[font].programs) for attempt in itertools.count())
    return next(plan for plan in draws if _differ(plan, kits[font]))


def _draw(index: int, attempt: int, font: int, programs: Sequence[int]) -> DrumPlan:
    rng = np.random.default_rng([SEED_NAMESPACE, index, attempt])
    one, other = (int(kit) for kit in rng.choice(programs, 2, replace=False))
    piece, another = (compose(rng, seconds=SECONDS, role=Role.DRUMS) for _ in range(2))
    return DrumPlan(index=index, font=font, content_kit=one, style_kit=other, piece=piece, other=another)


def _differ(plan: DrumPlan, kits: FontKits) -> bool:
    """Whether the kits do, on either pattern."""
    shares = (kits.differing(plan.content_kit, plan.style_kit, piece) for piece in (plan.piece, plan.other))
    return min(shares) >= DIFFERENT_SHARE


def _render(plan: DrumPlan, kits: FontKits) -> DrumPair:
    return DrumPair(
        plan=plan,
        font_name=kits.font.path.stem,
        differing=kits.differing(plan.content_kit, plan.style_kit, plan.piece),
        content=kits.play(plan.piece, plan.content_kit),
        style=kits.play(plan.other, plan.style_kit),
        truth=kits.play(plan.piece, plan.style_kit),
        decoy=kits.play(plan.other, plan.content_kit),
    )
