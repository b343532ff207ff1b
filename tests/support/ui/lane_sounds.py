"""Sounds for the tests of the lanes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile

RATE = 48_000


def ramp(path: Path, seconds: float, *, rate: int = RATE, channels: int = 2) -> Path:
    """Rises from -1 to 1 over the file, so that every place has a level of its own."""
    line = np.linspace(-1, 1, round(seconds * rate), dtype=np.float32)
    soundfile.write(path, np.stack([line] * channels, axis=1), rate, subtype="FLOAT")
    return path


def silence(path: Path, seconds: int, *, rate: int = 8_000) -> Path:
    """A long file, written in blocks; its last second is loud."""
    with soundfile.SoundFile(path, "w", samplerate=rate, channels=1, subtype="PCM_16") as sound:
        for _ in range(seconds // 60):
            sound.write(np.zeros(rate * 60, np.int16))
        sound.write(np.full(rate, 16_384, np.int16))
    return path


def sine(path: Path, hz: float, seconds: float = 4.0, *, rate: int = RATE) -> Path:
    """A tone of full scale."""
    at = np.arange(round(seconds * rate)) / rate
    soundfile.write(path, np.sin(2 * np.pi * hz * at).astype(np.float32), rate, subtype="FLOAT")
    return path
