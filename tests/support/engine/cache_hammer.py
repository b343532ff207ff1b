"""What two processes do to one cache at once. Imports little, since each of them imports it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from stylus_daw.engine.style_cache import StyleCache

ROUNDS, KEYS = 15, 5
SHAPE = (4, 1, 4, 8, 8)


def entry(number: int) -> torch.Tensor:
    return torch.full(SHAPE, float(number))


def hammer(folder: str, seed: int, most_bytes: int) -> None:
    """Write, read and evict at random; what is read must be whole and of its key."""
    cache, random = StyleCache(Path(folder), most_bytes=most_bytes), np.random.default_rng(seed)
    for _ in range(ROUNDS):
        number = int(random.integers(KEYS))
        found = cache.get(f"key{number}")
        if found is None:
            cache.put(f"key{number}", entry(number))
        elif not torch.equal(found, entry(number)):
            raise SystemExit(3)
