"""How much of the content's energy its notes and hits explain, per band and moment. numpy only.

What they do not explain is not theirs to replace: it keeps the row-matched path (`blending`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter

Float = NDArray[np.floating]

AROUND_BANDS, AROUND_FRAMES = 41, 25
"""Energies are compared over a third of the bands and 250 ms: what lies between a note's partials (breath, a hammer, a
bow) is too little there to pass for another sound, and what remains of the content would be heard as its instrument."""
CONTEXT_FRAMES = AROUND_FRAMES
LITTLE, MOST = 0.3, 0.75
"""Share below which nothing counts as explained, and above which all does: windows leak, rooms ring."""


def explained_share(power: Float, claimed: Float) -> Float:
    """Smoothed share of the power that is claimed, 0..1. Shape: ``[bands, frames]`` all.

    >>> power = np.ones((128, 50), np.float32)
    >>> explained_share(power, power).min(), explained_share(power, 0 * power).max()
    (np.float32(1.0), np.float32(0.0))
    """
    size = (AROUND_BANDS, AROUND_FRAMES)
    total = uniform_filter(power, size, mode="nearest")  # pyright: ignore[reportArgumentType] (its stub knows ints only)
    ours = uniform_filter(power * claimed, size, mode="nearest")  # pyright: ignore[reportArgumentType]
    place = np.clip((ours / (total + 1e-14) - LITTLE) / (MOST - LITTLE), 0.0, 1.0)
    return (place * place * (3.0 - 2.0 * place)).astype(np.float32)
