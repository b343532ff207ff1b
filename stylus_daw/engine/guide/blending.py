"""Guide and row-matched content in one image, without a seam and without a hole. numpy only."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from stylus_daw.audio.spectrogram import band_edges_hz
from stylus_daw.engine.checkpoints.mini_image import GEOMETRY

Float = NDArray[np.float32]

GROUP_EDGES_HZ = (0.0, 250.0, 1_000.0, 4_000.0, 24_000.0)
"""Lows, lower and upper mids, highs: in none of them may a sounding content fall silent."""
BED_DB = -17.0
"""What the row-matched content leaves at least of itself in a group of bands; a hole begins at -20."""
SMOOTHING_OCTAVES = 0.5


def blended(guide: Float, rows: Float, explained: Float) -> Float:
    """Power of guide and row-matched content, each by its share. Shape: ``[bands, frames]`` all."""
    return kept_sounding(explained * guide + (1.0 - explained) * rows, rows)


def kept_sounding(power: Float, rows: Float) -> Float:
    """The image with as much of the row-matched content as keeps every group of bands sounding. Shape kept."""
    groups = _groups()
    least = groups @ rows * np.float32(10.0 ** (BED_DB / 10.0))
    missing = np.maximum(least - groups @ power, 0.0) / np.maximum(groups @ rows, 1e-14)
    return power + (groups.T @ missing) * rows


@lru_cache(maxsize=1)
def _groups() -> Float:
    """Which band counts how much in which group; soft borders, columns sum to 1. Shape: ``[groups, bands]``."""
    octave = np.log2(band_edges_hz(GEOMETRY)[1:-1])
    borders = np.log2(np.array(GROUP_EDGES_HZ[1:-1]))
    above = 1.0 / (1.0 + np.exp(-(octave[None] - borders[:, None]) / (SMOOTHING_OCTAVES / 4)))
    above = np.concatenate([np.ones((1, len(octave))), above, np.zeros((1, len(octave)))])
    return (above[:-1] - above[1:]).astype(np.float32)
