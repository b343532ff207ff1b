"""The benchmark's recogniser: what its windows know, and what they do not."""

from __future__ import annotations

import numpy as np

from tests.support.needs import need_module

need_module("tinysoundfont")

from training.recogniser.augmenting import borrowed_curve, random_curve
from training.recogniser.image import WINDOW_FRAMES, sounding_windows, window_values


def image(rng: np.random.Generator, frames: int = 300) -> np.ndarray:
    return rng.uniform(-50, 0, (128, frames)).astype(np.float32)


def test_a_window_knows_no_level() -> None:
    loud = image(np.random.default_rng(1), WINDOW_FRAMES)
    np.testing.assert_allclose(window_values(loud), window_values(loud - 17), atol=1e-5)


def test_silent_stretches_are_not_listened_to() -> None:
    sounding = image(np.random.default_rng(2))
    silent = np.full_like(sounding, -90)
    alone, together = sounding_windows(sounding), sounding_windows(np.concatenate([sounding, silent], axis=1))
    assert len(alone) < len(together) < 2 * len(alone)


def test_a_clip_shorter_than_a_window_is_heard_all_the_same() -> None:
    assert sounding_windows(image(np.random.default_rng(3), 40)).shape == (1, 128, WINDOW_FRAMES)


def test_a_borrowed_curve_gives_an_image_the_average_spectrum_of_the_other() -> None:
    rng = np.random.default_rng(4)
    own, tilt = image(rng), np.linspace(-10, 10, 128)
    other = own + tilt[:, None].astype(np.float32)
    np.testing.assert_allclose(borrowed_curve(own, other, 9)[8:-8], tilt[8:-8], atol=0.5)


def test_random_curves_are_heavy_and_stay_within_their_range() -> None:
    rng = np.random.default_rng(5)
    curves = np.stack([random_curve(rng, 128) for _ in range(200)])
    assert curves.min() >= -24
    assert curves.max() <= 18
    assert curves.std(axis=1).mean() > 3
