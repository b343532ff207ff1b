"""The image of stylus-mini: its grid, and how decibels become image values. numpy only.

Values are decibels relative to the clip's own loudness, so that contents and styles of any level
meet on one scale: -1 is 70 dB below the mean level, +1 is 10 dB above it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from stylus_daw.audio.spectrogram import Image, MelGeometry

# The grid that the weights were trained on; its windows are those of the synthesis. Not swept.
GEOMETRY = MelGeometry(hop_ms=10, window_ms=50, fft_ms=100, bands=128, low_hz=30.0, high_hz=16_000.0)
FLOOR_DB, CEILING_DB = -70.0, 10.0  # dB re the clip's own loudness: the range of values; fixed by the weights
CENTRE_DB, HALF_RANGE_DB = (CEILING_DB + FLOOR_DB) / 2, (CEILING_DB - FLOOR_DB) / 2  # dB: value 0, and the step to 1


def to_values(mel_db: Image, level: float) -> Image:
    """Decibels to image values in -1..1. Shape kept.

    >>> to_values(np.array([-10.0, -80.0, -200.0]), -10.0).tolist()
    [0.75, -1.0, -1.0]
    """
    return np.clip((mel_db - level - CENTRE_DB) / HALF_RANGE_DB, -1.0, 1.0).astype(np.float32)


def to_decibels(values: Image, level: float = 0.0) -> Image:
    """Inverse of :func:`to_values` within the range. Shape: kept."""
    return (values * HALF_RANGE_DB + CENTRE_DB + level).astype(np.float32)


ACTIVE_VALUE = -0.4  # -46 dB re the clip's level: a frame whose loudest band is below it counts as silent
STATISTICS_FRAMES = 1 << 15  # frames of one block of statistics: 5.5 minutes


def row_statistics(values: Image) -> tuple[Image, Image]:
    """Mean and spread of every mel row over the frames that sound.

    A frame sounds if its loudest band is above -46 dB re the clip's level; if none does, all count.
    Shape: ``[bands, frames] -> two [bands, 1]``.
    """
    statistics = RowStatistics()
    statistics.add(values)
    return statistics.result()


class RowStatistics:
    """:func:`row_statistics` of an image that comes in blocks."""

    def __init__(self) -> None:
        self._active, self._all = _Moments(), _Moments()

    def add(self, values: Image) -> None:
        """Shape: ``[bands, any]``."""
        active = values.max(axis=0) > ACTIVE_VALUE
        self._active.add(values[:, active])
        if not self._active.count:
            self._all.add(values)

    def result(self) -> tuple[Image, Image]:
        """Mean and spread. Shape: ``[bands, 1]`` each."""
        heard = self._active if self._active.count else self._all
        return heard.mean.astype(np.float32), np.sqrt(heard.variance).astype(np.float32)


@dataclass(slots=True)
class _Moments:
    """Mean and variance of rows, merged block by block (Chan, Golub & LeVeque 1979)."""

    count: int = 0
    mean: NDArray[np.floating] = field(default_factory=lambda: np.zeros((1, 1)))
    variance: NDArray[np.floating] = field(default_factory=lambda: np.zeros((1, 1)))

    def add(self, values: Image) -> None:
        """Shape: ``[bands, any]``."""
        if not values.shape[1]:
            return
        share = values.shape[1] / (self.count + values.shape[1])
        mean, variance = values.mean(axis=1, keepdims=True), values.var(axis=1, keepdims=True)
        apart = mean - self.mean
        if not self.count:
            self.mean, self.variance = mean, variance
        else:
            self.mean = self.mean + share * apart
            self.variance = (1 - share) * self.variance + share * variance + share * (1 - share) * apart**2
        self.count += values.shape[1]
