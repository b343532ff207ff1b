"""A cover picture for presets that have none: what their style looks like, low notes at the bottom."""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.files import probe, read
from stylus_daw.audio.reconstruction import mel_image
from stylus_daw.audio.spectrogram import MelGeometry
from stylus_daw.presets.png import png

SIDE = 512  # pixels
SECONDS, RANGE_DB = 12.0, 60.0
_NIGHT = np.array([14, 16, 28], np.float32)


def cover_picture(preset_id: str, style: Path) -> bytes:
    """A square PNG: the mel image of a style in a colour of the preset's own.

    Raises:
        AudioFileError: the style cannot be read.
    """
    info = probe(style)
    clip = read(style, length=min(info.frames, round(SECONDS * info.rate)))
    return png(_coloured(_brightness(clip), _colour(preset_id)))


def _brightness(clip: Clip) -> NDArray[np.float32]:
    """0 to 1. Shape: ``[SIDE, SIDE]``, the highest band in row 0."""
    image = mel_image(clip, MelGeometry())
    level = np.clip(1.0 + (image - image.max()) / RANGE_DB, 0.0, 1.0)[::-1]
    rows = np.linspace(0, level.shape[0] - 1, SIDE).round().astype(int)
    columns = np.linspace(0, level.shape[1] - 1, SIDE).round().astype(int)
    return level[np.ix_(rows, columns)].astype(np.float32)


def _coloured(brightness: NDArray[np.float32], colour: NDArray[np.float32]) -> NDArray[np.uint8]:
    """From night over the colour to white. Shape: ``[SIDE, SIDE, 3]``."""
    low = np.minimum(1.0, brightness * 2.0)[..., None]
    high = np.maximum(0.0, brightness * 2.0 - 1.0)[..., None]
    picture = _NIGHT + low * (colour - _NIGHT) + high * (255.0 - colour)
    return (picture / 4).round().clip(0, 63).astype(np.uint8) * 4


def _colour(preset_id: str) -> NDArray[np.float32]:
    """A hue that the id decides. Shape: ``[3]``."""
    hue = zlib.crc32(preset_id.encode()) / 2**32
    angles = 2 * np.pi * (hue + np.array([0.0, 1 / 3, 2 / 3]))
    return (150.0 + 80.0 * np.cos(angles)).astype(np.float32)
