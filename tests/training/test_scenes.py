"""Scenes for the transcriber: what is written is what sounds, and what the net is asked for follows it."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.needs import need_module

need_module("tinysoundfont")

from training.compose import Role, compose_band
from training.transcriber.batches import targets
from training.transcriber.etudes import HIGHEST, LOWEST, compose_etude
from training.transcriber.matching import Score, score_hits, score_notes

WRITTEN = np.array([(0.5, 1.0, 60), (1.0, 1.5, 64), (2.0, 4.0, 48)])


def test_etudes_stay_on_the_keyboard_and_reach_both_of_its_ends() -> None:
    pitches = [note.pitch for seed in range(80) for note in compose_etude(np.random.default_rng(seed), seconds=5).notes]
    assert (min(pitches), max(pitches)) == (LOWEST, HIGHEST)


def test_a_band_plays_one_song() -> None:
    band = compose_band(np.random.default_rng(2), (Role.BASS, Role.CHORDS, Role.MELODY), drum_share=1.0)
    assert [piece.role for piece in band] == [Role.BASS, Role.CHORDS, Role.MELODY]
    assert [bool(piece.drums) for piece in band] == [False, False, True]


def test_targets_stand_where_the_note_is() -> None:
    wanted = targets(np.array([[20, 50, 60, 0.7]], np.float32), np.array([[30, 0.5]], np.float32), 100)
    assert wanted["onset"].argmax() == (60 - 21) * 100 + 20
    assert wanted["frame"][39].sum() == 30
    assert wanted["offset"][39].argmax() == 50
    assert wanted["strength"][39, 20] == pytest.approx(0.7)
    assert wanted["percussion"].argmax() == 30


def test_notes_outside_the_crop_leave_no_trace() -> None:
    wanted = targets(np.array([[-80, -20, 60, 1], [150, 160, 60, 1]], np.float32), np.empty((0, 2), np.float32), 100)
    assert max(image.max() for image in wanted.values()) == 0


def test_a_note_that_began_before_the_crop_sounds_without_an_onset() -> None:
    wanted = targets(np.array([[-30, 40, 60, 1]], np.float32), np.empty((0, 2), np.float32), 100)
    assert wanted["frame"][39].sum() == 40
    assert wanted["onset"].max() == 0


def test_what_is_written_matches_itself() -> None:
    score = score_notes(WRITTEN, WRITTEN, with_offsets=True)
    assert (score.matched, score.f1) == (3, 1.0)


@pytest.mark.parametrize(
    ("change", "matched"), [((0.04, 0, 0), 3), ((0.06, 0, 0), 0), ((0, 0, 12), 0), ((0, 0.04, 0), 3), ((0, 0.5, 0), 0)]
)
def test_what_is_too_far_off_does_not_match(change: tuple[float, float, float], matched: int) -> None:
    assert score_notes(WRITTEN, WRITTEN + np.array(change), with_offsets=True).matched == matched


def test_every_note_is_matched_once() -> None:
    assert score_notes(WRITTEN[:1], np.repeat(WRITTEN[:1], 4, axis=0)).f1 == pytest.approx(0.4)


def test_scores_add_up() -> None:
    total = Score()
    total += Score(written=2, found=3, matched=2)
    total += Score(written=1, found=0)
    assert total.f1 == pytest.approx(4 / 6)


def test_hits_at_one_moment_are_one() -> None:
    assert score_hits(np.array([0.5, 0.501, 1.0]), np.array([0.51, 1.2])).f1 == pytest.approx(0.5)
