"""Row matching: the content with the styles' mean and spread in every mel row; what a guide does not explain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from stylus_daw.audio.columns import Columns, column_blocks
from stylus_daw.audio.spectrogram import Image, band_edges_hz
from stylus_daw.engine.image import values as mini_image

STATISTICS_SPREAD_FLOOR = 0.02  # of the image's range of 2: 0.8 dB, below which a row counts as steady
STATISTICS_SPREAD_RANGE = (0.5, 2.0)  # factor on a row's spread: chosen on unseen pieces (decision 0028)
SMOOTHING_OCTAVES = 0.4  # width of the Gaussian: less than 0.2 or more than 1 is worse on unseen pieces (decision 0028)


@dataclass(frozen=True, slots=True)
class RowMatch:
    """Moves every row's mean and spread to the styles' (weighted); the statistics are the whole content's."""

    content: tuple[Tensor, Tensor]
    styles: tuple[tuple[float, Tensor, Tensor], ...]

    @classmethod
    def of(cls, content: Columns, styles: Sequence[tuple[float, Image]]) -> RowMatch:
        """To a blend of styles: weights (sum 1) and values."""
        heard = [(weight, *_tensors(mini_image.row_statistics(image))) for weight, image in styles]
        return cls(_statistics(content), tuple(heard))

    @classmethod
    def each(cls, content: Columns, styles: Sequence[Image]) -> list[RowMatch]:
        """To every style alone."""
        own = _statistics(content)
        return [cls(own, ((1.0, *_tensors(mini_image.row_statistics(image))),)) for image in styles]

    def __call__(self, values: Image) -> Image:
        total = torch.zeros(values.shape)
        for weight, mean, spread in self.styles:
            total += weight * match_rows(torch.from_numpy(values), *self.content, mean, spread)
        return total.numpy()


def _statistics(content: Columns) -> tuple[Tensor, Tensor]:
    statistics = mini_image.RowStatistics()
    for block in column_blocks(content, mini_image.STATISTICS_FRAMES):
        statistics.add(block)
    return _tensors(statistics.result())


def _tensors(statistics: tuple[Image, Image]) -> tuple[Tensor, Tensor]:
    mean, spread = statistics
    return torch.from_numpy(mean), torch.from_numpy(spread)


def match_rows(content: Tensor, mean: Tensor, spread: Tensor, style_mean: Tensor, style_spread: Tensor) -> Tensor:
    """Frequency-aware AdaIN on values. Statistics are ``[..., bands, 1]``, images ``[..., bands, frames]``.

    The statistics are first smoothed over neighbouring bands: band by band they also hold which notes were played.
    Shape: that of ``content``.
    """
    smooth = _smoothing().to(mean)
    mean, spread, style_mean, style_spread = (smooth @ s for s in (mean, spread, style_mean, style_spread))
    low, high = STATISTICS_SPREAD_RANGE
    floor = STATISTICS_SPREAD_FLOOR
    scale = (style_spread.clamp_min(floor) / spread.clamp_min(floor)).clamp(low, high)
    return ((content - mean) * scale + style_mean).clamp(-1.0, 1.0)


@lru_cache(maxsize=1)
def _smoothing() -> Tensor:
    """Averages over a Gaussian in log-frequency. Shape: ``[bands, bands]``, rows sum to 1."""
    octave = torch.from_numpy(np.log2(band_edges_hz(mini_image.GEOMETRY)[1:-1]))
    weights = torch.exp(-0.5 * ((octave[:, None] - octave[None]) / SMOOTHING_OCTAVES) ** 2)
    return (weights / weights.sum(1, keepdim=True)).float()
