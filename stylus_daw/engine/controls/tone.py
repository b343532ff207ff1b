"""Brightness and formants: how much of the result's long-term spectrum is the style's. numpy only.

The mean power spectra of content and result over the whole region, each smoothed in log frequency, differ by a curve.
Smoothed over an octave it is the overall tilt; what a third of an octave adds to it are broad resonances.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stylus_daw.audio.spectrogram import Image, MelGeometry, band_edges_hz

TILT_OCTAVES = 1.0  # octaves on each side: what is left after this smoothing is heard as brightness
RESONANCE_OCTAVES = 1.0 / 3.0  # octaves on each side: as narrow as a vowel's formant, wider than partials
FLOOR = 1e-9  # power re the loudest band, -90 dB: a band below it counts as empty
SMALLEST_POWER = 1e-30  # full scale squared: keeps the ratio of two silences finite

Curve = NDArray[np.float64]


class LongTermSpectra:
    """Sums the power of content and result over a region, block by block."""

    def __init__(self, bands: int) -> None:
        self._content = np.zeros(bands)
        self._result = np.zeros(bands)

    def add(self, content_db: Image, gain_db: Image) -> None:
        """Add frames, each once. Shape: ``[bands, frames]`` both."""
        self._content += _power(content_db).sum(axis=1)
        self._result += _power(content_db + gain_db).sum(axis=1)

    def difference_db(self, geometry: MelGeometry, octaves: float) -> Curve:
        """Result minus content, both smoothed over ``octaves``, without their overall level. Shape: ``[bands]``."""
        content, result = (_smooth(power, geometry, octaves) for power in (self._content, self._result))
        difference = 10.0 * np.log10(result / content)
        return difference - np.average(difference, weights=content)

    def correction_db(self, geometry: MelGeometry, *, brightness: float, formants: float) -> Curve:
        """What to add to the gain of every frame. Shape: ``[bands]``."""
        tilt = self.difference_db(geometry, TILT_OCTAVES)
        resonances = self.difference_db(geometry, RESONANCE_OCTAVES) - tilt
        return (brightness - 1.0) * tilt + (formants - 1.0) * resonances


def _power(decibels: Image) -> Curve:
    """Shape: kept."""
    return 10.0 ** (decibels.astype(np.float64) / 10.0)


def _smooth(power: Curve, geometry: MelGeometry, octaves: float) -> Curve:
    """Mean over a Hann window of ``octaves`` on each side of a band, on the axis of log frequency.

    Shape: ``[bands]``, kept.
    """
    edges = np.log2(band_edges_hz(geometry))
    centres, widths = edges[1:-1], (edges[2:] - edges[:-2]) / 2.0
    away = np.abs(centres[:, None] - centres[None, :]) / np.maximum(octaves, widths)[:, None]
    weights = np.where(away < 1.0, 1.0 + np.cos(np.pi * np.minimum(away, 1.0)), 0.0) * widths[None, :]
    smooth = weights @ power / weights.sum(axis=1)
    return smooth + max(float(smooth.max()), SMALLEST_POWER) * FLOOR
