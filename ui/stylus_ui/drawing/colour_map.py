"""Colour maps for mel pictures: equal steps of level are equal steps of lightness. No Qt.

Interpolated in OKLab (B. Ottosson, "A perceptual color space for image processing", 2020): lightness rises or
falls in a straight line from the lane's ground to its brightest colour, the hue passes through the lane's accent.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from stylus_ui.drawing.theme import Palette

STEPS = 256

_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


@lru_cache(maxsize=8)
def mel_colours(palette: Palette, accent: str) -> list[int]:
    """The map of a lane: ``0xffRRGGBB`` for levels 0..255.

    Args:
        palette: in use.
        accent: ``"content"`` or ``"style"``.
    """
    is_dark = _lightness(palette.sunken) < 0.5
    between = _THROUGH[accent, is_dark]
    return colour_map([palette.sunken, *between])


def colour_map(stops: Sequence[str]) -> list[int]:
    """``0xffRRGGBB`` through the stops, 256 steps of the same lightness.

    >>> [hex(colour) for colour in colour_map(["#000000", "#ffffff"])[::255]]
    ['0xff000000', '0xffffffff']
    """
    lab = oklab(stops)
    order = np.argsort(lab[:, 0])
    lightness = np.linspace(lab[0, 0], lab[-1, 0], STEPS)
    hue = [np.interp(lightness, lab[order, 0], lab[order, part]) for part in (1, 2)]
    return _packed(np.stack([lightness, *hue], axis=1))


def oklab(colours: Sequence[str]) -> NDArray[np.float64]:
    """Lightness, green-red and blue-yellow of ``#rrggbb`` colours. Shape: ``[colours, 3]``."""
    encoded = np.array([[int(colour[at : at + 2], 16) for at in (1, 3, 5)] for colour in colours]) / 255
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    return np.cbrt(linear @ _TO_LMS.T) @ _TO_LAB.T


def _packed(lab: NDArray[np.float64]) -> list[int]:
    linear = np.clip((lab @ np.linalg.inv(_TO_LAB).T) ** 3 @ np.linalg.inv(_TO_LMS).T, 0.0, 1.0)
    encoded = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    red, green, blue = (encoded * 255).round().astype(np.int64).T
    return ((255 << 24) | (red << 16) | (green << 8) | blue).tolist()


def _lightness(colour: str) -> float:
    return float(oklab([colour])[0, 0])


_THROUGH = {
    ("content", True): ("#17305e", "#1f7fb4", "#5fd0dc", "#f2fdf6"),
    ("style", True): ("#351a66", "#8b45d6", "#ec93cf", "#fff3e6"),
    ("content", False): ("#8ccbe0", "#2f93bd", "#14538f", "#101a33"),
    ("style", False): ("#d9b8ec", "#a66be0", "#6a2fb8", "#1f0f38"),
}
"""Colours on the way from the ground to the loudest, by accent and whether the palette is dark."""
