"""Where the attack of a hit begins: on its sample, at any rate, whatever sounds on underneath."""

from __future__ import annotations

import numpy as np
import pytest

from stylus_daw.audio.attacks import steepest_rise
from stylus_daw.audio.clip import Samples

RATES = [22_050, 44_100, 48_000, 96_000]
CLOSE_S = 0.0003
PLACE_S, SECONDS = 0.0213, 0.05


def beats(rate: int) -> dict[str, Samples]:
    """One of each kind at ``PLACE_S``, out of silence. Shape: ``[1, samples]`` each."""
    size, place = round(SECONDS * rate), round(PLACE_S * rate)
    time = np.arange(size - place) / rate
    falling, noise = np.exp(-time / 0.05), np.random.default_rng(0).standard_normal(time.size)
    kinds = {
        "kick": np.sin(2 * np.pi * 60 * time) * falling,
        "soft kick": np.sin(2 * np.pi * 60 * time) * falling * (1 - np.exp(-time / 0.002)),
        "drum with a beater": np.cos(2 * np.pi * 60 * time) * falling,
        "hat": 0.3 * noise * falling,
        "click": np.where(np.arange(time.size) == 0, 1.0, 0.0),
    }
    return {
        name: np.concatenate([np.zeros(place), 0.5 * sound])[None].astype(np.float32) for name, sound in kinds.items()
    }


@pytest.mark.parametrize("rate", [*RATES, 192_000])
@pytest.mark.parametrize("level", [1.0, 1e-3])
def test_an_attack_out_of_silence_is_found_on_its_sample(rate: int, level: float) -> None:
    for name, beat in beats(rate).items():
        late = steepest_rise(np.float32(level) * beat, rate) - round(PLACE_S * rate)
        assert abs(late) <= CLOSE_S * rate, name


@pytest.mark.parametrize("rate", RATES)
def test_what_sounds_on_underneath_does_not_hide_it(rate: int) -> None:
    bass = 0.3 * np.sin(2 * np.pi * 110 * np.arange(round(SECONDS * rate)) / rate).astype(np.float32)
    for name in ("drum with a beater", "hat", "click"):
        late = steepest_rise(np.asarray(beats(rate)[name] + bass, np.float32), rate) - round(PLACE_S * rate)
        assert abs(late) <= CLOSE_S * rate, name


@pytest.mark.parametrize("rate", RATES)
def test_what_sounded_already_does_not_begin_with_the_stretch(rate: int) -> None:
    past = round(rate / 1_000) * 10
    beat = np.concatenate([np.zeros((1, past)), beats(rate)["drum with a beater"]], axis=1)
    hiss = 0.03 * np.random.default_rng(1).uniform(-1, 1, beat.shape[1])
    late = steepest_rise(np.asarray(beat + hiss, np.float32), rate, past) - round(PLACE_S * rate)
    assert abs(late) <= CLOSE_S * rate


def test_the_louder_of_two_is_found_in_whichever_channel() -> None:
    rate = 44_100
    hat, silent = beats(rate)["hat"], np.zeros((1, round(SECONDS * rate)), np.float32)
    alone = steepest_rise(hat, rate)
    assert steepest_rise(np.concatenate([silent, silent, -hat]), rate) == alone
    assert steepest_rise(np.concatenate([hat, -hat]), rate) == alone
    earlier = 0.1 * np.roll(hat, -400, axis=1)
    assert steepest_rise(np.concatenate([earlier, hat]), rate) == alone


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("shape", [(1, 0), (2, 0), (1, 1), (6, 1), (1, 21), (2, 2_000)])
def test_where_nothing_rises_it_is_the_beginning(rate: int, shape: tuple[int, int]) -> None:
    silence = np.zeros(shape, np.float32)
    for level in (0.0, 0.5, 1e-9):
        assert steepest_rise(silence + np.float32(level), rate) == 0


@pytest.mark.parametrize("rate", RATES)
def test_a_sound_that_begins_with_a_beat_begins_with_its_attack(rate: int) -> None:
    for name, beat in beats(rate).items():
        late = steepest_rise(beat[:, round(PLACE_S * rate) :], rate)
        assert late <= CLOSE_S * rate, name


def test_full_scale_squares_and_a_step_rise_where_they_do() -> None:
    step = np.zeros((1, 2_000), np.float32)
    step[:, 700:] = 1.0
    assert steepest_rise(step, 44_100) == 700
    square = np.sign(np.sin(2 * np.pi * 100 * np.arange(2_000) / 44_100))[None].astype(np.float32)
    assert 0 <= steepest_rise(square, 44_100) < 2_000
