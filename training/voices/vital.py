"""Patches of Vital, drawn by a seed: PyPI's ``vita`` is its synthesis as a Python module (GPL-3.0)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.compose import Note

LOWEST, HIGHEST = 12, 115
MOST_SECONDS, RELEASE_S, VELOCITY_STEP = 4.0, 0.6, 16
GAIN = 0.8
ENVELOPES = (
    ((0.0, 0.25), (0.6, 1.35), (0.0, 0.0)),
    ((0.1, 0.6), (0.5, 1.6), (0.4, 1.0)),
    ((0.6, 1.0), (0.8, 1.6), (0.5, 1.0)),
    ((0.0, 0.15), (0.4, 1.1), (0.0, 0.0)),
)
"""Ranges of attack, decay and sustain, as Vital counts them: plucked, held, swelling, short."""
MODULATIONS = (
    ("env_2", "filter_1_cutoff", 0.9),
    ("env_2", "osc_1_spectral_morph_amount", 0.8),
    ("lfo_1", "osc_1_tune", 0.1),
)
"""Source, target, the most of it."""

Wishes = dict[str, Any]
"""Of controls, by name."""


@lru_cache(maxsize=2)
def draw_synth(seed: int, rate: int) -> Any:
    """The same seed, the same patch."""
    from vita import Synth  # type: ignore[attr-defined]

    r, synth = np.random.default_rng(seed), Synth()
    synth.set_sample_rate(rate)
    wishes = {**_oscillators(r), **_sample(r), **_filter(r), **_envelope(r)}
    for number, (source, target, most) in enumerate(MODULATIONS, 1):
        if r.random() < 0.5:
            synth.connect_modulation(source, target)
            wishes[f"modulation_{number}_amount"] = r.uniform(0, most)
    controls = synth.get_controls()
    for name, value in wishes.items():
        controls[name].set(float(value))
    return synth


def _oscillators(r: np.random.Generator) -> Wishes:
    wishes: Wishes = {}
    for number in (1, 2, 3):
        wishes[f"osc_{number}_on"] = is_on = float(number == 1 or r.random() < 0.4)
        if is_on:
            wishes |= {f"osc_{number}_{name}": value for name, value in _oscillator(r, number).items()}
    return wishes


def _oscillator(r: np.random.Generator, number: int) -> Wishes:
    wishes = {"level": r.uniform(0.35, 0.8), "wave_frame": r.uniform(0, 256)}
    if r.random() < 0.6:
        wishes |= {"spectral_morph_type": r.integers(0, 12), "spectral_morph_amount": r.uniform(0, 1)}
    if r.random() < 0.5:
        wishes |= {"distortion_type": r.integers(0, 13), "distortion_amount": r.uniform(0, 1)}
    if r.random() < 0.4:
        wishes |= {"unison_voices": r.integers(2, 8), "unison_detune": r.uniform(0.5, 5)}
    if number > 1:  # what stays one note to the ear: octaves
        wishes |= {"transpose": r.choice([0, 0, 12, -12, 24]), "level": r.uniform(0.15, 0.5)}
    return wishes


def _sample(r: np.random.Generator) -> Wishes:
    return {"sample_on": 1, "sample_level": r.uniform(0.05, 0.3)} if r.random() < 0.3 else {}


def _filter(r: np.random.Generator) -> Wishes:
    if r.random() > 0.85:
        return {}
    return {
        "filter_1_on": 1,
        "filter_1_model": r.choice([0, 0, 1, 2, 3, 4, 5, 6]),
        "filter_1_cutoff": r.uniform(40, 125),
        "filter_1_resonance": r.uniform(0, 0.8) ** 1.5,
        "filter_1_keytrack": r.choice([0, 0.5, 1]),
    }


def _envelope(r: np.random.Generator) -> Wishes:
    attack, decay, sustain = ENVELOPES[r.integers(len(ENVELOPES))]
    spans = {"attack": attack, "decay": decay, "sustain": sustain, "release": (0.3, 1.0)}
    return {f"env_1_{name}": r.uniform(*span) for name, span in spans.items()}


def play(seed: int, notes: tuple[Note, ...], seconds: float, rate: int) -> NDArray[np.float32]:
    """The notes by that patch. Shape: ``[2, samples]``."""
    synth = draw_synth(seed, rate)
    out = np.zeros((2, round(seconds * rate)), np.float32)
    known: dict[tuple[int, int, float], NDArray[np.float32]] = {}
    for note in notes:
        first = round(note.start_s * rate)
        if first < out.shape[1]:
            key = _key(note, seconds)
            if key not in known:
                pitch, velocity, long = key
                known[key] = GAIN * synth.render(pitch, velocity / 127, long, long + RELEASE_S)
            count = min(known[key].shape[1], out.shape[1] - first)
            out[:, first : first + count] += known[key][:, :count]
    return np.nan_to_num(out, nan=0.0, posinf=0.0, neginf=0.0)


def _key(note: Note, seconds: float) -> tuple[int, int, float]:
    """Pitch, velocity and seconds to render, rounded: what repeats is rendered once, for a render takes 50 ms."""
    long = max(0.02, min(note.seconds, MOST_SECONDS, seconds - note.start_s))
    velocity = VELOCITY_STEP * max(1, round(note.velocity / VELOCITY_STEP))
    return int(np.clip(note.pitch, LOWEST, HIGHEST)), velocity, round(long, 2)
