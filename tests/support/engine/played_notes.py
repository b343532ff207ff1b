"""Notes and hits that are made on the spot, and transcriptions that know them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.spool import Scratch
from stylus_daw.engine.notes.note import (
    HOP_S,
    KEYS,
    LOWEST_PITCH,
    ROWS,
    Hit,
    Note,
    Posteriors,
    Transcription,
    hertz,
)

RATE = 44_100


def note(start_s: float, end_s: float, pitch: float, strength: float = 0.8) -> Note:
    return Note(start_s=start_s, end_s=end_s, pitch=pitch, strength=strength)


def hit(start_s: float) -> Hit:
    return Hit(start_s=start_s, strength=0.8)


def known(notes: Sequence[Note], hits: Sequence[Hit], seconds: float, *, sure: float = 0.95) -> Transcription:
    """A transcription of what is known."""
    rows = np.zeros((ROWS, int(seconds / HOP_S) + 1), np.float32)
    for one in notes:
        key, first, end = round(one.pitch) - LOWEST_PITCH, round(one.start_s / HOP_S), round(one.end_s / HOP_S)
        rows[key, first : first + 2] = sure
        rows[KEYS + key, first:end] = sure
        rows[3 * KEYS + key, first:end] = one.strength
    spool = Scratch().spool(ROWS)
    spool.append(rows)
    return Transcription(
        notes=tuple(notes), hits=tuple(hits), posteriors=Posteriors(spool=spool), tuning_cents=0.0, seconds=seconds
    )


def played(
    notes: Sequence[Note], seconds: float, *, tilt: float = 1.0, decay_s: float = 100.0, rate: int = RATE
) -> Clip:
    """Harmonic notes: partial ``k`` is ``k ** -tilt``, falling by a factor of e in ``decay_s``."""
    time = np.arange(round(seconds * rate)) / rate
    total = np.zeros_like(time)
    for one in notes:
        since = time - one.start_s
        gate = np.clip(since / 0.005, 0, 1) * np.clip((one.end_s - time) / 0.02, 0, 1)
        fundamental = hertz(one.pitch)
        partials = range(1, min(40, int(rate / 2.2 / fundamental)) + 1)
        wave = sum(np.sin(2 * np.pi * fundamental * k * since) * k**-tilt for k in partials)
        total += 0.1 * gate * np.exp(-np.maximum(since, 0) / decay_s) * wave
    return Clip(samples=np.stack([total, 0.9 * total]).astype(np.float32), rate=rate)


def struck(kicks: Sequence[float], hats: Sequence[float], seconds: float, *, kick_hz: float = 60.0) -> Clip:
    """A kick that decays in 80 ms at each moment of ``kicks``, a hat of 30 ms at each of ``hats``."""
    time, noise = np.arange(round(seconds * RATE)) / RATE, np.random.default_rng(1)
    total = np.zeros_like(time)
    for start in kicks:
        since = time - start
        on = since >= 0
        total[on] += 0.5 * np.sin(2 * np.pi * kick_hz * since[on]) * np.exp(-since[on] / 0.08)
    bright = np.diff(noise.standard_normal(time.size + 2), 2)
    for start in hats:
        since = time - start
        on = since >= 0
        total[on] += 0.05 * bright[on] * np.exp(-since[on] / 0.03)
    return Clip(samples=total[None].astype(np.float32), rate=RATE)
