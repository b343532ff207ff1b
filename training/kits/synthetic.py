"""Drums drawn at random, as drum machines make them: a tone that falls, noise in a band, clusters of squares."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from training.compose import CLAP, CRASH, HAT, KICK, OPEN_HAT, RIDE, SNARE

Float = NDArray[np.floating]

TONES_HZ = {KICK: (38.0, 75.0), SNARE: (140.0, 260.0), CLAP: (300.0, 900.0)}
TOM_HZ = (70.0, 180.0)
DECAYS_S = {KICK: (0.05, 0.5), SNARE: (0.04, 0.25), CLAP: (0.04, 0.2), HAT: (0.015, 0.08), OPEN_HAT: (0.12, 0.6)}
LONG_S = (0.15, 0.9)
"""Of toms and cymbals."""
METAL = (HAT, OPEN_HAT, RIDE, CRASH)


def draw_drum(drum: int, rng: np.random.Generator, seconds: float, rate: int) -> NDArray[np.float32]:
    """One hit of a General MIDI drum. Shape: ``[samples]``."""
    time = np.arange(round(seconds * rate)) / rate
    decay_s = _between(rng, DECAYS_S.get(drum, LONG_S))
    body = _metal(rng, time, rate) if drum in METAL else _skin(drum, rng, time)
    noise = _noise(drum, rng, len(time), rate) * np.exp(-time / (decay_s * rng.uniform(0.3, 1.2)))
    share = rng.uniform(0.0, 0.25) if drum not in (SNARE, CLAP, *METAL) else rng.uniform(0.3, 1.0)
    sound = (1 - share) * body * np.exp(-time / decay_s) + share * noise
    attack_s = _between(rng, (0.0002, 0.004))
    return (0.3 * 10 ** (rng.normal(0, 4) / 20) * (1 - np.exp(-time / attack_s)) * sound).astype(np.float32)


def _between(rng: np.random.Generator, limits: tuple[float, float]) -> float:
    """Drawn evenly in the logarithm."""
    return float(np.exp(rng.uniform(*np.log(limits))))


def _skin(drum: int, rng: np.random.Generator, time: Float) -> Float:
    """A tone that begins up to fourfold as high, with a partial."""
    hz = _between(rng, TONES_HZ.get(drum, TOM_HZ))
    fall = 1 + rng.uniform(0, 3) * np.exp(-time / _between(rng, (0.008, 0.08)))
    phase = 2 * np.pi * hz * np.cumsum(fall) * (time[1] - time[0])
    return np.sin(phase) + rng.uniform(0, 0.4) * np.sin(rng.uniform(1.4, 2.6) * phase)


def _metal(rng: np.random.Generator, time: Float, rate: int) -> Float:
    """Six squares that are not harmonic, without their lows, as in the TR-808."""
    tones = _between(rng, (200.0, 700.0)) * rng.uniform(1.0, 3.5, 6)
    squares = sum(np.sign(np.sin(2 * np.pi * hz * time)) for hz in tones) / 3
    return np.asarray(sosfilt(butter(2, rng.uniform(3000, 8000), "high", fs=rate, output="sos"), squares))


def _noise(drum: int, rng: np.random.Generator, samples: int, rate: int) -> Float:
    low = rng.uniform(3000, 8000) if drum in METAL else rng.uniform(200, 2500)
    band = butter(1, (low, min(0.45 * rate, low * rng.uniform(2, 10))), "band", fs=rate, output="sos")
    return 2 * np.asarray(sosfilt(band, rng.standard_normal(samples)))
