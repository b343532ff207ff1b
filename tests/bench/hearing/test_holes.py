"""Holes are counted where they are, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest

from bench.hearing.holes import holes
from stylus_daw.audio.clip import Clip

RATE = 44_100
CONTENT = Clip(samples=(0.1 * np.random.default_rng(3).standard_normal((2, 2 * RATE))).astype(np.float32), rate=RATE)


def without(first_s: float, end_s: float, *, left: float = 0.0) -> Clip:
    samples = CONTENT.samples.copy()
    samples[:, round(first_s * RATE) : round(end_s * RATE)] *= np.float32(left)
    return CONTENT.with_samples(samples)


def lowpassed() -> Clip:
    spectrum = np.fft.rfft(CONTENT.samples)
    spectrum[:, 6_000:] *= 0.001
    return CONTENT.with_samples(np.fft.irfft(spectrum, CONTENT.length).astype(np.float32))


def worst_holes(content: Clip, result: Clip) -> float:
    return max(holes(content, result).values())


def test_the_content_has_no_holes_in_itself() -> None:
    assert worst_holes(CONTENT, CONTENT) == 0.0


def test_a_gap_of_a_quarter_is_a_hole_of_nearly_a_quarter() -> None:
    for share in holes(CONTENT, without(0.5, 1.0)).values():
        assert share == pytest.approx(0.2, abs=0.04)  # its edges are not yet 20 dB down


def test_softer_by_twelve_decibels_is_no_hole() -> None:
    assert worst_holes(CONTENT, without(0.5, 1.0, left=0.25)) == 0.0


def test_a_darker_colour_is_no_hole() -> None:
    assert worst_holes(CONTENT, lowpassed()) == 0.0


def test_silence_of_the_content_counts_for_nothing() -> None:
    gap = without(0.5, 1.0)
    assert worst_holes(gap, gap) == 0.0
