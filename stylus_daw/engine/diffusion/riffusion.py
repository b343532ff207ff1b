"""The image of Riffusion v1: that of Stylus, inverted (loud is dark) and upright.

From its public code (MIT; spectrogram_params.py, util/image_util.py): hop 10 ms, window 100 ms, transform
400 ms, 512 HTK bands without norm over 0-10 kHz, ``255 - 255 (mel / max)^0.25``, low notes at the bottom.
"""

from __future__ import annotations

from stylus_daw.audio.spectrogram import Image
from stylus_daw.engine.diffusion.power_curve import PowerCurve


class InvertedPowerCurve(PowerCurve):
    """The power curve, negated: the loudest is -1.

    >>> import numpy as np
    >>> InvertedPowerCurve.to_values(np.array([0.0, -160.0]), 0.0).tolist()[0]
    -1.0
    """

    @staticmethod
    def to_values(mel_db: Image, level: float) -> Image:
        """Shape: ``[bands, frames]``, kept."""
        return -PowerCurve.to_values(mel_db, level)

    @staticmethod
    def to_decibels(values: Image, level: float = 0.0) -> Image:
        """Shape: ``[bands, frames]``, kept."""
        return PowerCurve.to_decibels(-values, level)
