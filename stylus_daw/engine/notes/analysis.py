"""Reads a sound in pieces at the transcriber's rate: all frames in order, some ahead for level and tuning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import soxr

from stylus_daw.audio.parallel import in_order
from stylus_daw.audio.sound import BLOCK_SAMPLES, Sound, padded
from stylus_daw.engine.notes.features import HOP, RATE, REACH, Float, View, Viewer
from stylus_daw.engine.notes.note import HOP_S
from stylus_daw.engine.notes.tuning import Tuning

BLOCK_FRAMES = 256
PROBE_SECONDS, MOST_PROBES = 1.28, 16
"""Up to 20 s of a sound are heard ahead; all of a shorter one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What all frames of a sound are related to."""

    level_db: float
    tuning_cents: float


def frame_count(sound: Sound) -> int:
    """Frames of a sound; the first lies at its first sample."""
    return int(sound.length / sound.rate / HOP_S + 1e-6) + 1


def circumstances(sound: Sound) -> Circumstances:
    """Level of the loudest partial and tuning, from stretches spread over the sound."""
    viewer, tuning, loudest = Viewer(), Tuning(), -200.0
    for samples, frames in _probes(sound):
        loudest = max(loudest, viewer.view(samples, frames).loudest_db)
        tuning.hear(samples)
    return Circumstances(level_db=loudest, tuning_cents=tuning.cents())


def _probes(sound: Sound) -> Iterator[tuple[Float, int]]:
    """Samples at ``RATE`` with ``REACH`` around them, and the frames that they hold."""
    seconds = sound.length / sound.rate
    count = int(min(MOST_PROBES, max(1, np.ceil(seconds / PROBE_SECONDS))))
    frames = round(PROBE_SECONDS / HOP_S)
    reach_s = REACH / RATE
    for start_s in np.linspace(0, max(0.0, seconds - PROBE_SECONDS), count):
        first = round((start_s - reach_s) * sound.rate)
        samples = padded(sound, first, round((PROBE_SECONDS + 2 * reach_s) * sound.rate))
        yield _resampled(samples.mean(axis=0, dtype=np.float32), sound.rate, (frames - 1) * HOP + 2 * REACH), frames


def _resampled(mono: Float, rate: int, length: int) -> Float:
    made = soxr.resample(mono, rate, RATE).astype(np.float32)[:length]
    return np.pad(made, (0, length - len(made)))


def views(sound: Sound, tuning_cents: float, first: int = 0) -> Iterator[View]:
    """All frames from ``first``, a multiple of ``BLOCK_FRAMES``, in order, up to ``BLOCK_FRAMES`` at a time.

    What lies before is resampled all the same: a resampler that begins later gives other samples.
    """
    viewer = Viewer(tuning_cents)
    yield from in_order(lambda stretch: viewer.view(*stretch), _stretches(sound, first))


def _stretches(sound: Sound, first: int) -> Iterator[tuple[Float, int]]:
    """Samples and frames for every view."""
    total, waiting, stream = frame_count(sound), np.zeros(REACH, np.float32), _mono(sound)
    for begin in range(0, total, BLOCK_FRAMES):
        frames = min(BLOCK_FRAMES, total - begin)
        needed = (frames - 1) * HOP + 2 * REACH
        waiting = _filled(waiting, stream, max(needed, frames * HOP))
        if begin >= first:
            yield waiting[:needed], frames
        waiting = waiting[frames * HOP :]


def _filled(waiting: Float, stream: Iterator[Float], needed: int) -> Float:
    """At least ``needed`` samples; zeros behind the end of the stream."""
    parts, have = [waiting], len(waiting)
    while have < needed:
        part = next(stream, None)
        part = np.zeros(needed - have, np.float32) if part is None else part
        parts.append(part)
        have += len(part)
    return np.concatenate(parts)


def _mono(sound: Sound) -> Iterator[Float]:
    """The mean of all channels at ``RATE``."""
    stream = soxr.ResampleStream(sound.rate, RATE, 1, dtype="float32")
    for first in range(0, sound.length, BLOCK_SAMPLES):
        count = min(BLOCK_SAMPLES, sound.length - first)
        mono = sound.read(first, count).mean(axis=0, dtype=np.float32)
        yield stream.resample_chunk(mono, last=first + count >= sound.length)
