"""Row matching: the content with the styles' mean and spread in every mel row; what a guide does not explain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from stylus_daw.audio.columns import Columns, column_blocks
from stylus_daw.audio.spectrogram import Image
from stylus_daw.engine.checkpoints import mini_image
from stylus_daw.engine.checkpoints.mini_net import match_rows


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
