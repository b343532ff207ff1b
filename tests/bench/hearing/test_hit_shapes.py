"""Shapes of hits: what a hit does, and no static equaliser."""

from __future__ import annotations

import numpy as np
import pytest

from bench.hearing.hit_shapes import hit_shapes, likeness, moments
from stylus_daw.audio.clip import Clip

RATE, SECONDS = 44_100, 2.0
ONSETS = (0.1, 0.5, 0.9, 1.3)


def hits(decay_s: float, seed: int = 1) -> Clip:
    noise = np.random.default_rng(seed).standard_normal(round(SECONDS * RATE))
    time = np.arange(noise.size) / RATE
    course = sum((time >= onset) * np.exp(-np.maximum(time - onset, 0) / decay_s) for onset in ONSETS)
    return Clip(samples=(0.1 * noise * course)[None].astype(np.float32), rate=RATE)


def equalised(clip: Clip) -> Clip:
    spectrum = np.fft.rfft(clip.samples)
    tilt = np.interp(np.arange(spectrum.shape[1]), [0, 2_000, 44_100], [4.0, 1.0, 0.25])
    return clip.with_samples(np.fft.irfft(spectrum * tilt, clip.length).astype(np.float32))


SPANS = moments(ONSETS, SECONDS)
SHORT, LONG = (hit_shapes(hits(decay_s), SPANS) for decay_s in (0.02, 0.2))


def test_hits_at_once_are_one_and_hits_behind_the_end_are_none() -> None:
    assert moments([0.5, 0.51, 1.0, 2.5], 2.0) == [(0.5, 0.75), (1.0, 1.25)]


def test_a_shorter_hit_decays_faster() -> None:
    assert SHORT[:, :8].mean() < LONG[:, :8].mean() - 10


def test_a_result_is_as_like_as_its_hits_are() -> None:
    assert likeness(SHORT, SHORT, LONG) == 1
    assert likeness(LONG, SHORT, LONG) == 0
    half = np.concatenate([SHORT[:2], LONG[2:]])
    assert likeness(half, SHORT, LONG) == pytest.approx(0.5, abs=0.1)


def test_an_equaliser_makes_no_kit() -> None:
    assert likeness(hit_shapes(equalised(hits(0.2, seed=2)), SPANS), SHORT, LONG) == 0
