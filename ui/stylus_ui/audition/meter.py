"""ShortTermMeter: how loud the last 3 s of a stream were (EBU Tech 3341, K-weighting after ITU-R BS.1770-4).

The gated loudness of something as a whole is ``stylus_daw.audio.level.loudness.integrated_lufs``.
"""

from __future__ import annotations

import math
from collections import deque

import numpy as np
from pyloudnorm import IIRfilter
from scipy.signal import lfilter

from stylus_daw.audio.clip import Samples

STEP_S, STEPS = 0.1, 30


class ShortTermMeter:
    """Stereo, fed block by block.

    >>> meter = ShortTermMeter(48_000)
    >>> tone = 0.1 * np.sin(2 * np.pi * 997 * np.arange(48_000) / 48_000)
    >>> meter.add(np.repeat(tone[None], 2, axis=0).astype(np.float32))
    >>> round(meter.lufs)
    -20
    """

    def __init__(self, rate: int) -> None:
        shelf = IIRfilter(4.0, 1 / np.sqrt(2), 1500.0, rate, "high_shelf")
        high_pass = IIRfilter(0.0, 0.5, 38.0, rate, "high_pass")
        self._filters = [(stage.b, stage.a) for stage in (shelf, high_pass)]
        self._states = [np.zeros((2, 2)) for _ in self._filters]
        self._step = round(STEP_S * rate)
        self._energy, self._count = 0.0, 0
        self._powers: deque[float] = deque(maxlen=STEPS)

    @property
    def lufs(self) -> float:
        """Loudness of the last 3 s, or of what there was since the start; ``-inf`` for silence."""
        power = sum(self._powers) / len(self._powers) if self._powers else 0.0
        return -0.691 + 10 * math.log10(power) if power > 0 else -math.inf

    def add(self, stereo: Samples) -> None:
        """The next stretch. Shape: ``[2, frames]``."""
        weighted = stereo.astype(np.float64)
        for i, (b, a) in enumerate(self._filters):
            weighted, self._states[i] = lfilter(b, a, weighted, axis=1, zi=self._states[i])
        power = np.square(weighted).sum(axis=0)
        while power.size:
            taken = min(power.size, self._step - self._count)
            self._energy += float(power[:taken].sum())
            self._count += taken
            power = power[taken:]
            if self._count == self._step:
                self._powers.append(self._energy / self._step)
                self._energy, self._count = 0.0, 0

    def restart(self) -> None:
        """Forget what was: another sound begins."""
        self._powers.clear()
        self._energy, self._count = 0.0, 0
