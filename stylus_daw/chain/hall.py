"""The sound of a hall, made: noise that decays, its highs sooner than its lows."""

from __future__ import annotations

import numpy as np

from stylus_daw.audio.clip import Samples

SEED = 20_240_229  # any number, but always this one, so that a hall sounds the same in every render
CROSSOVER_HZ = 1_200.0  # Hz: above it highs decay sooner, as air and walls take them; not swept
ONSET_S = 0.004
"""Time in which the hall grows: no wall is nearer."""


def hall_response(channels: int, rate: int, *, decay_s: float, brightness: float, width: float) -> Samples:
    """An impulse response; always the same noise, so that the same hall sounds the same.

    Args:
        channels: one or two.
        rate: in Hz.
        decay_s: time until it is 60 dB down.
        brightness: 1: highs ring as long as lows; 0: a fifth of that.
        width: 1: both channels differ; 0: they are the same.

    Shape: ``[channels, samples]``.

    >>> hall_response(2, 8_000, decay_s=0.5, brightness=0.5, width=1).shape
    (2, 4000)
    """
    length = round(decay_s * rate)
    noise = np.random.default_rng(SEED).standard_normal((2, length))
    noise = np.stack([noise[0], width * noise[1] + np.sqrt(1 - width**2) * noise[0]])
    lows, highs = _bands(noise, rate)
    seconds = np.arange(length) / rate
    body = lows * _decay(seconds, decay_s) + highs * _decay(seconds, decay_s * (0.2 + 0.8 * brightness))
    return (body * np.minimum(1.0, (seconds + 1 / rate) / ONSET_S)).astype(np.float32)[:channels]


def _bands(noise: np.ndarray, rate: int) -> tuple[np.ndarray, np.ndarray]:
    """Below and above the crossover; their sum is the noise. Shape: ``[channels, samples]`` each."""
    spectrum = np.fft.rfft(noise, axis=1)
    hertz = np.fft.rfftfreq(noise.shape[1], 1 / rate)
    lows = np.fft.irfft(spectrum / (1 + (hertz / CROSSOVER_HZ) ** 2), noise.shape[1], axis=1)
    return lows, noise - lows


def _decay(seconds: np.ndarray, decay_s: float) -> np.ndarray:
    """Amplitude of a decay by 60 dB in ``decay_s`` seconds. Shape: kept."""
    return 10 ** (-3 * seconds / decay_s)
