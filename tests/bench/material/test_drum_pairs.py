"""Pairs of drum loops: repeatable, and of kits that really differ."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.needs import need, need_module

need_module("tinysoundfont")

from bench.material.drum_pairs import DIFFERENT_SHARE, ORCHESTRA, DrumPair, FontKits, render_drum_pairs
from bench.material.pairs import RATE, SECONDS, SOUNDFONTS
from training.compose import HAT, KICK, Note, Piece, Role
from training.soundfont import Soundfont

TIM = SOUNDFONTS[1]


@pytest.fixture(scope="module")
def pairs() -> list[DrumPair]:
    need(str(TIM))
    return list(render_drum_pairs(3, [TIM]))


@pytest.fixture(scope="module")
def kits() -> FontKits:
    need(str(TIM))
    return FontKits(Soundfont(TIM, RATE))


def pattern(*drums: int) -> Piece:
    notes = tuple(Note(start_s=0.5 * n, seconds=0.1, pitch=drum, velocity=90) for n, drum in enumerate(drums))
    return Piece(role=Role.DRUMS, notes=(), drums=notes, seconds=SECONDS)


def test_a_pair_depends_on_its_number_alone(pairs: list[DrumPair]) -> None:
    again = list(render_drum_pairs(3, [TIM]))[2]
    assert again.plan == pairs[2].plan
    for name in ("content", "style", "truth", "decoy"):
        np.testing.assert_array_equal(getattr(again, name).samples, getattr(pairs[2], name).samples)


def test_the_four_clips_are_two_patterns_by_two_kits(pairs: list[DrumPair], kits: FontKits) -> None:
    plan = pairs[0].plan
    assert plan.piece != plan.other
    assert plan.content_kit != plan.style_kit
    np.testing.assert_array_equal(pairs[0].truth.samples, kits.play(plan.piece, plan.style_kit).samples)
    np.testing.assert_array_equal(pairs[0].decoy.samples, kits.play(plan.other, plan.content_kit).samples)
    assert pairs[0].content.samples.shape == (2, round(SECONDS * RATE))


def test_the_kits_of_a_pair_differ_on_either_pattern(pairs: list[DrumPair], kits: FontKits) -> None:
    for pair in pairs:
        plan = pair.plan
        assert pair.differing >= DIFFERENT_SHARE
        assert kits.differing(plan.content_kit, plan.style_kit, plan.other) >= DIFFERENT_SHARE


def test_kits_that_are_the_same_samples_are_no_different_at_all(kits: FontKits) -> None:
    """TimGM6mb's jazz kit is its standard kit; its TR-808 has another kick."""
    assert kits.differing(0, 32, pattern(KICK, HAT)) == 0
    assert kits.differing(0, 25, pattern(KICK)) == 1


def test_the_orchestra_does_not_play(kits: FontKits) -> None:
    assert ORCHESTRA not in kits.programs
    assert len(kits.programs) > 3
