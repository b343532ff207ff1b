"""Etudes: what compositions hold too little of and a transcriber finds hard."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from training.compose import Note, Piece, Role

LOWEST, HIGHEST = 21, 108

Etude = Callable[[np.random.Generator, float], list[Note]]


def compose_etude(rng: np.random.Generator, *, seconds: float) -> Piece:
    """One of them, drawn.

    >>> piece = compose_etude(np.random.default_rng(1), seconds=5.0)
    >>> all(LOWEST <= note.pitch <= HIGHEST for note in piece.notes)
    True
    """
    etude = ETUDES[rng.choice(len(ETUDES), p=SHARES)]
    notes = [note for note in etude(rng, seconds) if note.start_s < seconds]
    return Piece(role=Role.RIFF, notes=tuple(notes), drums=(), seconds=seconds)


def _note(rng: np.random.Generator, start_s: float, seconds: float, pitch: float) -> Note:
    return Note(
        start_s=float(start_s),
        seconds=float(seconds),
        pitch=int(np.clip(pitch, LOWEST, HIGHEST)),
        velocity=int(rng.integers(35, 125)),
    )


def _scatter(rng: np.random.Generator, seconds: float) -> list[Note]:
    """Any keys at any time, one to six at once."""
    middle, width = rng.uniform(28, 100), rng.uniform(6, 30)
    density, length = np.exp(rng.uniform(np.log(1.5), np.log(12))), np.exp(rng.uniform(np.log(0.08), np.log(1.5)))
    starts = np.sort(rng.uniform(0, seconds, rng.poisson(density * seconds)))
    return [
        _note(rng, start, length * np.exp(rng.normal(0, 0.5)), round(rng.normal(middle, width / 2))) for start in starts
    ]


def _repeats(rng: np.random.Generator, seconds: float) -> list[Note]:
    """One key or a chord, struck again and again, fast."""
    notes, at = [], rng.uniform(0, 0.3)
    while at < seconds:
        step, count = rng.uniform(0.06, 0.25), int(rng.integers(3, 12))
        keys = rng.integers(30, 95) + np.array([0, 4, 7, 12])[: rng.integers(1, 5)]
        legato = rng.uniform(0.4, 1.0)
        notes += [_note(rng, at + k * step, step * legato, key) for k in range(count) for key in keys]
        at += count * step + rng.choice([0.0, 0.2])
    return notes


def _trill(rng: np.random.Generator, seconds: float) -> list[Note]:
    """Two keys in turn, or a run through a scale."""
    step, key = rng.uniform(0.06, 0.2), int(rng.integers(30, 95))
    interval, is_run = int(rng.choice([1, 2, 3, 12])), rng.random() < 0.5
    count, legato = int(seconds / step), rng.uniform(0.5, 1.2)
    walk = np.abs((np.arange(count) + 12) % 24 - 12) * min(interval, 2) if is_run else np.arange(count) % 2 * interval
    return [_note(rng, k * step, step * legato, key + int(offset)) for k, offset in enumerate(walk)]


def _extremes(rng: np.random.Generator, seconds: float) -> list[Note]:
    """The lowest or the highest keys, slowly, one or two at once."""
    low, high = (LOWEST, 40) if rng.random() < 0.65 else (88, HIGHEST)
    notes, at = [], rng.uniform(0, 0.4)
    while at < seconds:
        length = rng.uniform(0.15, 1.0)
        for key in rng.choice(np.arange(low, high), rng.choice([1, 1, 2]), replace=False):
            notes.append(_note(rng, at, length * rng.uniform(0.5, 1.1), key))
        at += length
    return notes


def _held(rng: np.random.Generator, seconds: float) -> list[Note]:
    """Long notes under short ones, octaves and fifths: what overtones hide."""
    root = int(rng.integers(30, 70))
    held = rng.choice([0, 7, 12, 16, 19, 24, 28, 31], rng.integers(1, 4), replace=False)
    notes = [_note(rng, rng.uniform(0, 1), rng.uniform(2, seconds), root + offset) for offset in held]
    for start in np.sort(rng.uniform(0, seconds, rng.integers(0, 10))):
        notes.append(_note(rng, start, rng.uniform(0.1, 0.6), root + rng.choice([12, 19, 24, 28, 31, 36])))
    return notes


ETUDES: tuple[Etude, ...] = (_scatter, _repeats, _trill, _extremes, _held)
SHARES = (0.4, 0.15, 0.1, 0.2, 0.15)
