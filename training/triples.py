"""Draws batches of triples (content, style, truth) from the shards, augmented."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from stylus_daw.engine.image.values import HALF_RANGE_DB, row_statistics
from training.dataset import FRAMES, load_shard

CONTENT_FRAMES, STYLE_FRAMES = 128, 192
SAME_VOICE_SHARE, NOISE_SHARE, EQ_SHARE = 0.08, 0.15, 0.5
BANDS = 128

Float = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """S styles with C contents each; entries of one style are consecutive.

    Images ``[n, 1, bands, frames]``; statistics ``[n, 1, bands, 1]``. ``style`` has S entries, the others S * C.
    """

    style: Tensor
    content: Tensor
    truth: Tensor
    content_mean: Tensor
    content_spread: Tensor
    style_mean: Tensor
    style_spread: Tensor


@dataclass(slots=True)
class Pool:
    """All renders in memory, as values * 127.5 + 127.5 in uint8, found by piece and by voice."""

    images: list[NDArray[np.uint8]] = field(default_factory=list)
    powers: list[Float] = field(default_factory=list)
    by_piece: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_voice: dict[tuple[int, bool], list[int]] = field(default_factory=lambda: defaultdict(list))
    piece_of: list[int] = field(default_factory=list)
    loaded: set[Path] = field(default_factory=set)

    def extend(self, folder: Path, *, skip: tuple[str, ...] = ()) -> int:
        """Load shards that have appeared since the last call; returns the number of renders."""
        for path in sorted(folder.glob("shard-*.npz")):
            if path not in self.loaded and not path.name.endswith(".tmp.npz") and path.name not in skip:
                self.add(path)
        return len(self.images)

    def add(self, path: Path) -> None:
        """Load one shard."""
        shard = load_shard(path)
        for image, piece, voice, drums in zip(shard.images, shard.pieces, shard.voices, shard.drums, strict=True):
            index = len(self.images)
            self.images.append(image)
            self.powers.append((10.0 ** (_values(image) * HALF_RANGE_DB / 10)).mean(axis=1))
            self.piece_of.append(int(piece))
            self.by_piece[int(piece)].append(index)
            self.by_voice[int(voice), bool(drums)].append(index)
        self.loaded.add(path)

    def styles(self) -> list[tuple[int, bool]]:
        """Voices that at least two pieces are played by."""
        return [key for key, renders in self.by_voice.items() if len(renders) >= 2]


def draw(pool: Pool, rng: np.random.Generator, *, styles: int = 4, contents: int = 4, augment: bool = True) -> Batch:
    """A batch of ``styles * contents`` triples."""
    keys = pool.styles()
    rows: dict[str, list[Float]] = defaultdict(list)
    for choice in rng.choice(len(keys), styles, replace=len(keys) < styles):
        renders = pool.by_voice[keys[choice]]
        _draw_style(pool, rng, renders, contents, rows, augment)
    return Batch(**{name: torch.from_numpy(np.stack(values))[:, None] for name, values in rows.items()})


def identical(batch: Batch) -> Batch:
    """Content, style and truth are one: what the network must leave alone."""
    content = batch.truth
    mean = content.mean(-1, keepdim=True)
    spread = content.std(-1, keepdim=True)
    return Batch(
        style=content,
        content=content,
        truth=content,
        content_mean=mean,
        content_spread=spread,
        style_mean=mean,
        style_spread=spread,
    )


def _draw_style(
    pool: Pool, rng: np.random.Generator, renders: list[int], contents: int, rows: dict[str, list[Float]], augment: bool
) -> None:
    style_index = int(rng.choice(renders))
    others = [r for r in renders if pool.piece_of[r] != pool.piece_of[style_index]] or renders
    curve = equaliser_curve(rng) if augment and rng.random() < EQ_SHARE else None
    style = _equalised(pool, style_index, curve)
    style_mean, style_spread = row_statistics(style)
    rows["style"].append(_crop(style, _sounding_offset(style, STYLE_FRAMES, rng), STYLE_FRAMES))
    for _ in range(contents):
        truth_index = int(rng.choice(others))
        content_index = _other_voice(pool, truth_index, rng)
        content = _degraded(pool, content_index, rng) if augment else _values(pool.images[content_index])
        truth = _equalised(pool, truth_index, curve)
        offset = _sounding_offset(truth, CONTENT_FRAMES, rng)
        mean, spread = row_statistics(content)
        for name, value in (
            ("content", _crop(content, offset, CONTENT_FRAMES)),
            ("truth", _crop(truth, offset, CONTENT_FRAMES)),
            ("content_mean", mean),
            ("content_spread", spread),
            ("style_mean", style_mean),
            ("style_spread", style_spread),
        ):
            rows[name].append(value)


def _other_voice(pool: Pool, truth: int, rng: np.random.Generator) -> int:
    if rng.random() < SAME_VOICE_SHARE:
        return truth
    return int(rng.choice([r for r in pool.by_piece[pool.piece_of[truth]] if r != truth] or [truth]))


def _degraded(pool: Pool, index: int, rng: np.random.Generator) -> Float:
    """A content as it may come out of a session: equalised, off in level, with a noise floor."""
    values = _equalised(pool, index, equaliser_curve(rng) if rng.random() < EQ_SHARE else None)
    sounding = values > -1
    values = np.where(sounding, values + np.float32(rng.normal(0, 1.5 / HALF_RANGE_DB)), values)
    if rng.random() < NOISE_SHARE:
        floor = rng.uniform(-1, -0.5) - np.linspace(0, rng.uniform(0, 0.4), BANDS)[:, None]
        floor = floor + rng.normal(0, 0.05, values.shape)
        values = np.maximum(values, floor.astype(np.float32))
    return np.clip(values, -1, 1)


def equaliser_curve(rng: np.random.Generator) -> Float:
    """A smooth gain over the bands, up to about 12 dB, in values. Shape: ``[bands, 1]``."""
    place = np.linspace(0, np.pi, BANDS)
    curve = sum(rng.normal(0, 5 / k) * np.cos(k * place + rng.uniform(0, np.pi)) for k in range(1, 5))
    return (np.clip(curve, -14, 14) / HALF_RANGE_DB).astype(np.float32)[:, None]


def _equalised(pool: Pool, index: int, curve: Float | None) -> Float:
    """The image with the gain applied and its loudness put back."""
    values = _values(pool.images[index])
    if curve is None:
        return values
    power = pool.powers[index]
    change = 10 * np.log10((power * 10 ** (curve[:, 0] * HALF_RANGE_DB / 10)).sum() / power.sum()) / HALF_RANGE_DB
    return np.where(values > -1, np.clip(values + curve - np.float32(change), -1, 1), values)


def _values(image: NDArray[np.uint8]) -> Float:
    return image.astype(np.float32) / 127.5 - 1.0


def _crop(image: Float, offset: int, frames: int) -> Float:
    return np.ascontiguousarray(image[:, offset : offset + frames])


def _sounding_offset(image: Float, frames: int, rng: np.random.Generator) -> int:
    """A random offset, preferring one where something sounds."""
    offset = 0
    for _ in range(4):
        offset = int(rng.integers(0, FRAMES - frames + 1))
        if image[:, offset : offset + frames].max() > -0.3:
            break
    return offset
