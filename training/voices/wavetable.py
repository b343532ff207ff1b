"""A wavetable synthesiser drawn by a seed: two spectra, an envelope between them, some breath."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.compose import Note


def play(seed: int, notes: tuple[Note, ...], seconds: float, rate: int) -> NDArray[np.float32]:
    """The notes by that patch. Shape: ``[2, samples]``."""
    rng = np.random.default_rng(seed)
    tables = [_harmonics(rng) for _ in range(2)]
    attack, decay = float(np.exp(rng.uniform(-6.5, -2))), float(np.exp(rng.uniform(-2.5, 1)))
    sustain, release = float(rng.choice([0.0, rng.uniform(0.2, 1)])), float(np.exp(rng.uniform(-4, -1)))
    breath, vibrato = float(rng.choice([0, 0, 0.03, 0.1])), float(rng.choice([0, 0, 0.003, 0.006]))
    noise = np.random.default_rng(seed + 1)
    out = np.zeros(round(seconds * rate), np.float32)
    for note in notes:
        first = round(note.start_s * rate)
        count = min(round((note.seconds + 4 * release) * rate), len(out) - first)
        if count < 8:
            continue
        time = np.arange(count) / rate
        hz = 440.0 * 2 ** ((note.pitch - 69) / 12)
        phase = hz * (time + vibrato / (2 * np.pi * 5) * np.sin(2 * np.pi * 5 * time))
        bright = np.exp(-time / decay) * note.velocity / 127
        tone = (1 - bright) * _cycle(tables[0], hz, phase, rate) + bright * _cycle(tables[1], hz, phase, rate)
        swell = (1 - np.exp(-time / attack)) * (sustain + (1 - sustain) * np.exp(-time / decay))
        swell = swell * np.exp(-np.maximum(time - note.seconds, 0) / release)
        tone = tone + breath * noise.standard_normal(count)
        out[first : first + count] += (0.1 * (note.velocity / 100) ** 1.5 * swell * tone).astype(np.float32)
    return np.stack([out, out])


def _harmonics(rng: np.random.Generator) -> NDArray[np.float64]:
    """Amplitudes of 128 harmonics: a slope, an odd/even balance, one to three formant-like bumps."""
    number = np.arange(1, 129)
    amplitude = number ** -rng.uniform(0.4, 2.5)
    amplitude[1::2] *= rng.choice([1.0, 1.0, rng.uniform(0, 0.6)])
    for _ in range(rng.integers(0, 4)):
        amplitude *= 1 + rng.uniform(0, 6) * np.exp(-(((number - rng.uniform(1, 30)) / rng.uniform(1, 6)) ** 2))
    return amplitude / np.sqrt((amplitude**2).sum())


def _cycle(amplitude: NDArray[np.float64], hz: float, phase: NDArray[np.float64], rate: int) -> NDArray[np.float64]:
    """One band-limited cycle read at ``phase`` (cycles)."""
    audible = amplitude[: max(1, min(len(amplitude), int(0.45 * rate / hz)))]
    spectrum = np.zeros(513, np.complex128)
    spectrum[1 : len(audible) + 1] = audible * np.exp(2j * np.pi * (np.arange(len(audible)) * 0.618 % 1))
    table = np.fft.irfft(spectrum) * 1024 / np.sqrt(2)
    place = (phase % 1) * 1024
    return np.interp(place, np.arange(1025), np.append(table, table[0]))
