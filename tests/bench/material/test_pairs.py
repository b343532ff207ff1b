"""The benchmark's pairs: repeatable, balanced, unknown to every shipped model."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from tests.support.needs import need, need_module

need_module("librosa", "tinysoundfont")

from bench.material.pairs import RECIPES, SOUNDFONTS, Category, Pair, plan_pair, render_pairs
from bench.quality.anchors import copy_content, oracle
from bench.quality.metrics import Judge
from bench.quality.musaicing import activate
from training.voices import HELD_OUT_KITS, HELD_OUT_PROGRAMS, KITS, TRAIN_PROGRAMS

PLANS = [plan_pair(index) for index in range(96)]
TIM = SOUNDFONTS[1]


@pytest.fixture(scope="module")
def pair() -> Pair:
    need(str(TIM))
    return next(render_pairs(1, [TIM]))


def test_every_instrument_is_held_out_from_training() -> None:
    played = {program for recipe in RECIPES.values() for program in recipe.programs}
    assert played <= set(HELD_OUT_PROGRAMS)
    assert not played & set(TRAIN_PROGRAMS)
    assert not set(HELD_OUT_KITS) & set(KITS)


def test_every_held_out_instrument_is_played() -> None:
    played = {program for plan in PLANS for program in (plan.content_program, plan.style_program)}
    assert played == set(HELD_OUT_PROGRAMS)


def test_a_pair_depends_on_its_number_alone() -> None:
    assert [plan_pair(index) for index in (40, 3)] == [PLANS[40], PLANS[3]]


def test_no_two_pairs_share_a_piece() -> None:
    pieces = {piece for plan in PLANS for piece in (plan.piece, plan.other)}
    assert len(pieces) == 2 * len(PLANS)


def test_content_and_style_differ_in_instrument_and_piece() -> None:
    assert all(plan.content_program != plan.style_program and plan.piece != plan.other for plan in PLANS)


def test_categories_and_soundfonts_are_balanced() -> None:
    found = Counter((plan.category, plan.font) for plan in PLANS)
    assert set(found) == {(category, font) for category in Category for font in (0, 1)}
    assert set(found.values()) == {8}


def test_drums_sound_in_mixtures_alone() -> None:
    for plan in PLANS:
        with_drums = plan.category is Category.MIX
        assert bool(plan.piece.drums) == bool(plan.other.drums) == with_drums


def test_a_rendered_pair_is_repeatable(pair: Pair) -> None:
    again = next(render_pairs(1, [TIM]))
    for name in ("content", "style", "truth"):
        assert np.array_equal(getattr(again, name).samples, getattr(pair, name).samples)


def test_the_oracle_is_far_nearer_to_the_truth_than_the_content(pair: Pair) -> None:
    judge = Judge(pair.content, pair.truth)
    unchanged = judge.measure(copy_content(pair.content, pair.style))
    best = judge.measure(oracle(pair.content, pair.truth))
    assert best.lsd_db < 0.5 * unchanged.lsd_db
    assert best.timbre < 0.5 * unchanged.timbre
    assert best.chroma > unchanged.chroma
    assert best.lag == 0


def test_musaicing_finds_the_grains_that_a_clip_was_made_of() -> None:
    rng = np.random.default_rng(3)
    grains = (rng.random((200, 40)) ** 8).astype(np.float32)
    assert activate(grains[:, 10:30], grains).argmax(axis=0).tolist() == list(range(10, 30))
