"""Ground-truth pairs: what goes in, what is asked for, and what should come out.

    content   piece P by instrument A
    style     another piece Q by instrument B
    truth     piece P by instrument B

Instruments are General MIDI programs that no shipped model was trained on, in any soundfont. Pair
``i`` depends on ``i`` alone: the first 8 of 96 pairs are the 8 pairs of a small run. Categories
take turns, and so do the soundfonts, the second of which was never heard in training at all.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import numpy as np

from stylus_daw.audio.clip import Clip
from training.compose import Piece, Role, compose
from training.soundfont import Soundfont
from training.voices import HELD_OUT_KITS

RATE, SECONDS = 44_100, 6.0
SOUNDFONTS = (Path("/usr/share/sounds/sf2/FluidR3_GM.sf2"), Path("/usr/share/sounds/sf2/TimGM6mb.sf2"))
SEED_NAMESPACE = 0x0B3ACE
SILENT_DB, MIN_NOTES = -50.0, 3


class Category(Enum):
    """What is on the track."""

    SOLO = "solo"
    CHORDS = "chords"
    BASS = "bass"
    LEAD = "lead"
    PAD = "pad"
    MIX = "mix with drums"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What the pieces of a category are, and who may play them."""

    roles: tuple[Role, ...]
    programs: tuple[int, ...]
    drum_share: float = 0.0


RECIPES = {
    Category.SOLO: Recipe(
        roles=(Role.MELODY, Role.RIFF), programs=(11, 22, 24, 41, 45, 46, 56, 60, 66, 71, 73, 104, 108, 114)
    ),
    Category.CHORDS: Recipe(roles=(Role.CHORDS,), programs=(4, 11, 19, 24, 30, 45, 46, 52, 60, 88, 114)),
    Category.BASS: Recipe(roles=(Role.BASS,), programs=(4, 19, 24, 30, 33, 38, 81)),
    Category.LEAD: Recipe(roles=(Role.ARPEGGIO, Role.RIFF), programs=(4, 11, 24, 30, 46, 56, 66, 73, 81, 104, 108)),
    Category.PAD: Recipe(roles=(Role.PAD,), programs=(19, 22, 41, 52, 60, 71, 81, 88)),
    Category.MIX: Recipe(roles=(Role.SONG,), programs=(4, 11, 19, 24, 30, 46, 52, 56, 81, 88, 104), drum_share=1.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A pair before it sounds.

    Attributes:
        index: its number.
        category: of piece and other.
        font: which of the soundfonts plays all of it.
        content_program, style_program: A and B.
        kit: plays the drums of all three clips alike.
        piece, other: P and Q.
    """

    index: int
    category: Category
    font: int
    content_program: int
    style_program: int
    kit: int
    piece: Piece
    other: Piece


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pair:
    """A plan, played. All clips are stereo, of the same rate and length."""

    plan: Plan
    font_name: str
    content: Clip
    style: Clip
    truth: Clip


def plan_pair(index: int, attempt: int = 0, *, fonts: int = 2) -> Plan:
    """Pair ``index``; another ``attempt`` draws it anew.

    >>> plan_pair(5).category, plan_pair(5) == plan_pair(5)
    (<Category.MIX: 'mix with drums'>, True)
    """
    categories = list(Category)
    category = categories[index % len(categories)]
    recipe = RECIPES[category]
    rng = np.random.default_rng([SEED_NAMESPACE, index, attempt])
    a, b = rng.choice(recipe.programs, 2, replace=False)
    pieces = [
        compose(rng, seconds=SECONDS, role=recipe.roles[rng.integers(len(recipe.roles))], drum_share=recipe.drum_share)
        for _ in range(2)
    ]
    return Plan(
        index=index,
        category=category,
        font=(index + index // len(categories)) % fonts,
        content_program=int(a),
        style_program=int(b),
        kit=HELD_OUT_KITS[index % len(HELD_OUT_KITS)],
        piece=pieces[0],
        other=pieces[1],
    )


def render_pairs(count: int, soundfonts: Sequence[Path] = SOUNDFONTS) -> Iterator[Pair]:
    """The first ``count`` pairs, one at a time. A pair with a silent clip is drawn anew."""
    fonts = [Soundfont(path, RATE) for path in soundfonts]
    for index in range(count):
        yield _first_that_sounds(index, fonts)


def _first_that_sounds(index: int, fonts: list[Soundfont]) -> Pair:
    attempts = (plan_pair(index, attempt, fonts=len(fonts)) for attempt in itertools.count())
    return next(pair for plan in attempts if (pair := _render(plan, fonts[plan.font])) is not None)


def _render(plan: Plan, font: Soundfont) -> Pair | None:
    if min(_notes_inside(plan.piece), _notes_inside(plan.other)) < MIN_NOTES:
        return None
    content, style, truth = (
        Clip(samples=font.play(piece, SECONDS, program=program, kit=plan.kit), rate=RATE)
        for piece, program in (
            (plan.piece, plan.content_program),
            (plan.other, plan.style_program),
            (plan.piece, plan.style_program),
        )
    )
    if any(_is_silent(clip) for clip in (content, style, truth)):
        return None
    return Pair(plan=plan, font_name=font.path.stem, content=content, style=style, truth=truth)


def by_another_library(plan: Plan, fonts: Sequence[Soundfont]) -> Clip:
    """The truth's notes on the same instrument out of the other soundfont: what knowing the score would be worth."""
    font = fonts[(plan.font + 1) % len(fonts)]
    return Clip(samples=font.play(plan.piece, SECONDS, program=plan.style_program, kit=plan.kit), rate=RATE)


def _notes_inside(piece: Piece) -> int:
    return sum(note.start_s < SECONDS for note in piece.notes)


def _is_silent(clip: Clip) -> bool:
    rms = float(np.sqrt(np.mean(np.square(clip.mid(), dtype=np.float64))))
    return rms < 10 ** (SILENT_DB / 20)
