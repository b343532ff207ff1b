"""Row matching of a batch, on whatever device it lies: `stylus_daw.engine.image.row_match` for training."""

from __future__ import annotations

from functools import lru_cache

import torch
from torch import Tensor

from stylus_daw.engine.image.row_match import STATISTICS_SPREAD_FLOOR, STATISTICS_SPREAD_RANGE, row_smoothing


def match_rows(content: Tensor, mean: Tensor, spread: Tensor, style_mean: Tensor, style_spread: Tensor) -> Tensor:
    """Statistics are ``[..., bands, 1]``, images ``[..., bands, frames]``. Shape: that of ``content``."""
    smooth, floor = _smoothing().to(mean), STATISTICS_SPREAD_FLOOR
    mean, spread, style_mean, style_spread = (smooth @ s for s in (mean, spread, style_mean, style_spread))
    scale = (style_spread.clamp_min(floor) / spread.clamp_min(floor)).clamp(*STATISTICS_SPREAD_RANGE)
    return ((content - mean) * scale + style_mean).clamp(-1.0, 1.0)


@lru_cache(maxsize=1)
def _smoothing() -> Tensor:
    return torch.from_numpy(row_smoothing())
