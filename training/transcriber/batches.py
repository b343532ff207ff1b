"""Draws batches from the shards, augmented: scenes on scenes, moved in pitch, equalised, quieter, noisier."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from stylus_daw.engine.notes.features import BINS, PER_SEMITONE, RANGE_DB
from stylus_daw.engine.notes.note import HOP_S, KEYS, LOWEST_PITCH
from training.transcriber.shards import FRAMES, load_shard

CROP_FRAMES = 192
MIX_SHARE, MIX_DB = 0.35, 12.0
MOVE_SHARE, MOST_SEMITONES = 0.6, 6
OFF_GRID_SHARE = 0.12
"""Share that lies a third of a semitone beside: what a wrong tuning does."""
EQ_SHARE, QUIET_SHARE, QUIET_DB, NOISE_SHARE = 0.5, 0.4, 20.0, 0.15
NEIGHBOUR = 0.5
"""What the frames beside an onset, an end or a hit are asked for."""

Float = NDArray[np.floating]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seen:
    """One scene: uint8 images, and its score with times in frames."""

    grid: NDArray[np.uint8]
    bands: NDArray[np.uint8]
    notes: Float
    hits: Float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Batch:
    """Images as shares of 80 dB, targets 0..1.

    Shapes: grid ``[n, windows, bins, t]``, bands ``[n, bands, t]``; onset, frame, offset, strength, struck
    ``[n, keys, t]`` (strength counts where ``struck``); percussion ``[n, t]``.
    """

    grid: Tensor
    bands: Tensor
    onset: Tensor
    frame: Tensor
    offset: Tensor
    strength: Tensor
    struck: Tensor
    percussion: Tensor


@dataclass(slots=True)
class Pool:
    """All scenes in memory."""

    scenes: list[Seen] = field(default_factory=list)
    loaded: set[Path] = field(default_factory=set)

    def extend(self, folder: Path) -> int:
        """Load shards that have appeared since the last call; returns the number of scenes."""
        for path in sorted(folder.glob("shard-????.npz")):
            if path not in self.loaded:
                self.add(path)
        return len(self.scenes)

    def add(self, path: Path) -> None:
        """Load one shard."""
        shard = load_shard(path)
        for number in range(len(shard.kinds)):
            notes, hits = (part[part[:, 0] == number, 1:] for part in (shard.notes, shard.hits))
            notes[:, :2] /= HOP_S
            hits[:, 0] /= HOP_S
            self.scenes.append(Seen(grid=shard.grid[number], bands=shard.bands[number], notes=notes, hits=hits))
        self.loaded.add(path)


def draw(pool: Pool, rng: np.random.Generator, size: int) -> Batch:
    """A batch of crops."""
    return _stacked([_drawn(pool, rng) for _ in range(size)])


def _drawn(pool: Pool, rng: np.random.Generator) -> dict[str, Float]:
    grid, bands, notes, hits = _crop(pool.scenes[rng.integers(len(pool.scenes))], rng)
    if rng.random() < MIX_SHARE:
        other = _crop(pool.scenes[rng.integers(len(pool.scenes))], rng)
        gain = np.float32(rng.uniform(-MIX_DB, 0) / RANGE_DB)
        grid, bands = _sum(grid, other[0] + gain), _sum(bands, other[1] + gain)
        notes, hits = np.concatenate([notes, other[2]]), np.concatenate([hits, other[3]])
    if rng.random() < MOVE_SHARE:
        semitones = int(rng.integers(-MOST_SEMITONES, MOST_SEMITONES + 1))
        grid, notes = _moved(grid, semitones * PER_SEMITONE), notes + np.array([0, 0, semitones, 0], np.float32)
    if rng.random() < OFF_GRID_SHARE:
        grid = _moved(grid, int(rng.choice([-1, 1])))
    grid, bands = _recorded(grid, bands, rng)
    return {"grid": grid, "bands": bands, **targets(notes, hits, grid.shape[-1])}


def _crop(scene: Seen, rng: np.random.Generator) -> tuple[Float, Float, Float, Float]:
    at = int(rng.integers(0, FRAMES - CROP_FRAMES + 1))
    grid, bands = (x[..., at : at + CROP_FRAMES].astype(np.float32) / 255 for x in (scene.grid, scene.bands))
    return grid, bands, scene.notes - np.array([at, at, 0, 0], np.float32), scene.hits - np.array([at, 0], np.float32)


def _sum(one: Float, other: Float) -> Float:
    """Powers added, both given as shares of 80 dB."""
    scale = np.float32(RANGE_DB / 10 * np.log(10))
    total = np.logaddexp(one * scale, other * scale) / scale
    return np.where(np.maximum(one, other) <= 0, 0, np.clip(total, 0, 1)).astype(np.float32)


def _moved(grid: Float, bins: int) -> Float:
    moved = np.zeros_like(grid)
    if bins >= 0:
        moved[:, bins:] = grid[:, : BINS - bins]
    else:
        moved[:, :bins] = grid[:, -bins:]
    return moved


def _recorded(grid: Float, bands: Float, rng: np.random.Generator) -> tuple[Float, Float]:
    """Equaliser, level and noise floor."""
    if rng.random() < EQ_SHARE:
        place = np.linspace(0, np.pi, BINS)
        curve = sum(rng.normal(0, 5 / k) * np.cos(k * place + rng.uniform(0, np.pi)) for k in range(1, 5))
        curve = (np.clip(curve, -14, 14) / RANGE_DB).astype(np.float32)
        grid = np.where(grid > 0, grid + curve[None, :, None], 0)
        bands = np.where(bands > 0, bands + np.float32(rng.normal(0, 4 / RANGE_DB)), 0)
    if rng.random() < QUIET_SHARE:
        less = np.float32(rng.uniform(0, QUIET_DB) / RANGE_DB)
        grid, bands = grid - less, bands - less
    if rng.random() < NOISE_SHARE:
        floor = rng.uniform(0.05, 0.45)
        grid, bands = (np.maximum(x, floor + rng.normal(0, 0.05, x.shape).astype(np.float32)) for x in (grid, bands))
    return np.clip(grid, 0, 1), np.clip(bands, 0, 1)


def targets(notes: Float, hits: Float, frames: int) -> dict[str, Float]:
    """What the net is asked for, from rows of (start, end, pitch, strength) and (start, strength), in frames."""
    onset, frame, offset, strength, struck = np.zeros((5, KEYS, frames), np.float32)
    for start, end, pitch, velocity in notes:
        key, first = round(float(pitch)) - LOWEST_PITCH, round(float(start))
        last = max(round(float(end)), first + 3)
        if 0 <= key < KEYS and first < frames and last > 0:
            frame[key, max(0, first) : last] = 1
            strength[key, max(0, first - 1) : max(0, first + 2)] = velocity
            struck[key, max(0, first - 1) : max(0, first + 2)] = 1
            _mark(onset[key], first)
            _mark(offset[key], last)
    percussion = np.zeros(frames, np.float32)
    for start, _ in hits:
        _mark(percussion, round(float(start)))
    return {
        "onset": onset,
        "frame": frame,
        "offset": offset,
        "strength": strength,
        "struck": struck,
        "percussion": percussion,
    }


def _mark(row: Float, at: int) -> None:
    for frame, value in ((at - 1, NEIGHBOUR), (at, 1.0), (at + 1, NEIGHBOUR)):
        if 0 <= frame < len(row):
            row[frame] = max(row[frame], value)


def _stacked(rows: list[dict[str, Float]]) -> Batch:
    return Batch(**{name: torch.from_numpy(np.stack([row[name] for row in rows])) for name in rows[0]})
