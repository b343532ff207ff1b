"""Cover art: a calm picture for presets that have none: what their style looks like, in a hue of their own. No Qt."""

from __future__ import annotations

import colorsys
import hashlib
import logging
import zlib
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stylus_daw.atomic import write_bytes_atomic
from stylus_daw.audio.clip import Clip
from stylus_daw.audio.formats.reading import probe, read
from stylus_daw.presets.png import png
from stylus_ui.drawing.colour_map import colour_map

SIDE = 96
SECONDS, RANGE_DB = 4.0, 46.0
COVERS_FOLDER = Path("cache") / "covers"

BANDS, LOW_HZ, HIGH_HZ, WINDOW_S = 48, 60.0, 10_000.0, 0.1

_FORMAT = 1

logger = logging.getLogger(__name__)


def cover_file(preset_id: str, style: Path, folder: Path) -> bytes:
    """The picture as PNG, kept in a folder until the style changes. Takes a moment the first time.

    Raises:
        AudioFileError: the style cannot be read.
        OSError: the style is gone.
    """
    about = style.stat()
    said = f"{_FORMAT}|{preset_id}|{style}|{about.st_size}|{about.st_mtime_ns}"
    kept = folder / f"{hashlib.sha256(said.encode('utf-8', 'surrogateescape')).hexdigest()[:32]}.png"
    try:
        return kept.read_bytes()
    except OSError:
        made = png(cover_art(preset_id, style))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_bytes_atomic(kept, made)
    except OSError as error:
        logger.warning("a cover is not kept: %s", error)
    return made


def cover_art(preset_id: str, style: Path) -> NDArray[np.uint8]:
    """Red, green and blue. Shape: ``[SIDE, SIDE, 3]``.

    Raises:
        AudioFileError: the style cannot be read.
    """
    audio = probe(style)
    clip = read(style, length=min(audio.frames, round(SECONDS * audio.rate)))
    image = _bands_db(clip)
    level = np.clip(1 + (image - image.max()) / RANGE_DB, 0, 1)[::-1]
    colours = np.array(colour_map(_stops(preset_id)), np.uint32)[(255 * _stretched(level)).astype(int)]
    return np.stack([(colours >> shift) & 255 for shift in (16, 8, 0)], axis=-1).astype(np.uint8)


def _bands_db(clip: Clip) -> NDArray[np.float64]:
    """Power in bands of equal ratio, dB: coarse, but in a few ms. Shape: ``[BANDS, SIDE]``, lowest band first."""
    size = round(WINDOW_S * clip.rate)
    mono = np.pad(clip.samples.mean(axis=0), (0, max(0, size - clip.length)))
    begins = np.linspace(0, len(mono) - size, SIDE).astype(int)
    windows = mono[begins[:, None] + np.arange(size)] * np.hanning(size).astype(np.float32)
    power = np.abs(np.fft.rfft(windows)) ** 2
    edges = np.geomspace(LOW_HZ, min(HIGH_HZ, 0.45 * clip.rate), BANDS + 1) * WINDOW_S
    bins = np.maximum.accumulate(edges.round().astype(int))
    summed = np.stack([power[:, low : max(high, low + 1)].sum(axis=1) for low, high in pairwise(bins)])
    return 10 * np.log10(summed + 1e-9)


def _stretched(level: NDArray[np.float64]) -> NDArray[np.float64]:
    """A square with soft edges between its cells. Shape: ``[SIDE, SIDE]``."""
    for axis in (0, 1):
        at = np.linspace(0, level.shape[axis] - 1, SIDE)
        low = np.floor(at).astype(int)
        high = np.minimum(low + 1, level.shape[axis] - 1)
        part = np.expand_dims(at - low, 1 - axis)
        level = np.take(level, low, axis) * (1 - part) + np.take(level, high, axis) * part
    return np.asarray(level, np.float64)


def _stops(preset_id: str) -> list[str]:
    """From night over a muted hue, which the id decides, to a light one beside it."""
    hue = zlib.crc32(preset_id.encode()) / 2**32
    steps = ((0.0, 0.11, 0.30), (0.0, 0.34, 0.36), (0.05, 0.62, 0.42), (0.10, 0.90, 0.55))
    colours = (colorsys.hls_to_rgb((hue + turn) % 1, light, saturation) for turn, light, saturation in steps)
    return ["#" + "".join(f"{round(255 * part):02x}" for part in colour) for colour in colours]
