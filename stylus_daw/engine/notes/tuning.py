"""Where the keys of a sound lie: its tuning in cents above A4 = 440 Hz, measured on its partials."""

from __future__ import annotations

import numpy as np
from scipy.fft import rfft
from scipy.signal import argrelmax

from stylus_daw.engine.notes.features import RATE, Float
from stylus_daw.engine.notes.note import STANDARD_HZ

WINDOW, HOP = 8192, 4096
_SHAPE = np.hanning(WINDOW)
RANGE_HZ = (110.0, 1_500.0)
"""Below, a line of the FFT is coarser than the answer; above, stiff strings are sharp."""
FAINTEST_DB = -30.0
AGREEMENT = 0.3
"""Length of the mean vector of all deviations below which a sound has no tuning: bells, drums, noise."""


class Tuning:
    """Collects deviations of partials from the keys, as vectors on a circle of one semitone."""

    def __init__(self) -> None:
        self._sum, self._weight = 0j, 0.0

    def hear(self, samples: Float) -> None:
        """Mono samples at ``RATE``, any number."""
        for first in range(0, len(samples) - WINDOW + 1, HOP):
            self._hear_frame(samples[first : first + WINDOW])

    def _hear_frame(self, frame: Float) -> None:
        power = np.square(np.abs(np.asarray(rfft(frame * _SHAPE)))) + 1e-12
        decibels = 10 * np.log10(power)
        peaks = argrelmax(decibels, order=3)[0]
        hz = peaks * RATE / WINDOW
        peaks = peaks[(hz > RANGE_HZ[0]) & (hz < RANGE_HZ[1]) & (decibels[peaks] > decibels.max() + FAINTEST_DB)]
        if not len(peaks):
            return
        below, at, above = decibels[peaks - 1], decibels[peaks], decibels[peaks + 1]
        place = peaks + 0.5 * (below - above) / (below - 2 * at + above)
        semitones = 12 * np.log2(place * RATE / WINDOW / STANDARD_HZ)
        weight = power[peaks] ** 0.25
        self._sum += complex((weight * np.exp(2j * np.pi * semitones)).sum())
        self._weight += float(weight.sum())

    def cents(self) -> float:
        """-50 to 50; 0 where the partials do not agree."""
        if self._weight == 0 or abs(self._sum) < AGREEMENT * self._weight:
            return 0.0
        return float(np.angle(self._sum) / (2 * np.pi) * 100)
