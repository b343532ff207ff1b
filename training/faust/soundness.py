"""What is wrong with a note that a model played."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FRAME_S, ATTACK_S = 0.03, 0.06
"""A frame holds a period of the lowest keys; what happens in the attack is not a fault."""
SILENT, MOST_DC, MOST_LEFT = 1e-5, 0.2, 0.01
"""Peak; mean to RMS; peak of the last 10 ms to the note's."""
CLICK_RATIO, CLICK_SHARE = 10.0, 0.02
"""How far a jump stands out of the two frames before, and its least share of the peak."""

Float = NDArray[np.floating]


def fault(note: Float, held: int, rate: int) -> str:
    """In a few words; empty if it is sound.

    Args:
        note: shape ``[samples]``.
        held: samples until the key is let go.
        rate: samples per second.

    >>> fault(np.full(44_100, np.nan), 22_050, 44_100), fault(np.zeros(44_100), 22_050, 44_100)
    ('not finite', 'silent')
    """
    if not np.isfinite(note).all():
        return "not finite"
    peak = float(np.abs(note).max(initial=0))
    if peak < SILENT:
        return "silent"
    if abs(float(np.mean(note))) > MOST_DC * float(np.sqrt(np.mean(np.square(note, dtype=np.float64)))):
        return "off centre"
    if float(np.abs(note[-round(0.01 * rate) :]).max()) > MOST_LEFT * peak:
        return "does not end"
    return "clicks" if _clicks(note[:held], rate, CLICK_SHARE * peak) else ""


def _clicks(note: Float, rate: int, least: float) -> bool:
    """Whether a jump stands out of what came before: saws jump in every frame, and what decays jumps less and less."""
    jumps, size = np.abs(np.diff(note[round(ATTACK_S * rate) :], 2)), round(FRAME_S * rate)
    count = len(jumps) // size
    if count < 3:
        return False
    most = jumps[: count * size].reshape(count, size).max(1)
    before = np.maximum(most[:-2], most[1:-1])
    return bool(((most[2:] > CLICK_RATIO * before) & (most[2:] > least)).any())
