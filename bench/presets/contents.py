"""What the factory presets are auditioned on: three short pieces of different kinds, the same in every run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.files import read

REGION = Path(__file__).parents[2] / "stylus_daw" / "demo_audio" / "region.flac"
RATE = 48_000
RMS = 0.1

Signal = NDArray[np.float64]


def contents(seconds: float) -> dict[str, Clip]:
    """Name and audio of each piece, stereo at 48 kHz."""
    return {
        "tine piano": read(REGION, first=RATE // 2, length=round(seconds * RATE)),
        "saw chords": _levelled(_chords(seconds)),
        "plucked line": _levelled(_line(seconds)),
    }


def _chords(seconds: float) -> Signal:
    """Swelling sawtooth triads, one each second."""
    voices = [_saw(hz, seconds) for hz in _roots(seconds, (110.0, 87.3, 130.8, 98.0))]
    swell = 0.3 + 0.7 * np.sin(np.pi * (_time(seconds) % 1.0)) ** 2
    return sum(voices) * swell


def _roots(seconds: float, roots: tuple[float, ...]) -> list[Signal]:
    """Frequency over time of root, fifth, octave and tenth."""
    root = np.array(roots)[_time(seconds).astype(int) % len(roots)]
    return [root * ratio for ratio in (1.0, 1.5, 2.0, 2.5)]


def _line(seconds: float) -> Signal:
    """Eighth notes at 120 bpm that decay, harmonics faster the higher they are."""
    time = _time(seconds)
    notes = np.array([0, 3, 7, 10, 12, 7, 15, 5])
    hz = 196.0 * 2 ** (notes[(time / 0.25).astype(int) % len(notes)] / 12)
    since = time % 0.25
    phase = 2 * np.pi * np.cumsum(hz) / RATE
    attack = np.minimum(1.0, since / 0.004) * np.minimum(1.0, (0.25 - since) / 0.004)
    return attack * sum(np.sin(k * phase) / k * np.exp(-since * (4 + 3 * k)) for k in range(1, 12))


def _saw(hz: Signal, seconds: float) -> Signal:
    """Sixteen harmonics of a frequency that changes in steps."""
    phase = 2 * np.pi * np.cumsum(hz) / RATE
    return sum((np.sin(k * phase) / k for k in range(1, 17)), np.zeros(round(seconds * RATE)))


def _time(seconds: float) -> Signal:
    return np.arange(round(seconds * RATE)) / RATE


def _levelled(mono: Signal) -> Clip:
    """At `RMS`, the right channel 10 ms behind the left."""
    samples = np.stack([mono, np.roll(mono, RATE // 100)]) * (RMS / np.sqrt(np.mean(mono**2)))
    return Clip(samples=samples.astype(np.float32), rate=RATE)
