"""Voices: repeatable, audible, in tune with what is written, and held out where they must be."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
import pytest

from tests.support.needs import need, need_module

need_module("tinysoundfont", "vita", "dawdreamer")

from stylus_daw.audio.clip import Clip
from stylus_daw.engine.notes.analysis import circumstances
from training.compose import Note, Piece, Role
from training.soundfont import Soundfont
from training.voices import Model, Voice, draw_voice, is_held_out, load_fonts, play, sounds, training_fonts

SCALE = tuple(Note(start_s=0.3 * i, seconds=0.25, pitch=57 + 2 * i, velocity=90) for i in range(4))
PIECE = Piece(role=Role.MELODY, notes=SCALE, drums=(), seconds=1.5)


@pytest.fixture(scope="module")
def fonts() -> list[Soundfont]:
    need("/usr/share/sounds/sf2/FluidR3_GM.sf2")
    return load_fonts(training_fonts()[:1])


@pytest.mark.parametrize("held_out", [False, True])
def test_what_is_drawn_is_held_out_or_not_as_asked(fonts: list[Soundfont], held_out: bool) -> None:
    rng = np.random.default_rng(3)
    voices = [draw_voice(rng, fonts, held_out=held_out) for _ in range(200)]
    assert {is_held_out(voice) for voice in voices} == {held_out}
    assert {voice.font for voice in voices} == {0, *Model}


def test_a_voice_is_a_few_numbers() -> None:
    voice = Voice(font=Model.MODAL, program=17)
    assert Voice(**dict(zip(Voice.__slots__, np.array(astuple(voice)), strict=True))) == voice


@pytest.mark.parametrize("model", list(Model))
def test_the_same_seed_is_the_same_sound(fonts: list[Soundfont], model: Model) -> None:
    voice = Voice(font=model, program=5)
    one, other = (play(voice, PIECE, 1.5, fonts) for _ in range(2))
    assert one.shape == (2, 66_150)
    assert np.abs(one - other).max() < 1e-3 + 0.3 * (model is Model.VITAL)


@pytest.mark.parametrize("model", [Model.WAVETABLE, Model.MODAL])
def test_most_patches_can_be_heard(fonts: list[Soundfont], model: Model) -> None:
    heard = [sounds(play(Voice(font=model, program=seed), PIECE, 1.5, fonts)) for seed in range(20)]
    assert sum(heard) >= 18


def test_a_wavetable_patch_plays_the_keys_of_concert_pitch(fonts: list[Soundfont]) -> None:
    audio = play(Voice(font=Model.WAVETABLE, program=6), PIECE, 1.5, fonts)
    clip = Clip(samples=np.ascontiguousarray(audio), rate=44_100)
    assert circumstances(clip).tuning_cents == pytest.approx(0, abs=4)


def test_silence_and_broken_audio_do_not_sound() -> None:
    assert not sounds(np.zeros((2, 100), np.float32))
    assert not sounds(np.full((2, 100), np.nan, np.float32))
