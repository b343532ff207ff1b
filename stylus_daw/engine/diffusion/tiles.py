"""Tiles of a long image on the grid of its latents, and how overlapping tiles agree."""

from __future__ import annotations

from copy import copy

import numpy as np
import torch
from torch import Tensor

from stylus_daw.audio.spectrogram import Image
from stylus_daw.audio.windows import Tiling

OVERLAP = 1 / 8  # of a tile: shorter saves at most 7 % and makes edges more visible (decision 0048)


class LatentTiles:
    """Where the tiles are: each starts on a column of latents.

    Args:
        frames: length of the whole image.
        side: frames per tile.
        factor: frames per column of latents.

    >>> LatentTiles(frames=100, side=64, factor=8).columns.starts
    (0, 5)
    """

    def __init__(self, *, frames: int, side: int, factor: int) -> None:
        self._frames, self._factor = frames, factor
        width = side // factor
        overlap = max(1, round(OVERLAP * width))
        self.columns = Tiling(frames=max(width, -(-frames // factor)), width=width, overlap=overlap)
        self._starts = self.columns.starts

    def part(self, span: slice) -> LatentTiles:
        """Some neighbouring tiles, as if they were the whole."""
        part = copy(self)
        part._starts = self._starts[span]
        return part

    def __len__(self) -> int:
        return len(self._starts)

    def split(self, image: Image, *, fill: float) -> Image:
        """Shape: ``[bands, frames] -> [tiles, bands, side]``, padded with ``fill`` at the end."""
        missing = self.columns.frames * self._factor - self._frames
        full = np.pad(image, ((0, 0), (0, missing)), constant_values=fill) if missing else image
        return np.stack([full[:, a:b] for a, b in self._spans(self._factor)])

    def join(self, tiles: Image) -> Image:
        """Cross-fade. Shape: ``[tiles, bands, side] -> [bands, frames]``."""
        return _mixed(torch.from_numpy(tiles), self._spans(self._factor)).numpy()[:, : self._frames]

    def agree(self, latents: Tensor) -> Tensor:
        """Every column becomes the mean of the tiles that hold it (MultiDiffusion, arXiv 2302.08113, eq. 5).

        Weighted as the cross-fade. Shape: ``[tiles, channels, height, width]``, kept.
        """
        if len(self) == 1:
            return latents
        whole = _mixed(latents, self._spans(1))
        return torch.stack([whole[..., a:b] for a, b in self._spans(1)])

    def spread(self, whole: Tensor) -> Tensor:
        """Tiles of something that has all columns. Shape: ``[..., c, h, columns] -> [..., tiles, c, h, width]``."""
        return torch.stack([whole[..., a:b] for a, b in self._spans(1)], dim=-4)

    def _spans(self, grid: int) -> list[tuple[int, int]]:
        first = self._starts[0]
        return [(grid * (s - first), grid * (s - first + self.columns.width)) for s in self._starts]


def _mixed(tiles: Tensor, spans: list[tuple[int, int]]) -> Tensor:
    """Weighted mean where tiles overlap; a tile's weight falls linearly towards its neighbours.

    Shape: ``[tiles, ..., width] -> [..., columns]``.
    """
    total = tiles.new_zeros((*tiles.shape[1:-1], spans[-1][1]))
    weight = tiles.new_zeros(spans[-1][1])
    for number, (tile, (a, b)) in enumerate(zip(tiles, spans, strict=True)):
        fade = tiles.new_ones(b - a)
        if number:
            fade[: spans[number - 1][1] - a] = _ramp(spans[number - 1][1] - a, tiles)
        if number + 1 < len(spans):
            fade[spans[number + 1][0] - a :] *= _ramp(b - spans[number + 1][0], tiles).flip(0)
        total[..., a:b] += tile * fade
        weight[a:b] += fade
    return total / weight


def _ramp(length: int, like: Tensor) -> Tensor:
    """Rises linearly between 0 and 1, both left out. Shape: ``[length]``."""
    return (torch.arange(length, dtype=like.dtype, device=like.device) + 1) / (length + 1)
