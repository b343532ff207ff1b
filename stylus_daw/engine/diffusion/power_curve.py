"""The value curve of Stylus and Riffusion: ``(mel / max)^0.25`` on mel amplitudes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stylus_daw.audio.spectrogram import Image

EXPONENT = 0.25  # of the amplitude: Riffusion's public code, which Stylus follows
DARKEST = 0.01  # of the brightest value, -160 dB: keeps the logarithm of silence finite


class PowerCurve:
    """Values in -1..1, relative to the clip's loudest mel amplitude; the darkest is 160 dB below it.

    >>> [round(float(value), 2) for value in PowerCurve.to_values(np.array([0.0, -160.0]), 0.0)]
    [1.0, -0.98]
    """

    @staticmethod
    def level(mel_db: Image) -> float:
        """The loudest band, dB. Shape: ``[bands, frames]``."""
        return float(mel_db.max())

    @staticmethod
    def frame_levels(mel_db: Image) -> NDArray[np.floating]:
        """Shape: ``[bands, frames] -> [frames]``."""
        return mel_db.max(axis=0)

    @staticmethod
    def level_of(frame_levels: NDArray[np.floating]) -> float:
        """Shape: ``[frames]``."""
        return float(frame_levels.max())

    @staticmethod
    def to_values(mel_db: Image, level: float) -> Image:
        """Shape: ``[bands, frames]``, kept."""
        amplitude = 10.0 ** ((mel_db - level) / 20.0)
        return (2.0 * np.clip(amplitude**EXPONENT, DARKEST, 1.0) - 1.0).astype(np.float32)

    @staticmethod
    def to_decibels(values: Image, level: float = 0.0) -> Image:
        """Shape: ``[bands, frames]``, kept."""
        bright = np.clip((values + 1.0) / 2.0, DARKEST, 1.0)
        return (20.0 / EXPONENT * np.log10(bright) + level).astype(np.float32)
