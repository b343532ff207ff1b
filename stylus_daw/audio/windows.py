"""Splits an image into overlapping tiles and joins the results without seams."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stylus_daw.audio.columns import Columns

Float = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiling:
    """Where the tiles of an image of ``frames`` frames are.

    Attributes:
        frames: length of the image.
        width: frames per tile; the last tile ends with the image.
        overlap: the fewest frames that neighbours share.

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
        """Frames that the tiles cover: at least one tile."""
        return max(self.frames, self.width)

    def split(self, image: Float, *, fill: float) -> Float:
        """Shape: ``[rows, frames] -> [tiles, rows, width]``; a short image is padded with ``fill``."""
        return self.cut(image, slice(None), fill=fill)

    def cut(self, image: Columns, tiles: slice, *, fill: float) -> Float:
        """Some of the tiles of :meth:`split`, from an image of any length.

        Shape: ``[rows, frames] -> [chosen tiles, rows, width]``.
        """
        starts = self.starts[tiles]
        columns = image[:, starts[0] : min(starts[-1] + self.width, self.frames)]
        missing = starts[-1] + self.width - starts[0] - columns.shape[1]
        full = np.pad(columns, ((0, 0), (0, missing)), constant_values=fill) if missing else columns
        return np.stack([full[:, s - starts[0] : s - starts[0] + self.width] for s in starts])

    def batches(self, size: int) -> Iterator[slice]:
        """Slices over the tiles, ``size`` at a time."""
        for first in range(0, len(self.starts), size):
            yield slice(first, min(first + size, len(self.starts)))

    def join(self, tiles: Float) -> Float:
        """Cross-fade. Shape: ``[tiles, rows, width] -> [rows, frames]``."""
        return np.concatenate(list(self.joined(tiles)), axis=1)

    def joined(self, tiles: Iterable[Float]) -> Iterator[Float]:
        """:meth:`join` for tiles that come one by one; yields what later tiles do not reach.

        Shape: each ``[rows, width]`` in; ``[rows, any]`` out, together ``frames`` columns.
        """
        ends = (*self.starts[1:], self.padded)
        total, weight = np.zeros((1, self.width), np.float32), np.zeros(self.width, np.float32)
        for tile, start, end in zip(tiles, self.starts, ends, strict=True):
            fade = self._fade(first=start == 0, last=start + self.width == self.padded)
            total, weight = total + tile * fade, weight + fade
            done = end - start
            yield np.asarray(total[:, :done] / weight[:done], np.float32)[:, : max(0, self.frames - start)]
            total = np.pad(total[:, done:], ((0, 0), (0, done)))
            weight = np.pad(weight[done:], (0, done))

    def _fade(self, *, first: bool, last: bool) -> Float:
        """Rises over the overlap, stays at 1, falls over the overlap; flat at the image's ends. Shape: ``[width]``."""
        fade = np.ones(self.width, np.float32)
        ramp = (np.arange(self.overlap, dtype=np.float32) + 1) / (self.overlap + 1)
        if self.overlap and not first:
            fade[: self.overlap] = ramp
        if self.overlap and not last:
            fade[-self.overlap :] *= ramp[::-1]
        return fade
