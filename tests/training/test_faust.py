"""Faust's voices: repeatable, in tune, and nothing that their programs do takes the training down."""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path

import numpy as np
import pytest

from tests.support.needs import need, need_module

need_module("dawdreamer", "tinysoundfont", "vita")

from training.compose import Note, Piece, Role
from training.faust.order import Order
from training.faust.process import FaustFailed, FaustProcess
from training.faust.programs import HEAD, PROGRAMS, faust_text
from training.faust.soundness import fault
from training.faust.tuning import fundamental, in_tune
from training.soundfont import Soundfont
from training.voices import Model, Voice, faust, play, sounds

RATE, FONT = 44_100, Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")
BLOCK = 32
"""Samples in which a key is let go."""
KEYS = (52, 60, 67)
SCALE = tuple(Note(start_s=0.6 * i, seconds=0.5, pitch=key, velocity=100 - 20 * i) for i, key in enumerate(KEYS))
SEEDS = {faust.draw_patch(seed).program.name: seed for seed in reversed(range(1, 200))}
"""The first voice of each program."""


def _order(process: str) -> Order:
    return Order(
        text=f"{HEAD}process = {process};", values={"freq": 441.0, "gain": 1.0}, held=2000, length=4000, rate=RATE
    )


def _sine(hz: float, seconds: float = 0.7) -> np.ndarray:
    return np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE)) / RATE)


def test_a_note_is_what_the_program_says() -> None:
    with FaustProcess() as process:
        note = process.play(_order("os.osc(freq) * gain * gate"))
    assert note[:2000] == pytest.approx(_sine(441)[:2000], abs=1e-3)
    assert not note[2000 + BLOCK :].any()


def test_a_program_that_aborts_ends_one_note_and_not_the_next() -> None:
    with FaustProcess() as process:
        with pytest.raises(FaustFailed, match="ended with -6"):
            process.play(_order('ffunction(int abort(), <stdlib.h>, "") * gate'))
        assert process.pid is None
        assert process.play(_order("os.osc(freq) * gate")).any()


def test_a_program_that_never_compiles_is_ended_in_time() -> None:
    with FaustProcess(limit_s=3) as process, pytest.raises(FaustFailed, match="did not answer within 3 s"):
        process.play(_order("par(i, 400000, os.osc(freq + i)) :> *(gate)"))


def test_a_program_with_a_mistake_is_refused_by_name_and_the_process_stays() -> None:
    with FaustProcess() as process:
        with pytest.raises(FaustFailed, match="syntax error"):
            process.play(_order("os.osc("))
        assert process.play(_order("os.osc(freq) * gate")).any()


def test_the_process_is_gone_when_it_is_closed() -> None:
    with FaustProcess() as process:
        process.play(_order("os.osc(freq) * gate"))
        pid = process.pid
    assert pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.parametrize("name", ["violin", "nylon-string guitar", "flute", "analogue"])
def test_a_voice_plays_its_keys_in_tune_and_twice_the_same(name: str) -> None:
    one, other = (faust.play(SEEDS[name], SCALE, 2.4, RATE) for _ in range(2))
    assert (one == other).all()
    assert one.shape == (2, round(2.4 * RATE))
    for note in SCALE:
        heard = fundamental(one[0, round(note.start_s * RATE) : round((note.start_s + 0.5) * RATE)], RATE)
        assert heard is not None
        assert 12 * np.log2(heard / 440) + 69 == pytest.approx(note.pitch, abs=0.15)


def test_two_seeds_are_two_voices() -> None:
    seeds = [seed for seed in range(1, 200) if faust.draw_patch(seed).program.name == "FM"][:3]
    one, two, three = (faust.play(seed, SCALE, 2.4, RATE) for seed in seeds)
    assert min(np.abs(a - b).max() for a, b in ((one, two), (two, three), (one, three))) > 0.01


def test_every_program_is_drawn() -> None:
    assert SEEDS.keys() == {program.name for program in PROGRAMS}
    assert len({faust_text(program) for program in PROGRAMS}) == len(PROGRAMS)


def test_a_voice_that_cannot_play_is_silent_with_its_drums() -> None:
    need(str(FONT))
    hits = (Note(start_s=0.1, seconds=0.1, pitch=36, velocity=120),)
    too_high = Piece(
        role=Role.SONG, notes=(Note(start_s=0, seconds=0.5, pitch=125, velocity=90),), drums=hits, seconds=1
    )
    fonts = [Soundfont(FONT, RATE)]
    assert not sounds(play(Voice(font=Model.FAUST, program=SEEDS["flute"]), too_high, 1.0, fonts))


def test_a_worker_of_a_pool_may_play() -> None:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert sounds(pool.apply(faust.play, (SEEDS["FM"], SCALE, 2.4, RATE)))


@pytest.mark.parametrize("hz", [41.2, 440.0, 2093.0])
def test_a_model_that_is_too_long_is_tuned(hz: float) -> None:
    def late(asked: float) -> np.ndarray:
        return _sine(1 / (1.3 / asked + 0.0001))

    asked = in_tune(late, hz, RATE)
    assert asked is not None
    assert 1200 * np.log2(1 / (1.3 / asked + 0.0001) / hz) == pytest.approx(0, abs=5)


def test_what_has_no_pitch_or_jumps_between_two_is_not_tuned() -> None:
    noise = np.random.default_rng(1).standard_normal(RATE)
    assert in_tune(lambda asked: noise, 440, RATE) is None
    assert in_tune(lambda asked: _sine(300 if asked > 440 else 600), 440, RATE) is None


def test_faults_of_a_note_are_told() -> None:
    good = _sine(220) * np.exp(-np.arange(round(0.7 * RATE)) / (0.1 * RATE))
    click = good.copy()
    click[round(0.3 * RATE)] += 0.3
    assert fault(good, 26_460, RATE) == ""
    assert fault(click, 26_460, RATE) == "clicks"
    assert fault(good + 0.2, 26_460, RATE) == "off centre"
    assert fault(_sine(220), 26_460, RATE) == "does not end"
