"""A modal and additive synthesiser drawn by a seed: strings, bars, bells, pipes, and what lies between them.

A note is a sum of partials, each with a level and a decay of its own, with breath, a click at the attack, vibrato,
tremolo, a scoop into the pitch, and the resonances of a body that stay where they are while the pitch moves.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from training.compose import Note

HIGHEST_HZ = 16_000.0
FAINTEST = 1e-3
BAR = (1, 2.756, 5.404, 8.933, 13.34, 18.64)
"""Modes of a free bar, of marimba and glockenspiel (Fletcher and Rossing, 2.15)."""

Float = NDArray[np.float64]
Single = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """What the seed decided; times in seconds, depths as shares.

    Attributes:
        ratios, levels: of the partials to the fundamental.
        decay_s, damping: time constant of the fundamental at C4; by which power higher partials fall faster.
        sustain: share that stays while the key is held.
        vibrato: share of the pitch. scoop: semitones that an onset lies below. body: (hz, width in hz, gain in dB).
    """

    ratios: Float
    levels: Float
    decay_s: float
    damping: float
    sustain: float
    attack_s: float
    release_s: float
    vibrato: float
    vibrato_hz: float
    tremolo: float
    scoop: float
    breath: float
    click: float
    body: tuple[tuple[float, float, float], ...]


@lru_cache(maxsize=4)
def draw_patch(seed: int) -> Patch:
    """The same seed, the same instrument."""
    r = np.random.default_rng(seed)
    ratios, levels = _partials(r)
    holds = r.random() < 0.45
    return Patch(
        ratios=ratios,
        levels=levels / np.sqrt((levels**2).sum()),
        decay_s=float(np.exp(r.uniform(-2.3, 1.5))),
        damping=r.uniform(0, 1.2),
        sustain=r.uniform(0.3, 1) if holds else 0.0,
        attack_s=float(np.exp(r.uniform(-6, -1.8) if holds else r.uniform(-7.5, -4.5))),
        release_s=float(np.exp(r.uniform(-4, -0.9))),
        vibrato=float(r.choice([0, 0, 0.004, 0.009]) * r.uniform(0.5, 1)),
        vibrato_hz=r.uniform(3.5, 7),
        tremolo=float(r.choice([0, 0, 0.15, 0.4])),
        scoop=float(r.choice([0, 0, 0, 0.5, 2]) if holds else 0.0),
        breath=float(r.choice([0, 0, 0.02, 0.08])),
        click=float(r.choice([0, 0.05, 0.2])),
        body=tuple((r.uniform(150, 6000), r.uniform(80, 900), r.uniform(-6, 12)) for _ in range(r.integers(0, 5))),
    )


def _partials(r: np.random.Generator) -> tuple[Float, Float]:
    """Ratios and levels of a string (plucked somewhere), pipe, bar, bell or plain harmonic spectrum."""
    number = np.arange(1, int(r.integers(6, 50)) + 1).astype(np.float64)
    kind = r.choice(["string", "string", "plain", "plain", "pipe", "bar", "bell"])
    if kind == "string":
        stiffness = float(np.exp(r.uniform(np.log(1e-5), np.log(8e-4))))
        ratios = number * np.sqrt((1 + stiffness * number**2) / (1 + stiffness))
        levels = np.abs(np.sin(np.pi * number * r.uniform(0.05, 0.5))) + 0.02
    else:
        free = np.cumsum(np.r_[1, r.uniform(0.5, 1.8, 7)])
        ratios = {"plain": number, "pipe": 2 * number - 1, "bar": np.array(BAR), "bell": free}[str(kind)]
        levels = np.ones(len(ratios))
    return ratios, levels * ratios ** -r.uniform(0.3, 2.2) * np.exp(r.normal(0, 0.5, len(ratios)))


def play(seed: int, notes: tuple[Note, ...], seconds: float, rate: int) -> Single:
    """The notes by that patch. Shape: ``[2, samples]``."""
    patch, noise = draw_patch(seed), np.random.default_rng(seed + 1)
    out = np.zeros(round(seconds * rate), np.float32)
    longest: dict[int, float] = {}
    for note in notes:
        longest[note.pitch] = max(longest.get(note.pitch, 0.0), note.seconds)
    tones = {pitch: _tone(patch, pitch, length + 4 * patch.release_s, rate) for pitch, length in longest.items()}
    for note in notes:
        first = round(note.start_s * rate)
        count = min(round((note.seconds + 4 * patch.release_s) * rate), len(out) - first)
        if count >= 8:
            out[first : first + count] += _struck(patch, tones[note.pitch][:count], note, noise, rate)
    return np.stack([out, out])


def _struck(patch: Patch, tone: NDArray[np.float32], note: Note, noise: np.random.Generator, rate: int) -> Single:
    """One note of the tone at that pitch: noise, level and release are its own. Shape: ``[samples]``."""
    time = np.arange(len(tone), dtype=np.float32) / rate
    grain = noise.standard_normal(len(tone), np.float32)
    sound = tone + grain * (patch.breath * _swell(patch, time) + patch.click * np.exp(-time / 0.006))
    sound = sound * np.exp(-np.maximum(time - note.seconds, 0) / patch.release_s)
    return (0.14 * (note.velocity / 127) ** 1.5 * sound).astype(np.float32)


def _tone(patch: Patch, pitch: int, seconds: float, rate: int) -> Single:
    """A key held for ``seconds``. Shape: ``[samples]``."""
    time = np.arange(round(seconds * rate), dtype=np.float32) / rate
    hz = 440.0 * 2 ** ((pitch - 69) / 12)
    phase = _phase(patch, time, hz, rate)
    out = np.zeros(len(time), np.float32)
    for number, (ratio, level) in enumerate(zip(patch.ratios, patch.levels * _body(patch, hz), strict=True)):
        if ratio * hz < HIGHEST_HZ and level > FAINTEST:
            decay_s = patch.decay_s * ratio**-patch.damping * (261.6 / hz) ** 0.3
            fall = patch.sustain + (1 - patch.sustain) * np.exp(-time / np.float32(decay_s))
            out += (
                np.float32(level) * fall * np.sin((phase * np.float64(ratio) % (2 * np.pi)).astype(np.float32) + number)
            )
    wave = 1 + patch.tremolo * np.sin(2 * np.pi * patch.vibrato_hz * time)
    return (out * (1 - np.exp(-time / patch.attack_s)) * wave).astype(np.float32)


def _swell(patch: Patch, time: NDArray[np.floating]) -> NDArray[np.floating]:
    fall = patch.sustain + (1 - patch.sustain) * np.exp(-time / patch.decay_s)
    return (1 - np.exp(-time / patch.attack_s)) * fall


def _phase(patch: Patch, time: NDArray[np.floating], hz: float, rate: int) -> Float:
    """Of the fundamental, in radians: vibrato that sets in, a scoop of 60 ms."""
    if not (patch.vibrato or patch.scoop):
        return 2 * np.pi * hz * time.astype(np.float64)
    vibrato = patch.vibrato * np.minimum(1, time / 0.4) * np.sin(2 * np.pi * patch.vibrato_hz * time)
    semitones = -patch.scoop * np.exp(-time / 0.06)
    return 2 * np.pi * hz / rate * np.cumsum((1 + vibrato) * 2.0 ** (semitones / 12), dtype=np.float64)


def _body(patch: Patch, hz: float) -> Float:
    """Gain of every partial. Shape: ``[partials]``."""
    place = patch.ratios * hz
    decibels = sum(
        (gain * np.exp(-(((place - at) / width) ** 2)) for at, width, gain in patch.body), np.zeros(len(place))
    )
    return 10 ** (decibels / 20)
