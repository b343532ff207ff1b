"""Fades: raised cosines that add up to one, so that equal sounds pass through a cross-fade bit for bit."""

from __future__ import annotations

import numpy as np

from stylus_daw.audio.clip import Samples


def rise(first: int, frames: int, length: int) -> Samples:
    """Part of a fade-in from 0 to 1 over ``length`` samples; 0 before it, 1 after it. Shape: ``[frames]``.

    >>> rise(-1, 6, 4).round(3)
    array([0.   , 0.   , 0.146, 0.5  , 0.854, 1.   ], dtype=float32)
    """
    if length <= 0:
        return (np.arange(first, first + frames) >= 0).astype(np.float32)
    phase = np.clip(np.arange(first, first + frames) / length, 0, 1)
    return (0.5 - 0.5 * np.cos(np.pi * phase)).astype(np.float32)


def faded_edges(first: int, frames: int, length: int, edge: int, fades: tuple[bool, bool]) -> Samples:
    """Stretch of the envelope of something ``length`` long that fades at its beginning, its end, or both.

    Shape: ``[frames]``.
    """
    edge = min(edge, length // 2)
    envelope = np.ones(frames, np.float32)
    if fades[0] and first < edge:
        envelope *= rise(first, frames, edge)
    if fades[1] and first + frames > length - edge:
        envelope *= 1 - rise(first - (length - edge), frames, edge)
    return envelope


def crossfaded(before: Samples, after: Samples, share: Samples) -> Samples:
    """``share`` (0..1) of ``after``; exactly ``after`` where it is 1. Shape: ``[2, frames]`` and ``[frames]``."""
    return np.add(after, (before - after) * (1 - share), dtype=np.float32)
