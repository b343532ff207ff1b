"""Articulation: how far a note follows the content's own course rather than the style's. numpy only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.floating]

LOWEST, HIGHEST = 1e-6, 4.0
"""-60 and +6 dB: courses are followed within that, re the note's loudest 120 ms."""


def articulated(factor: Float, own: Float, content: Float, structure: float) -> Float:
    """The factor on a template's frames at a given structure. Shape: ``[frames]`` all.

    Args:
        factor: at structure 0, so that ``factor * own`` is the note's course re its loudest.
        own: power of the template's frames.
        content: course of the content's note re its loudest.
        structure: 0 the style's course, 1 the content's; between them in dB.
    """
    if structure == 0.0:
        return factor
    style = np.clip(factor * own, LOWEST, HIGHEST)
    wanted = np.clip(content, LOWEST, HIGHEST)
    return (factor * (wanted / style) ** np.float32(structure)).astype(np.float32)
