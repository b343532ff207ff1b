"""Random equalisation, so heavy that a matched spectrum alone does not pass for an instrument."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.recogniser.clips import FRAMES, Clips
from training.recogniser.image import WINDOW_FRAMES, Decibels, window_values

NOISE_SHARE, BORROWED_WITHIN_DB = 0.2, 20.0
"""How many windows get a noise floor; what a match equaliser does at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Equalising:
    """How windows are equalised.

    Attributes:
        share: of windows that get a random curve.
        borrowed_share: of windows that get the average spectrum of another clip.
        borrowed_bands: over how many bands that spectrum is smoothed; odd.
    """

    share: float = 0.8
    borrowed_share: float = 0.3
    borrowed_bands: int = 9


def draw_window(
    clips: Clips, index: int, rng: np.random.Generator, equalising: Equalising, amount: float = 1.0
) -> Decibels:
    """A window of a clip, equalised, net-ready. Shape: ``[bands, WINDOW_FRAMES]``.

    Args:
        clips: of which it is one.
        index: which.
        rng: draws place and curves.
        equalising: how.
        amount: of equalisation, 0..1: a training begins with little.
    """
    first = int(rng.integers(0, FRAMES - WINDOW_FRAMES + 1))
    window = clips.decibels(index)[:, first : first + WINDOW_FRAMES]
    curve = np.zeros(len(window), np.float32)
    if rng.random() < equalising.share:
        curve += random_curve(rng, len(window))
    if rng.random() < equalising.borrowed_share:
        other = clips.decibels(int(rng.integers(len(clips.programs))))
        curve += borrowed_curve(window, other, equalising.borrowed_bands)
    window = (window + np.float32(amount) * curve[:, None]).astype(np.float32)
    if rng.random() < NOISE_SHARE * amount:
        window = np.maximum(window, noise_floor(rng, window)).astype(np.float32)
    return window_values(window)


def random_curve(rng: np.random.Generator, bands: int) -> Decibels:
    """A few slow waves and some bells, dB. Shape: ``[bands]``."""
    place = np.linspace(0, np.pi, bands)
    curve = sum(rng.normal(0, 7 / k) * np.cos(k * place + rng.uniform(0, np.pi)) for k in range(1, 7))
    for _ in range(rng.integers(0, 5)):
        centre, width, gain = rng.uniform(0, np.pi), rng.uniform(0.05, 0.4), rng.uniform(-12, 9)
        curve = curve + gain * np.exp(-(((place - centre) / width) ** 2))
    return np.clip(curve, -24, 18).astype(np.float32)


def borrowed_curve(image: Decibels, other: Decibels, bands: int) -> Decibels:
    """What a match equaliser would do to make ``image`` like ``other``, dB. Shape: ``[bands]``."""
    own, wanted = (10 * np.log10((10 ** (x / 10)).mean(1)) for x in (image, other))
    kernel = np.ones(bands) / bands
    smooth = np.convolve(np.pad(wanted - own, bands // 2, mode="edge"), kernel, mode="valid")
    return np.clip(smooth, -BORROWED_WITHIN_DB, BORROWED_WITHIN_DB).astype(np.float32)


def noise_floor(rng: np.random.Generator, image: Decibels) -> Decibels:
    """Noise 35 to 70 dB under the level, sloping. Shape: as the image."""
    slope = np.linspace(0, rng.uniform(-25, 15), len(image))[:, None]
    return (-rng.uniform(35, 70) + slope + rng.normal(0, 3, image.shape)).astype(np.float32)
