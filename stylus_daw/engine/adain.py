"""Adaptive instance normalisation of latents (arXiv 1703.06868): the style's statistics for the content.

For spectrograms the statistics must know frequency (docs/decisions.md): they are taken over time
only, per channel and row, unless the paper's per-channel form is asked for.
"""

from __future__ import annotations

import torch
from torch import Tensor

SPREAD_FLOOR = 1e-4


def adain(content: Tensor, style: Tensor, *, per_row: bool = True) -> Tensor:
    """``std(style) * (content - mean(content)) / std(content) + mean(style)``.

    Args:
        content: ``[batch, channels, height, width]``; each entry has statistics of its own.
        style: ``[tiles, channels, height, width]``; all tiles together are one style.
        per_row: statistics per channel and row (over time), instead of per channel.

    >>> style = 3 + 2 * torch.randn(2, 4, 8, 64, generator=torch.Generator().manual_seed(0))
    >>> out = adain(torch.randn(1, 4, 8, 64, generator=torch.Generator().manual_seed(1)), style)
    >>> bool((out.mean() - style.mean()).abs() < 1e-4)
    True
    """
    over = (3,) if per_row else (2, 3)
    mean, spread = content.mean(over, keepdim=True), content.std(over, keepdim=True)
    style_over = (0, *over)
    style_mean, style_spread = style.mean(style_over, keepdim=True), style.std(style_over, keepdim=True)
    return style_spread * (content - mean) / spread.clamp_min(SPREAD_FLOOR) + style_mean


def blended_adain(content: Tensor, styles: list[tuple[float, Tensor]], *, per_row: bool = True) -> Tensor:
    """The weighted mean of the content normalised to each style; weights sum to 1."""
    return torch.stack([weight * adain(content, style, per_row=per_row) for weight, style in styles]).sum(0)
