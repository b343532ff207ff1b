"""The scale at a lane's left edge: dB of a waveform, Hz of a mel picture. No Qt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from stylus_daw.audio.spectrogram import hz_to_mel
from stylus_ui.drawing.mel_tiles import GEOMETRY
from stylus_ui.state.text import Text

LEVELS_DB = (0, -6, -12, -18)
TONES_HZ = (10_000, 1_000, 100, 5_000, 2_000, 500, 200)
"""In the order in which they get their place."""
APART, TOP, MIDDLE = 16.0, 36.0, 12.0
"""Logical pixels: between two labels, what the lane's tag takes at the top, and what stays free around silence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleMark:
    """A label and how far it is from the top, in logical pixels."""

    y: float
    label: str


def scale(height: float, text: Text, *, shows_mel: bool) -> tuple[ScaleMark, ...]:
    """The marks of a lane, from top to bottom, none nearer to another than can be read.

    >>> [mark.label for mark in scale(200, Text(), shows_mel=False)]
    ['−6', '−12', '−12', '−6', '0 dB']
    >>> [mark.label for mark in scale(200, Text(), shows_mel=True)]
    ['5 kHz', '2 kHz', '1 kHz', '500 Hz', '200 Hz']
    """
    found: list[ScaleMark] = []
    for mark in _tones(height, text) if shows_mel else _levels(height):
        is_inside = TOP <= mark.y <= height - APART / 2
        if is_inside and all(abs(mark.y - other.y) >= APART for other in found):
            found.append(mark)
    return tuple(sorted(found, key=lambda mark: mark.y))


def _levels(height: float) -> Iterator[ScaleMark]:
    """Full scale is the lane's edge; the lower half first, where nothing else stands."""
    for level in LEVELS_DB:
        away = height / 2 * 10 ** (level / 20)
        for y in (height / 2 + away, height / 2 - away) if away >= MIDDLE else ():
            yield ScaleMark(y=min(y, height - APART / 2), label=f"−{-level}" if level else "0 dB")


def _tones(height: float, text: Text) -> Iterator[ScaleMark]:
    low, high = hz_to_mel([GEOMETRY.low_hz, GEOMETRY.high_hz], GEOMETRY.scale)
    for hz in TONES_HZ:
        share = (float(hz_to_mel(hz, GEOMETRY.scale)) - low) / (high - low)
        said = f"{text.number(hz / 1000)} kHz" if hz >= 1000 else f"{hz} Hz"
        yield ScaleMark(y=height * (1 - share), label=said)
