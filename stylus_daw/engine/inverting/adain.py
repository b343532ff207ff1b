"""The style's statistics for the content's latent: AdaIN (arXiv 1703.06868), or its exact form (arXiv 2203.07740).

For spectrograms the statistics must be per frequency (decisions 0020 and 0025): they are taken over time
only, per channel and row, unless the paper's per-channel form is requested.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from stylus_daw.engine.request import Matching

SPREAD_FLOOR = 1e-4  # of a latent's standard deviation, which is about 1: a row of silence is not blown up


def adain(content: Tensor, style: Tensor, *, per_row: bool = True) -> Tensor:
    """``std(style) * (content - mean(content)) / std(content) + mean(style)``.

    Args:
        content: ``[batch, channels, height, width]``; each entry has its own statistics.
        style: ``[tiles, channels, height, width]``; all tiles together are one style.
        per_row: statistics per channel and row (over time) instead of per channel.

    Returns:
        The shape of ``content``.

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


def exact_match(content: Tensor, style: Tensor) -> Tensor:
    """The content with the style's whole distribution in every channel and row, but its own order in time.

    The n-th smallest value of a row becomes the n-th smallest of the style's row, interpolated where their lengths
    differ. Shapes as for :func:`adain`.

    >>> content = torch.tensor([3.0, 1.0, 2.0]).view(1, 1, 1, 3)
    >>> exact_match(content, torch.tensor([10.0, 0.0, 40.0]).view(1, 1, 1, 3)).flatten().tolist()
    [40.0, 0.0, 10.0]
    """
    values = style.transpose(0, 2).flatten(2).transpose(0, 1).sort(dim=-1).values  # [channels, rows, tiles * time]
    resampled = interpolate(values, size=content.shape[3], mode="linear", align_corners=True)
    ranks = content.argsort(dim=3, stable=True).argsort(dim=3, stable=True)
    return resampled.expand_as(content).gather(3, ranks)


def blended(content: Tensor, styles: list[tuple[float, Tensor]], matching: Matching = Matching.ROWS) -> Tensor:
    """The weighted mean of the content matched to each style; weights sum to 1. Shapes as for :func:`adain`."""
    return torch.stack([weight * _matched(content, style, matching) for weight, style in styles]).sum(0)


def _matched(content: Tensor, style: Tensor, matching: Matching) -> Tensor:
    """Shapes as for :func:`adain`."""
    if matching is Matching.EXACT:
        return exact_match(content, style)
    return adain(content, style, per_row=matching is Matching.ROWS)
