"""Sounds made on the spot for the engine's tests."""

from __future__ import annotations

import numpy as np

from stylus_daw.audio.clip import Clip


def tone(hz: float, seconds: float = 1.0, *, rate: int = 48_000, channels: int = 2, harmonics: int = 6) -> Clip:
    """A decaying harmonic tone, a little different on each channel."""
    time = np.arange(round(seconds * rate)) / rate
    wave = sum(np.sin(2 * np.pi * hz * h * time) / h for h in range(1, harmonics + 1) if hz * h < rate / 2.2)
    wave = wave * np.exp(-2 * (time % 0.5)) * 0.2
    return Clip(samples=np.stack([wave * (1 - 0.2 * c) for c in range(channels)]).astype(np.float32), rate=rate)
