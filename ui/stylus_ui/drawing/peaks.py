"""Peaks: what a waveform looks like at every zoom, without its samples.

A pyramid: lowest, highest and RMS value of blocks of 256 samples, and of 4, 16, … times as many.
All channels share one outline (lowest of all, highest of all, mean power). It grows from the left
while a file is being scanned; readers see what is there so far.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BASE_BLOCK, STEP, LEVELS = 256, 4, 7
CHUNK = BASE_BLOCK * STEP ** (LEVELS - 1)
"""Samples that :meth:`Peaks.add` takes at a time: one block of the coarsest level."""

Outline = NDArray[np.float32]
"""Rows lowest, highest, RMS. Shape: ``[3, columns]``; NaN where nothing is known."""


@dataclass(frozen=True, slots=True)
class Level:
    """One zoom of the pyramid: ``blocks[:, i]`` describes samples ``i * size`` to ``(i + 1) * size``."""

    size: int
    blocks: NDArray[np.float16]


class Peaks:
    """The growing pyramid of one file.

    One thread adds, others read: blocks are written before :attr:`known` says so.

    >>> peaks = Peaks(rate=48_000, frames=1024)
    >>> peaks.add(np.linspace(0, 1, 1024, dtype=np.float32)[None])
    >>> peaks.is_complete, peaks.outline(0, 512, 2).round(1).tolist()[:2]
    (True, [[0.0, 0.5], [0.5, 1.0]])
    """

    def __init__(self, *, rate: int, frames: int) -> None:
        self.rate = rate
        self.frames = frames
        self.known = 0
        sizes = [BASE_BLOCK * STEP**level for level in range(LEVELS)]
        self._levels = [Level(size, np.zeros((3, math.ceil(frames / size)), np.float16)) for size in sizes]

    @classmethod
    def from_base(cls, base: NDArray[np.float16], *, rate: int, frames: int) -> Peaks:
        """The complete pyramid over its finest level (see :attr:`base`)."""
        peaks = cls(rate=rate, frames=frames)
        peaks._write(0, base.astype(np.float32))
        peaks.known = frames
        return peaks

    @property
    def base(self) -> NDArray[np.float16]:
        """The finest level. Shape: ``[3, blocks]``."""
        return self._levels[0].blocks

    @property
    def fraction(self) -> float:
        """How much of the file is known, 0..1."""
        return self.known / self.frames

    @property
    def is_complete(self) -> bool:
        return self.known >= self.frames

    @property
    def seconds(self) -> float:
        return self.frames / self.rate

    def add(self, samples: NDArray[np.float32]) -> None:
        """The next ``CHUNK`` samples of the file (the last chunk may be shorter). Shape: ``[channels, samples]``."""
        self._write(self.known // BASE_BLOCK, block_outline(samples, BASE_BLOCK))
        self.known = min(self.frames, self.known + samples.shape[1])

    def end(self) -> None:
        """There is no more: a decoder may give fewer samples than the file announces."""
        self.known = self.frames

    def outline(self, first: float, per_column: float, columns: int) -> Outline:
        """Lowest, highest and RMS of ``columns`` stretches of ``per_column`` samples from sample ``first``.

        Columns hold at least four blocks, so that nothing jumps about while zooming; below 1,024 samples fewer.
        Below 256 samples per column neighbours repeat: take the samples themselves then
        (:func:`sample_outline`).
        """
        level = next((each for each in reversed(self._levels) if each.size * STEP <= per_column), self._levels[0])
        known = level.blocks[:, : math.ceil(self.known / level.size)]
        return block_columns(known, first / level.size, per_column / level.size, columns)

    def _write(self, block: int, outline: Outline) -> None:
        for level in self._levels:
            level.blocks[:, block : block + outline.shape[1]] = outline
            block //= STEP
            outline = _coarser(outline)


def block_outline(samples: NDArray[np.float32], size: int) -> Outline:
    """Outline of consecutive blocks. Shape: ``[channels, samples] -> [3, ceil(samples / size)]``."""
    whole = samples.shape[1] // size * size
    parts = [_outline(samples[:, :whole].reshape(samples.shape[0], -1, size))] if whole else []
    if whole < samples.shape[1]:
        parts.append(_outline(samples[:, None, whole:]))
    return np.concatenate(parts, axis=1)


def sample_outline(samples: NDArray[np.float32], first: float, per_column: float, columns: int) -> Outline:
    """As :meth:`Peaks.outline`, from samples ``[channels, samples]``; ``first`` counts from ``samples[:, 0]``."""
    if per_column < 1:
        return _interpolated(samples, first, per_column, columns)
    begin = min(max(0, math.floor(first)), samples.shape[1] - 1)
    seen = samples[:, begin : max(begin, math.ceil(first + per_column * columns)) + 1]
    each = np.stack([seen.min(axis=0), seen.max(axis=0), np.sqrt(np.mean(seen**2, axis=0))])
    return block_columns(each, first - begin, per_column, columns)


def _outline(blocks: NDArray[np.float32]) -> Outline:
    """Shape: ``[channels, blocks, samples] -> [3, blocks]``."""
    power = np.einsum("cbs,cbs->b", blocks, blocks) / (blocks.shape[0] * blocks.shape[2])
    return np.stack([blocks.min(axis=(0, 2)), blocks.max(axis=(0, 2)), np.sqrt(power)])


def _coarser(outline: Outline) -> Outline:
    """``STEP`` neighbours as one; the last block may cover fewer."""
    starts = np.arange(0, outline.shape[1], STEP)
    low, high, rms = outline
    counts = np.diff(np.append(starts, outline.shape[1]))
    power = np.add.reduceat(rms**2, starts) / counts
    return np.stack([np.minimum.reduceat(low, starts), np.maximum.reduceat(high, starts), np.sqrt(power)])


def block_columns(blocks: NDArray[np.floating], first: float, per_column: float, columns: int) -> Outline:
    """Blocks ``[3, blocks]`` gathered into columns; ``first`` and ``per_column`` in blocks."""
    found = np.full((3, columns), np.nan, np.float32)
    edges = np.floor(first + per_column * np.arange(columns + 1) + 1e-9).astype(np.int64)
    inside = np.flatnonzero((edges[:-1] >= 0) & (edges[:-1] < blocks.shape[1]))
    if inside.size == 0:
        return found
    begin = edges[inside[0]]
    end = max(math.ceil(first + per_column * (inside[-1] + 1) - 1e-9), edges[inside[-1]] + 1)
    cut = np.asarray(blocks[:, begin:end], np.float32)
    starts = edges[inside] - begin
    counts = np.maximum(1, np.diff(np.append(starts, cut.shape[1])))
    found[0, inside] = np.minimum.reduceat(cut[0], starts)
    found[1, inside] = np.maximum.reduceat(cut[1], starts)
    found[2, inside] = np.sqrt(np.add.reduceat(cut[2] ** 2, starts) / counts)
    return found


def _interpolated(samples: NDArray[np.float32], first: float, per_column: float, columns: int) -> Outline:
    """Straight lines between samples, for columns narrower than one."""
    at = first + per_column * (np.arange(columns) + 0.5) - 0.5
    begin = min(max(0, math.floor(at[0])), samples.shape[1] - 1)
    seen = samples[:, begin : max(begin, math.ceil(at[-1])) + 1]
    places = np.arange(begin, begin + seen.shape[1])
    each = np.stack([np.interp(at, places, channel) for channel in seen])
    each[:, (at < -0.5) | (at > samples.shape[1] - 0.5)] = np.nan
    return np.stack([each.min(axis=0), each.max(axis=0), np.abs(each).mean(axis=0)]).astype(np.float32)
