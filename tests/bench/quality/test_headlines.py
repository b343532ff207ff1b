"""Instrument heard, music kept: the figures that come first."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.needs import need, need_module

need_module("librosa", "tinysoundfont", "onnxruntime", "basic_pitch")

from bench.hearing.basic_pitch import FoundNote, find_notes
from bench.hearing.note_f1 import note_f1
from bench.material.pairs import SOUNDFONTS, Category, Pair, render_pairs
from bench.quality.anchors import match_eq
from bench.quality.heard import headline
from stylus_daw.audio.clip import Clip
from training.compose import Note

RATE = 44_100


def found(*notes: tuple[float, int]) -> list[FoundNote]:
    return [FoundNote(start_s=start, end_s=start + 0.5, pitch=pitch) for start, pitch in notes]


def written(*notes: tuple[float, int]) -> list[Note]:
    return [Note(start_s=start, seconds=0.5, pitch=pitch, velocity=90) for start, pitch in notes]


@pytest.fixture(scope="module")
def pairs() -> list[Pair]:
    need(*map(str, SOUNDFONTS))
    return list(render_pairs(6))


def test_the_written_notes_themselves_have_f1_one() -> None:
    assert note_f1(found((0.5, 60), (1.5, 62)), written((0.5, 60), (1.5, 62)), 6) == 1


@pytest.mark.parametrize("wrong", [(0.5, 61), (0.5, 72), (0.57, 60)])
def test_a_semitone_an_octave_and_seventy_milliseconds_are_wrong(wrong: tuple[float, int]) -> None:
    assert note_f1(found(wrong), written((0.5, 60)), 6) == 0


def test_a_note_heard_twice_counts_once() -> None:
    assert note_f1(found((0.48, 60), (0.52, 60)), written((0.5, 60)), 6) == pytest.approx(2 / 3)


def test_basic_pitch_finds_two_plucked_tones() -> None:
    time = np.arange(2 * RATE) / RATE
    sound = np.zeros(time.size)
    for start, pitch in ((0.3, 69), (1.2, 64)):
        at = np.maximum(time - start, 0)
        hz = 440 * 2 ** ((pitch - 69) / 12)
        partials = sum(np.sin(2 * np.pi * k * hz * at) / k for k in range(1, 6))
        sound += (time > start) * partials * np.exp(-4 * at)
    clip = Clip(samples=(0.2 * np.stack([sound, sound])).astype(np.float32), rate=RATE)
    assert note_f1(find_notes(clip), written((0.3, 69), (1.2, 64)), 2) >= 0.8


def test_the_style_is_heard_in_the_truth_and_not_in_the_content(pairs: list[Pair]) -> None:
    pitched = [pair for pair in pairs if pair.plan.category is not Category.MIX]
    truth, content, equalised = (
        [headline(clip(pair), pair) for pair in pitched]
        for clip in (lambda p: p.truth, lambda p: p.content, lambda p: match_eq(p.content, p.style))
    )
    assert np.mean([h.heard for h in truth]) >= 0.8
    assert np.mean([h.heard for h in content]) <= 0.2
    assert np.mean([h.log_p for h in truth]) > np.mean([h.log_p for h in equalised]) + 1


def test_beside_drums_nobody_listens_for_an_instrument(pairs: list[Pair]) -> None:
    mix = next(pair for pair in pairs if pair.plan.category is Category.MIX)
    figures = headline(mix.truth, mix)
    assert np.isnan(figures.heard)
    assert np.isnan(figures.log_p)
    assert 0 <= figures.note_f1 <= 1
