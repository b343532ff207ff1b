"""The effects of a voice: one to three of what stands on ordinary tracks, drawn by a seed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pedalboard as pb
from pedalboard._pedalboard import Pedalboard


def board(seed: int) -> Pedalboard:
    """The same seed, the same effects."""
    rng = np.random.default_rng(seed)
    choices: list[Any] = [
        lambda: pb.Reverb(room_size=rng.uniform(0.1, 0.8), wet_level=rng.uniform(0.1, 0.35), dry_level=0.7),
        lambda: pb.Chorus(rate_hz=rng.uniform(0.3, 3), depth=rng.uniform(0.1, 0.5), mix=0.4),
        lambda: pb.Distortion(drive_db=rng.uniform(6, 24)),
        lambda: pb.Compressor(threshold_db=rng.uniform(-35, -20), ratio=rng.uniform(2, 6)),
        lambda: pb.LowpassFilter(cutoff_frequency_hz=float(np.exp(rng.uniform(np.log(900), np.log(9000))))),
        lambda: pb.HighpassFilter(cutoff_frequency_hz=rng.uniform(80, 400)),
        lambda: pb.PeakFilter(
            cutoff_frequency_hz=float(np.exp(rng.uniform(5, 8.5))), gain_db=rng.uniform(-12, 12), q=1
        ),
        lambda: pb.Phaser(rate_hz=rng.uniform(0.2, 2), mix=0.4),
        lambda: pb.Delay(delay_seconds=rng.uniform(0.1, 0.4), feedback=0.2, mix=rng.uniform(0.1, 0.3)),
    ]
    picked = rng.choice(len(choices), size=int(rng.integers(1, 4)), replace=False)
    return Pedalboard([choices[i]() for i in picked])
