"""What the figures must say about clips whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.needs import need_module

need_module("librosa", "tinysoundfont")

from bench.hearing.multipitch import LOWEST, jaccard_distance
from bench.quality.anchors import BANDS, copy_content, copy_style, match_eq, match_rows, oracle
from bench.quality.metrics import Figures, Judge
from stylus_daw.audio.clip import Clip
from stylus_daw.audio.reconstruction import apply_gain

RATE = 44_100


def tune(pitches: tuple[int, ...], *, rolloff: float) -> Clip:
    """Decaying notes of half a second in stereo; a smaller roll-off is brighter."""
    time = np.arange(RATE // 2) / RATE
    hum = 1e-4 * np.random.default_rng(5).standard_normal(len(pitches) * len(time))
    notes = []
    for pitch in pitches:
        hz = 440 * 2 ** ((pitch - 69) / 12)
        partials = [h**-rolloff * np.sin(2 * np.pi * h * hz * time) for h in range(1, 13)]
        notes.append(0.1 * np.exp(-4 * time) * np.minimum(1, time / 0.005) * sum(partials))
    signal = (np.concatenate(notes) + hum).astype(np.float32)
    return Clip(samples=np.stack([signal, 0.8 * signal]), rate=RATE)


CONTENT = tune((60, 64, 67, 62), rolloff=2.5)
STYLE = tune((55, 59, 62, 57), rolloff=0.8)
TRUTH = tune((60, 64, 67, 62), rolloff=0.8)


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(CONTENT, TRUTH)


@pytest.fixture(scope="module")
def unchanged(judge: Judge) -> Figures:
    return judge.measure(CONTENT)


def test_the_truth_is_at_no_distance_from_itself(judge: Judge) -> None:
    figures = judge.measure(TRUTH)
    assert figures.lsd_db == pytest.approx(0, abs=1e-3)
    assert figures.timbre == pytest.approx(0, abs=1e-2)
    assert figures.pitch == 0
    assert figures.chroma == pytest.approx(1, abs=1e-5)
    assert figures.onset == pytest.approx(1, abs=1e-5)


def test_no_figure_depends_on_the_level(judge: Judge, unchanged: Figures) -> None:
    quiet = judge.measure(CONTENT.with_samples(0.05 * CONTENT.samples))
    for metric in ("lsd_db", "timbre", "chroma", "onset", "pitch"):
        assert getattr(quiet, metric) == pytest.approx(getattr(unchanged, metric), rel=1e-2, abs=1e-3)


def test_silence_gives_the_worst_figures_and_no_warning(judge: Judge, unchanged: Figures) -> None:
    figures = judge.measure(CONTENT.with_samples(np.zeros_like(CONTENT.samples)))
    assert (figures.chroma, figures.onset, figures.pitch) == (0, 0, 1)
    assert figures.lsd_db > unchanged.lsd_db
    assert figures.timbre > unchanged.timbre


def test_another_timbre_changes_lsd_and_timbre_but_hardly_the_notes(unchanged: Figures) -> None:
    assert unchanged.lsd_db > 3
    assert unchanged.timbre > 20
    assert unchanged.chroma > 0.9
    assert unchanged.pitch < 0.3


def test_other_notes_by_the_same_voice_are_near_in_timbre_and_far_in_pitch(judge: Judge, unchanged: Figures) -> None:
    figures = judge.measure(STYLE)
    assert figures.timbre < unchanged.timbre
    assert figures.chroma < 0.6
    assert figures.pitch > 0.6


@pytest.mark.parametrize("late", [0, 1, 37, -480])
def test_lag_counts_samples(judge: Judge, late: int) -> None:
    assert judge.measure(CONTENT.with_samples(np.roll(CONTENT.samples, late, axis=1))).lag == late


def test_pitches_are_found_where_they_are(judge: Judge) -> None:
    middle_of_notes = [2, 13, 24, 34]
    found = judge.truth.pitches[:, middle_of_notes].argmax(axis=0) + LOWEST
    assert found.tolist() == [60, 64, 67, 62]


def test_jaccard_distance_of_nothing_and_nothing_is_zero() -> None:
    nothing, something = np.zeros((3, 4), np.bool_), np.eye(3, 4, dtype=np.bool_)
    assert jaccard_distance(nothing, nothing) == 0
    assert jaccard_distance(nothing, something) == 1


def test_the_oracle_beats_every_anchor(judge: Judge) -> None:
    best = judge.measure(oracle(CONTENT, TRUTH))
    for anchor in (copy_content, copy_style, match_eq, match_rows):
        figures = judge.measure(anchor(CONTENT, STYLE))
        assert best.lsd_db < figures.lsd_db
        assert best.timbre < figures.timbre


@pytest.mark.parametrize("anchor", [copy_content, match_eq, match_rows])
def test_anchors_that_shape_the_content_keep_its_place_and_shape(anchor, judge: Judge) -> None:
    result = anchor(CONTENT, STYLE)
    assert result.samples.shape == CONTENT.samples.shape
    assert judge.measure(result).lag == 0


@pytest.mark.parametrize("anchor", [match_eq, match_rows])
def test_matching_a_clip_to_itself_changes_nothing(anchor) -> None:
    assert np.abs(anchor(CONTENT, CONTENT).samples - CONTENT.samples).max() < 1e-3


def test_match_eq_undoes_a_static_tilt() -> None:
    tilt = np.linspace(-12, 12, BANDS.bands, dtype=np.float32)[:, None]
    frames = BANDS.at(RATE).frames(CONTENT.length)
    tilted = apply_gain(CONTENT, np.repeat(tilt, frames, axis=1), BANDS)
    judge = Judge(tilted, CONTENT)
    assert judge.measure(match_eq(tilted, CONTENT)).timbre < 0.3 * judge.measure(tilted).timbre


def test_a_short_style_is_repeated_when_copied() -> None:
    short = STYLE.slice(0, 1000)
    assert np.array_equal(copy_style(CONTENT, short).samples[:, 1000:2000], short.samples)
