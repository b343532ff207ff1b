"""What stylus-mini sees: the grid, and how decibels become image values. numpy only.

Values are decibels relative to the clip's own loudness, so that contents and styles of any level
meet on one scale: -1 is 70 dB below the mean level, +1 is 10 dB above it.
"""

from __future__ import annotations

import numpy as np

from stylus_daw.audio.spectrogram import Image, MelGeometry

GEOMETRY = MelGeometry(hop_ms=10, window_ms=50, fft_ms=100, bands=128, low_hz=30.0, high_hz=16_000.0)
FLOOR_DB, CEILING_DB = -70.0, 10.0
CENTRE_DB, HALF_RANGE_DB = (CEILING_DB + FLOOR_DB) / 2, (CEILING_DB - FLOOR_DB) / 2


def to_values(mel_db: Image, level: float) -> Image:
    """Decibels to image values in -1..1. Shape kept.

    >>> to_values(np.array([-10.0, -80.0, -200.0]), -10.0).tolist()
    [0.75, -1.0, -1.0]
    """
    return np.clip((mel_db - level - CENTRE_DB) / HALF_RANGE_DB, -1.0, 1.0).astype(np.float32)


def to_decibels(values: Image, level: float = 0.0) -> Image:
    """Inverse of :func:`to_values` within the range."""
    return (values * HALF_RANGE_DB + CENTRE_DB + level).astype(np.float32)


ACTIVE_VALUE = -0.4


def row_statistics(values: Image) -> tuple[Image, Image]:
    """Mean and spread of every mel row over the frames that sound.

    A frame sounds when its loudest band is above -46 dB re the clip's level; where none does, all count.
    Shape: ``[bands, frames] -> two [bands, 1]``.
    """
    active = values.max(axis=0) > ACTIVE_VALUE
    heard = values[:, active] if active.any() else values
    return heard.mean(axis=1, keepdims=True), heard.std(axis=1, keepdims=True)
