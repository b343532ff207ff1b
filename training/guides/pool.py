"""Draws batches of triples with guides from the shards, augmented."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.dataset import FRAMES
from training.guides.shards import HELD_OUT_SHARDS, IMAGES
from training.triples import CONTENT_FRAMES, STYLE_FRAMES, equaliser_curve

Values = NDArray[np.float32]
Triple = dict[str, Values]

EQ_SHARE, SAME_SHARE = 0.5, 0.04
"""How many triples are equalised, and in how many content, style, guide and truth are one."""
CROPS = 3
"""Contents that share a style in a batch: places of one triple."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideBatch:
    """S styles ``[S, 1, bands, frames]``; contents, guides and truths ``[S * CROPS, 1, bands, frames]``."""

    style: Tensor
    content: Tensor
    guide: Tensor
    truth: Tensor


@dataclass(slots=True)
class GuidePool:
    """All triples in memory, values * 127.5 + 127.5 in bytes.

    Attributes:
        most_voices: triples of further styles' voices are left out; None: of none.
    """

    most_voices: int | None = None
    images: dict[str, list[NDArray[np.uint8]]] = field(default_factory=lambda: {name: [] for name in IMAGES})
    loaded: set[Path] = field(default_factory=set)
    voices: set[tuple[int, int]] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.images["truth"])

    def extend(self, folder: Path, *, held_out: bool = False) -> int:
        """Load shards that have appeared since the last call; gives the number of triples."""
        for path in sorted(folder.glob("guides-[0-9][0-9][0-9].npz")):
            if path not in self.loaded and (int(path.stem[-3:]) < HELD_OUT_SHARDS) == held_out:
                self._add(path)
        return len(self)

    def _add(self, path: Path) -> None:
        with np.load(path) as shard:
            kept = [i for i, voice in enumerate(shard["voices"].tolist()) if self._admits(tuple(voice))]
            for name in IMAGES:
                images = shard[name]
                self.images[name] += [images[i] for i in kept]
        self.loaded.add(path)

    def _admits(self, voice: tuple[int, int]) -> bool:
        if voice not in self.voices and self.most_voices is not None and len(self.voices) >= self.most_voices:
            return False
        self.voices.add(voice)
        return True

    def draw(self, rng: np.random.Generator, styles: int) -> GuideBatch:
        """Random triples at random places."""
        rows: dict[str, list[Values]] = {name: [] for name in IMAGES}
        for index in rng.integers(len(self), size=styles):
            triple = {name: _values(self.images[name][index]) for name in IMAGES}
            _add(_altered(triple, rng), rows, rng.integers(0, FRAMES - CONTENT_FRAMES + 1, CROPS), rng)
        return _batch(rows)

    def all(self, styles: int) -> list[GuideBatch]:
        """Every triple at one fixed place, for validation."""
        batches, rng = [], np.random.default_rng(0)
        for first in range(0, len(self), styles):
            rows: dict[str, list[Values]] = {name: [] for name in IMAGES}
            for index in range(first, min(first + styles, len(self))):
                _add({name: _values(self.images[name][index]) for name in IMAGES}, rows, (192,), rng)
            batches.append(_batch(rows))
        return batches


def _altered(triple: Triple, rng: np.random.Generator) -> Triple:
    """The same equalisation on style, guide and truth; another on the content; sometimes all are one."""
    if rng.random() < SAME_SHARE:
        return dict.fromkeys(triple, triple["truth"])
    own = equaliser_curve(rng) if rng.random() < EQ_SHARE else None
    other = equaliser_curve(rng) if rng.random() < EQ_SHARE / 2 else None
    return {name: _equalised(image, other if name == "content" else own) for name, image in triple.items()}


def _equalised(image: Values, curve: Values | None) -> Values:
    return image if curve is None else np.where(image > -1, np.clip(image + curve, -1, 1), image)


def _add(triple: Triple, rows: dict[str, list[Values]], places: Iterable[int], rng: np.random.Generator) -> None:
    start = int(rng.integers(0, FRAMES - STYLE_FRAMES + 1))
    rows["style"].append(triple["style"][:, start : start + STYLE_FRAMES])
    for place in places:
        for name in ("content", "guide", "truth"):
            rows[name].append(triple[name][:, place : place + CONTENT_FRAMES])


def _batch(rows: dict[str, list[Values]]) -> GuideBatch:
    return GuideBatch(**{name: torch.from_numpy(np.stack(images))[:, None] for name, images in rows.items()})


def _values(image: NDArray[np.uint8]) -> Values:
    return image.astype(np.float32) / 127.5 - 1.0
