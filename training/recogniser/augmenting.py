"""Random equalisation, so heavy that a matched spectrum alone does not pass for an instrument."""

from __future__ import annotations

import numpy as np

from training.recogniser.clips import FRAMES, Clips
from training.recogniser.image import WINDOW_FRAMES, Decibels, window_values

EQ_SHARE, BORROWED_SHARE, NOISE_SHARE = 0.8, 0.3, 0.2
"""How many windows get a random curve, how many the average spectrum of another clip, how many a noise floor."""
BORROWED_WITHIN_DB, SMOOTHING_BANDS = 20.0, 9


def draw_window(clips: Clips, index: int, rng: np.random.Generator, amount: float = 1.0) -> Decibels:
    """A window of a clip, equalised, net-ready. Shape: ``[bands, WINDOW_FRAMES]``.

    Args:
        amount: of equalisation, 0..1: a training begins with little.
    """
    first = int(rng.integers(0, FRAMES - WINDOW_FRAMES + 1))
    window = clips.decibels(index)[:, first : first + WINDOW_FRAMES]
    curve = np.zeros(len(window), np.float32)
    if rng.random() < EQ_SHARE:
        curve += random_curve(rng, len(window))
    if rng.random() < BORROWED_SHARE:
        curve += borrowed_curve(window, clips.decibels(int(rng.integers(len(clips.programs)))))
    window = window + np.float32(amount) * curve[:, None]
    if rng.random() < NOISE_SHARE * amount:
        window = np.maximum(window, noise_floor(rng, window))
    return window_values(window)


def random_curve(rng: np.random.Generator, bands: int) -> Decibels:
    """A few slow waves and some bells, dB. Shape: ``[bands]``."""
    place = np.linspace(0, np.pi, bands)
    curve = sum(rng.normal(0, 7 / k) * np.cos(k * place + rng.uniform(0, np.pi)) for k in range(1, 7))
    for _ in range(rng.integers(0, 5)):
        centre, width, gain = rng.uniform(0, np.pi), rng.uniform(0.05, 0.4), rng.uniform(-12, 9)
        curve = curve + gain * np.exp(-(((place - centre) / width) ** 2))
    return np.clip(curve, -24, 18).astype(np.float32)


def borrowed_curve(image: Decibels, other: Decibels) -> Decibels:
    """What a match equaliser would do to make ``image`` like ``other``, dB. Shape: ``[bands]``."""
    own, wanted = (10 * np.log10((10 ** (x / 10)).mean(1)) for x in (image, other))
    kernel = np.ones(SMOOTHING_BANDS) / SMOOTHING_BANDS
    smooth = np.convolve(np.pad(wanted - own, SMOOTHING_BANDS // 2, mode="edge"), kernel, mode="valid")
    return np.clip(smooth, -BORROWED_WITHIN_DB, BORROWED_WITHIN_DB).astype(np.float32)


def noise_floor(rng: np.random.Generator, image: Decibels) -> Decibels:
    """Noise 35 to 70 dB under the level, sloping. Shape: as the image."""
    slope = np.linspace(0, rng.uniform(-25, 15), len(image))[:, None]
    return (-rng.uniform(35, 70) + slope + rng.normal(0, 3, image.shape)).astype(np.float32)
