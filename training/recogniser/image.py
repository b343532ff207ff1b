"""What the recogniser sees of a clip: bands over time in decibels, and windows of them that know no level."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.reconstruction import mel_image
from stylus_daw.audio.spectrogram import MelGeometry, level_db

GEOMETRY = MelGeometry(hop_ms=20, window_ms=60)
WINDOW_FRAMES = 100
"""2 s: a few notes with their attacks and ends."""
DEPTH_DB, HEADROOM_DB = 60.0, 15.0
"""Range of a window: from 60 dB below the clip's level to 15 dB above it."""

Decibels = NDArray[np.float32]


def clip_image(clip: Clip) -> Decibels:
    """Mel image in dB re the clip's own level. Shape: ``[bands, frames]``."""
    image = mel_image(clip, GEOMETRY)
    return (image - np.float32(level_db(image))).astype(np.float32)


def window_values(window: Decibels) -> Decibels:
    """A window as the net takes it, 0..1, whatever its level. Shape kept.

    >>> quiet = np.full((2, 3), -50.0, np.float32)
    >>> bool(np.allclose(window_values(quiet), window_values(quiet + 20)))
    True
    """
    levelled = window - np.float32(level_db(window))
    return ((np.clip(levelled, -DEPTH_DB, HEADROOM_DB) + DEPTH_DB) / (DEPTH_DB + HEADROOM_DB)).astype(np.float32)


def sounding_windows(image: Decibels, hop: int = 25, quietest_db: float = -25.0) -> Decibels:
    """All windows of an image in which something sounds, net-ready. Shape: ``[windows, bands, WINDOW_FRAMES]``.

    A window sounds when its level is within ``quietest_db`` of the loudest one's. An image that is too short is padded.
    """
    missing = WINDOW_FRAMES - image.shape[1]
    if missing > 0:
        image = np.pad(image, ((0, 0), (0, missing)), constant_values=float(image.min()))
    cuts = [image[:, a : a + WINDOW_FRAMES] for a in range(0, image.shape[1] - WINDOW_FRAMES + 1, hop)]
    levels = np.array([level_db(cut) for cut in cuts])
    return np.stack([window_values(c) for c, v in zip(cuts, levels, strict=True) if v >= levels.max() + quietest_db])
