"""What a hit adds to a mel image: the rise at its onset, and what falls from there on. numpy only.

A stroke only decays. So what stands above the level before its onset, and no higher than it has been since its peak,
is the stroke's; what was there before, or comes up later, is not.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stylus_daw.engine.guide.templates.playing import frames_of
from stylus_daw.engine.notes.note import Hit

Float = NDArray[np.floating]

ATTACK_FRAMES = 2
"""20 ms before an onset: half a window sees it coming."""
BEFORE_FRAMES = 2
"""Frames before that, which tell what sounded already."""
PEAK_FRAMES = 4
"""40 ms after the onset, in which a stroke is loudest."""
LASTING_FRAMES = 30
"""300 ms: where nothing tells what sounded before, what has not fallen from then on did so already."""
LONGEST = 120
"""1.2 s; what rings longer ends there."""
FLUTTER = 2.0
"""3 dB by which a decay may rise again."""
CONTEXT_FRAMES = LONGEST + ATTACK_FRAMES + BEFORE_FRAMES


def spans(hits: Sequence[Hit], frames: int) -> list[tuple[int, int]]:
    """First frame of each hit within ``frames`` and that of the next one, ascending, none twice.

    >>> spans((Hit(start_s=0.5, strength=1.0), Hit(start_s=0.1, strength=1.0)), 100)
    [(10, 50), (50, 100)]
    """
    places = sorted({frame for hit in hits if (frame := frames_of(hit.start_s)) < frames})
    return list(itertools.pairwise([*places, frames]))


def stroke(power: Float, onset: int, following: int) -> Float:
    """The stroke's own power from ``ATTACK_FRAMES`` before its onset. Shape: ``[bands, frames] -> [bands, up to 122]``.

    Args:
        power: mel power.
        onset: frame at which it begins.
        following: frame at which the next one begins; the number of frames where none does.
    """
    first = max(0, onset - ATTACK_FRAMES)
    end = min(max(first + 1, following - ATTACK_FRAMES), onset + LONGEST, power.shape[1])
    there = _already(power, first, end)
    own = np.maximum(power[:, first:end] - there, 0.0)
    peak = onset - first + PEAK_FRAMES
    if own.shape[1] > peak:
        loudest = own[:, :peak].max(axis=1, keepdims=True)
        fallen = np.minimum.accumulate(np.concatenate([loudest, own[:, peak:]], axis=1), axis=1)[:, 1:]
        own[:, peak:] = np.minimum(own[:, peak:], FLUTTER * fallen)
    return own


def _already(power: Float, first: int, end: int) -> Float:
    """What sounded before a stroke; at the very beginning, what lasts. Shape: ``[bands, 1]``."""
    before = power[:, max(0, first - BEFORE_FRAMES) : first]
    told = before if before.shape[1] else power[:, first + LASTING_FRAMES : end]
    return told.min(axis=1, keepdims=True) if told.shape[1] else np.zeros((len(power), 1), np.float32)
