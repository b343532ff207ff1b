"""Faust's physical models and synthesisers, drawn by a seed, tuned key by key (``training.faust`` runs them).

A voice is silent, and so drawn anew, if its model aborts or hangs, cannot play a key in tune, does not end, or clicks.
"""

from __future__ import annotations

import atexit
import logging
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from training.compose import Note
from training.faust.order import Order
from training.faust.process import FaustFailed, FaustProcess
from training.faust.programs import COMMON, PROGRAMS, Control, Program, faust_text
from training.faust.soundness import fault
from training.faust.tuning import in_tune

logger = logging.getLogger(__name__)

Single = NDArray[np.float32]

PROBE_S, PROBE_HELD_S, PROBE_VELOCITY = 0.7, 0.6, 100
LEVEL, PEAK = 0.1, 0.5
"""RMS of a held note at the probe's velocity; less where its peak would be higher than that."""
TAIL_S, FADE_S = 0.1, 0.01
"""What a note is given after its release, and the last of it, faded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """What the seed decided."""

    program: Program
    values: dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """How a patch plays one pitch: what it is asked for in Hz, and how loud it is made."""

    asked_hz: float
    level: float


class NotPlayed(Exception):
    """The voice cannot play this."""


@lru_cache(maxsize=4)
def draw_patch(seed: int) -> Patch:
    """The same seed, the same instrument."""
    r = np.random.default_rng(seed)
    program = PROGRAMS[r.integers(len(PROGRAMS))]
    return Patch(program=program, values={name: _value(r, c) for name, c in (COMMON | program.controls).items()})


def _value(r: np.random.Generator, control: Control) -> float:
    if r.random() < control.off_share:
        return 0.0
    if control.whole:
        return float(r.integers(int(control.lowest), int(control.highest) + 1))
    if control.logarithmic:
        return float(np.exp(r.uniform(np.log(control.lowest), np.log(control.highest))))
    return float(r.uniform(control.lowest, control.highest))


def play(seed: int, notes: tuple[Note, ...], seconds: float, rate: int) -> Single:
    """The notes by that patch; silence if it cannot play them. Shape: ``[2, samples]``."""
    out = np.zeros(round(seconds * rate), np.float32)
    try:
        for note in notes:
            first = round(note.start_s * rate)
            if first < len(out):
                sound = _note(seed, note, rate)[: len(out) - first]
                out[first : first + len(sound)] += sound
    except (FaustFailed, NotPlayed) as error:
        logger.info("Faust voice %d (%s): %s", seed, draw_patch(seed).program.name, error)
        out[:] = 0
    return np.stack([out, out])


def _note(seed: int, note: Note, rate: int) -> Single:
    """Shape: ``[samples]``."""
    patch, key = draw_patch(seed), _key(seed, note.pitch, rate)
    if key is None:
        raise NotPlayed(f"the key {note.pitch} is not in tune")
    held = max(1, round(note.seconds * rate))
    length = held + round((patch.values["release"] + TAIL_S) * rate)
    sound = _rendered(patch, key.asked_hz, note.velocity, held, length, rate)
    if wrong := fault(sound, held, rate):
        raise NotPlayed(f"the key {note.pitch}: {wrong}")
    fade = round(FADE_S * rate)
    sound[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    return sound * np.float32(key.level * (note.velocity / PROBE_VELOCITY))


@lru_cache(maxsize=256)
def _key(seed: int, pitch: int, rate: int) -> Key | None:
    """None if the pitch is not one that the patch can play."""
    patch, (held, length) = draw_patch(seed), (round(s * rate) for s in (PROBE_HELD_S, PROBE_S))
    still = Patch(program=patch.program, values=patch.values | {"vibrato": 0.0})
    hz = 440.0 * 2 ** ((pitch - 69) / 12)
    asked_hz = in_tune(lambda asked: _rendered(still, asked, PROBE_VELOCITY, held, length, rate), hz, rate)
    if asked_hz is None:
        return None
    probe = _rendered(still, asked_hz, PROBE_VELOCITY, held, length, rate)[:held].astype(np.float64)
    return Key(asked_hz=asked_hz, level=float(min(LEVEL / np.sqrt(np.mean(probe**2)), PEAK / np.abs(probe).max())))


def _rendered(patch: Patch, hz: float, velocity: int, held: int, length: int, rate: int) -> Single:
    values = patch.values | {"freq": hz, "gain": velocity / 127}
    text = faust_text(patch.program)
    return _faust().play(Order(text=text, values=values, held=held, length=length, rate=rate))


@cache
def _faust() -> FaustProcess:
    """This process's own; it ends with it."""
    faust = FaustProcess()
    atexit.register(faust.close)
    return faust
