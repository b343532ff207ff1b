"""The waveform as a picture of colour indices: numpy only, no Qt.

Drawn as an indexed image because that is what holds 60 frames a second on a large screen: the rows are
compared with the outline in 16-bit integers, and a change of colour costs a table, not a picture.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stylus_ui.drawing.peaks import Outline

SHADES = 16
"""Steps between one colour and the next, which is what smooths the edges."""
LEVELS = 2 * SHADES + 1
"""Index 0 is the ground, ``SHADES`` the body (peaks), ``2 * SHADES`` the core (RMS)."""

_STRIPE = 32
"""Rows at a time, so that they stay in the processor's cache."""

Picture = NDArray[np.uint8]
Rgba = tuple[int, int, int, int]
"""Red, green, blue, alpha, 0..255."""


def wave_picture(outline: Outline, height: int, *, line: float = 1.0) -> Picture:
    """The outline around the middle of a picture, full scale over all of its height.

    Args:
        outline: ``[3, columns]``, NaN where nothing is known: there the picture stays empty.
        height: pixels, up to 2000.
        line: least thickness, pixels.

    Shape: ``[height, columns]``.
    """
    known = ~np.isnan(outline[0])
    low, high, rms = np.where(known, np.clip(outline, -1.0, 1.0), 0.0)
    low, high = _connected(low, high)
    picture = np.zeros((height, outline.shape[1]), np.uint8)
    _cover(picture, -high, -low, known, line)
    _cover(picture, -rms, rms, known & (rms * height > line), 0.0)
    return picture


def shades(ground: Rgba, body: Rgba, core: Rgba) -> list[int]:
    """Colour table of :func:`wave_picture`: ``0xAARRGGBB`` per index."""
    stops = np.array([ground, body, core], np.float64)
    at = np.arange(LEVELS) / SHADES
    red, green, blue, alpha = (np.interp(at, [0, 1, 2], stops[:, part]).round().astype(int) for part in range(4))
    return ((alpha << 24) | (red << 16) | (green << 8) | blue).tolist()


def _connected(low: NDArray[np.float32], high: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Each column stretched until it touches the one before: a line without holes."""
    return (
        np.minimum(low, np.concatenate([low[:1], high[:-1]])),
        np.maximum(high, np.concatenate([high[:1], low[:-1]])),
    )


def _cover(
    picture: Picture, top: NDArray[np.float32], bottom: NDArray[np.float32], known: NDArray[np.bool_], line: float
) -> None:
    """Add to each pixel how much of it is between ``top`` and ``bottom`` (-1 top .. 1 bottom edge), 0..SHADES."""
    height = picture.shape[0]
    middle, half = (top + bottom) * (height / 4) + height / 2, np.maximum((bottom - top) * (height / 4), line / 2)
    upper = np.where(known, (middle - half) * SHADES, height * SHADES).round().astype(np.int16)
    lower = np.where(known, (middle + half) * SHADES, 0).round().astype(np.int16)
    first, last = max(0, int(upper.min()) // SHADES), min(height, -(-int(lower.max()) // SHADES))
    for begin in range(first, last, _STRIPE):
        end = min(last, begin + _STRIPE)
        rows = (np.arange(begin, end, dtype=np.int16) * SHADES)[:, None]
        inside = np.minimum(lower, rows + np.int16(SHADES))
        inside -= np.maximum(upper, rows)
        picture[begin:end] += np.maximum(inside, 0, out=inside).astype(np.uint8)
