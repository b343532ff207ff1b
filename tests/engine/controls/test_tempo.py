"""Beats heard and styles brought into time."""

from __future__ import annotations

import logging

import numpy as np
import pytest

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.reconstruction import mel_image
from stylus_daw.audio.spectrogram import Image, MelGeometry
from stylus_daw.engine.controls.style_loop import Clock, folded, in_time, looped, whole_bars
from stylus_daw.engine.controls.tempo import first_beat, heard_beat
from stylus_daw.engine.request import StyleSettings
from stylus_daw.errors import RequestError

GEOMETRY, HOP_MS, RATE = MelGeometry(), 10, 22_050


def plucked(bpm: float, beats: int, *, begin_s: float = 0.0) -> Image:
    """One pluck on each beat, every fourth the loudest, others at random between; from ``begin_s`` on."""
    rng = np.random.default_rng(2)
    total = begin_s + beats * 60 / bpm
    time = np.arange(round(total * RATE)) / RATE
    wave = 1e-4 * rng.standard_normal(time.size)
    for beat in range(beats):
        since = time - begin_s - beat * 60 / bpm
        pluck = np.exp(-np.maximum(since, 0) * 12) * np.sin(2 * np.pi * 220 * 2 ** (rng.integers(12) / 12) * since)
        wave += (since >= 0) * pluck * (0.4 if beat % 4 == 0 else 0.2)
    return mel_image(Clip(samples=wave[None].astype(np.float32), rate=RATE), GEOMETRY)


def noise() -> Image:
    samples = np.random.default_rng(3).normal(0, 0.1, (1, 7 * RATE)).astype(np.float32)
    return mel_image(Clip(samples=samples, rate=RATE), GEOMETRY)


@pytest.mark.parametrize("bpm", [63.0, 90.0, 120.0, 174.0])
def test_a_beat_is_heard_up_to_a_factor_of_two(bpm: float) -> None:
    beat = heard_beat(plucked(bpm, 16), HOP_MS)
    assert beat.is_clear
    assert folded(beat.bpm, bpm) == pytest.approx(bpm, rel=0.02)


def test_no_beat_is_heard_in_noise_nor_in_a_drone() -> None:
    assert not heard_beat(noise(), HOP_MS).is_clear
    assert not heard_beat(np.zeros((128, 800), np.float32), HOP_MS).is_clear
    assert not heard_beat(np.zeros((128, 1), np.float32), HOP_MS).is_clear


def test_the_first_beat_is_found() -> None:
    image = plucked(100.0, 12, begin_s=0.25)
    assert first_beat(image, HOP_MS, 100.0) == pytest.approx(25, abs=4)


@pytest.mark.parametrize(("bpm", "session"), [(90.0, 100.0), (100.0, 87.0), (70.0, 128.0)])
def test_a_loop_is_whole_bars_at_the_sessions_tempo(bpm: float, session: float) -> None:
    loop = looped(plucked(bpm, 16), bpm, Clock(bpm=session), HOP_MS)
    bars = loop.shape[1] / (4 * 6_000 / session)
    assert bars == pytest.approx(round(bars), abs=0.01)
    heard = heard_beat(np.tile(loop, (1, 3)), HOP_MS)
    assert folded(heard.bpm, session) == pytest.approx(session, rel=0.02)


def test_a_loop_begins_on_a_beat_and_comes_back_on_one() -> None:
    loop = looped(plucked(100.0, 13, begin_s=0.3), 100.0, Clock(bpm=120.0, bar_beats=3.0), HOP_MS)
    assert loop.shape[1] == round(12 * 6_000 / 120)
    assert first_beat(np.tile(loop, (1, 2)), HOP_MS, 120.0) % 50 in (*range(4), *range(46, 50))


def test_what_is_shorter_than_a_bar_loops_by_beats() -> None:
    assert whole_bars(3.5, 4.0) == 3.0
    assert whole_bars(7.99, 3.0) == 6.0
    assert looped(plucked(120.0, 3), 120.0, Clock(bpm=120.0), HOP_MS).shape[1] == 150


def test_a_style_without_a_beat_stays_as_it_is_beside_one_with_a_beat(caplog: pytest.LogCaptureFixture) -> None:
    hiss, beat = noise(), plucked(90.0, 16)
    with caplog.at_level(logging.WARNING):
        images = in_time((hiss, beat), (None, None), Clock(bpm=100.0), HOP_MS)
    assert images[0] is hiss
    assert images[1].shape[1] == round(16 * 6_000 / 100)
    assert "no steady beat" in caplog.text


def test_a_told_tempo_goes_before_the_heard_one() -> None:
    (image,) = in_time((noise(),), (120.0,), Clock(bpm=100.0), HOP_MS)
    assert image.shape[1] == round(12 * 6_000 / 100)


def test_an_unknown_tempo_is_told() -> None:
    with pytest.raises(RequestError) as of_style:
        in_time((noise(),), (None,), Clock(bpm=100.0), HOP_MS)
    with pytest.raises(RequestError) as of_session:
        Clock.of(StyleSettings(tempo_sync=True))
    assert (of_style.value.code, of_session.value.code) == ("tempo.style", "tempo.session")
    assert Clock.of(StyleSettings(tempo_bpm=90)) is None
