"""Row matching: the content with the styles' mean and spread in every mel row; what a guide does not explain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from stylus_daw.audio.columns import Columns, column_blocks
from stylus_daw.audio.spectrogram import Image, band_edges_hz
from stylus_daw.engine.image import values as mini_image

STATISTICS_SPREAD_FLOOR = 0.02  # of the image's range of 2: 0.8 dB, below which a row counts as steady
STATISTICS_SPREAD_RANGE = (0.5, 2.0)  # factor on a row's spread: chosen on unseen pieces (decision 0028)
SMOOTHING_OCTAVES = 0.4  # width of the Gaussian: less than 0.2 or more than 1 is worse on unseen pieces (decision 0028)


@dataclass(frozen=True, slots=True)
class RowMatch:
    """Moves every row's mean and spread to the styles' (weighted); the statistics are the whole content's."""

    content: tuple[Image, Image]
    styles: tuple[tuple[float, Image, Image], ...]

    @classmethod
    def of(cls, content: Columns, styles: Sequence[tuple[float, Image]]) -> RowMatch:
        """To a blend of styles: weights (sum 1) and values."""
        heard = [(weight, *mini_image.row_statistics(image)) for weight, image in styles]
        return cls(_statistics(content), tuple(heard))

    @classmethod
    def each(cls, content: Columns, styles: Sequence[Image]) -> list[RowMatch]:
        """To every style alone."""
        own = _statistics(content)
        return [cls(own, ((1.0, *mini_image.row_statistics(image)),)) for image in styles]

    def __call__(self, values: Image) -> Image:
        total = np.zeros(values.shape, np.float32)
        for weight, mean, spread in self.styles:
            total += np.float32(weight) * match_rows(values, *self.content, mean, spread)
        return total


def _statistics(content: Columns) -> tuple[Image, Image]:
    statistics = mini_image.RowStatistics()
    for block in column_blocks(content, mini_image.STATISTICS_FRAMES):
        statistics.add(block)
    return statistics.result()


def match_rows(content: Image, mean: Image, spread: Image, style_mean: Image, style_spread: Image) -> Image:
    """Frequency-aware AdaIN on values. Statistics are ``[..., bands, 1]``, images ``[..., bands, frames]``.

    The statistics are first smoothed over neighbouring bands: band by band they also hold which notes were played.
    Shape: that of ``content``.
    """
    smooth, floor = row_smoothing(), np.float32(STATISTICS_SPREAD_FLOOR)
    mean, spread, style_mean, style_spread = (smooth @ s for s in (mean, spread, style_mean, style_spread))
    scale = np.clip(np.maximum(style_spread, floor) / np.maximum(spread, floor), *STATISTICS_SPREAD_RANGE)
    return np.clip((content - mean) * scale + style_mean, -1.0, 1.0).astype(np.float32)


@lru_cache(maxsize=1)
def row_smoothing() -> Image:
    """Averages over a Gaussian in log-frequency. Shape: ``[bands, bands]``, rows sum to 1."""
    octave = np.log2(band_edges_hz(mini_image.GEOMETRY)[1:-1])
    weights = np.exp(-0.5 * ((octave[:, None] - octave[None]) / SMOOTHING_OCTAVES) ** 2)
    return (weights / weights.sum(1, keepdims=True)).astype(np.float32)
