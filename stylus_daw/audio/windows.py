"""Splits a long row of frames into overlapping tiles and joins the results without a seam."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiling:
    """Where the tiles of ``frames`` frames lie.

    Attributes:
        frames: length of the whole.
        width: frames of a tile; the last one is moved back so that it ends with the whole.
        overlap: frames that neighbours share at least.

    >>> Tiling(frames=100, width=64, overlap=16).starts
    (0, 36)
    >>> Tiling(frames=40, width=64, overlap=16).starts
    (0,)
    """

    frames: int
    width: int
    overlap: int

    def __post_init__(self) -> None:
        if not 0 <= self.overlap < self.width:
            raise ValueError("overlap must be shorter than the tile")

    @property
    def starts(self) -> tuple[int, ...]:
        if self.frames <= self.width:
            return (0,)
        hop = self.width - self.overlap
        count = -(-(self.frames - self.width) // hop) + 1
        return tuple(round(s) for s in np.linspace(0, self.frames - self.width, count))

    @property
    def padded(self) -> int:
        """Frames that the tiles cover: at least one whole tile."""
        return max(self.frames, self.width)

    def split(self, image: Float, *, fill: float) -> Float:
        """Shape: ``[rows, frames] -> [tiles, rows, width]``; a short image is padded with ``fill``."""
        missing = self.padded - image.shape[1]
        full = np.pad(image, ((0, 0), (0, missing)), constant_values=fill) if missing else image
        return np.stack([full[:, s : s + self.width] for s in self.starts])

    def batches(self, size: int) -> Iterator[slice]:
        """Slices over the tiles, ``size`` at a time."""
        for first in range(0, len(self.starts), size):
            yield slice(first, min(first + size, len(self.starts)))

    def join(self, tiles: Float) -> Float:
        """Cross-fade. Shape: ``[tiles, rows, width] -> [rows, frames]``."""
        total = np.zeros((tiles.shape[1], self.padded), np.float32)
        weight = np.zeros(self.padded, np.float32)
        for tile, start in zip(tiles, self.starts, strict=True):
            fade = self._fade(first=start == 0, last=start + self.width == self.padded)
            total[:, start : start + self.width] += tile * fade
            weight[start : start + self.width] += fade
        return (total / weight)[:, : self.frames]

    def _fade(self, *, first: bool, last: bool) -> Float:
        """Rises over the overlap, is 1, falls over the overlap; flat at the ends of the whole."""
        fade = np.ones(self.width, np.float32)
        ramp = (np.arange(self.overlap, dtype=np.float32) + 1) / (self.overlap + 1)
        if self.overlap and not first:
            fade[: self.overlap] = ramp
        if self.overlap and not last:
            fade[-self.overlap :] *= ramp[::-1]
        return fade
