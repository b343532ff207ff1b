"""The judges of kits: there, small, and right about two kits that nobody trained them on."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.needs import need_module

need_module("tinysoundfont", "torch")

from bench.hearing.kits import WEIGHTS, card, kit_margin
from stylus_daw.audio.clip import Clip
from training.compose import Piece, Role, compose
from training.kits.hits import DRUMS, HIT_S, Kit, loop
from training.kits.loops import FOLDS
from training.kits.synthetic import draw_drum

RATE, SECONDS = 44_100, 3.0


def kit(seed: int) -> Kit:
    rng = np.random.default_rng(seed)
    return {drum: draw_drum(drum, rng, HIT_S, RATE) for drum in DRUMS}


def pattern(seed: int) -> Piece:
    return compose(np.random.default_rng(seed), seconds=SECONDS, role=Role.DRUMS)


def clip(of: Kit, piece: Piece) -> Clip:
    return Clip(samples=loop(of, piece, SECONDS, RATE)[None], rate=RATE)


@pytest.mark.parametrize("font", FOLDS)
def test_kits_are_known_again_in_another_pattern(font: str) -> None:
    margins = [margin for seed in (11, 13, 15) for margin in both_margins(kit(seed), kit(seed + 1), font)]
    assert sum(margin > 0 for margin in margins) >= 5
    assert np.mean(margins) > 0.1


def both_margins(one: Kit, other: Kit, font: str) -> tuple[float, float]:
    """By how much each of two kits is nearer to itself than to the other one."""
    mine, theirs = (clip(of, pattern(2)) for of in (one, other))
    return kit_margin(clip(one, pattern(1)), mine, theirs, font), kit_margin(
        clip(other, pattern(1)), theirs, mine, font
    )


@pytest.mark.parametrize("font", FOLDS)
def test_no_level_speaks_for_a_kit(font: str) -> None:
    loops = [clip(kit(11), pattern(1)), clip(kit(11), pattern(2)), clip(kit(12), pattern(2))]
    quiet = loops[0].with_samples(0.1 * loops[0].samples)
    assert kit_margin(quiet, *loops[1:], font) == pytest.approx(kit_margin(*loops, font), abs=1e-3)


@pytest.mark.parametrize("font", FOLDS)
def test_its_card_says_what_it_heard_and_how_well_it_hears(font: str) -> None:
    known = card(font)
    assert font not in known["heard"]
    assert 0.5 < known["unseen"]["one_of_two"] <= 1


def test_the_weights_are_small() -> None:
    assert sum((WEIGHTS / f"kits-{font}.safetensors").stat().st_size for font in FOLDS) <= 500_000
