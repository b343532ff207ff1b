"""ProgressGate: lets progress through at a pace that a wire and an eye can follow."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from stylus_daw.jobs.job import JobProgressed

INTERVAL_S = 0.05  # s: 20 times a second, as fast as an eye follows


class ProgressGate:
    """Holds the newest progress of one run until it is due; the fraction never falls and stays in 0..1.

    What is offered between two intervals is overwritten, but the newest is always kept: ``held``
    gives it out at the end of the run.
    """

    def __init__(self, interval_s: float = INTERVAL_S, clock: Callable[[], float] = time.monotonic) -> None:
        self._interval_s = interval_s
        self._clock = clock
        self._next_at = float("-inf")
        self._fraction = 0.0
        self._newest: JobProgressed | None = None

    def offer(self, progress: JobProgressed) -> None:
        # In this order a NaN leaves the fraction as it was: every comparison with NaN is false.
        self._fraction = min(1.0, max(self._fraction, progress.fraction))
        self._newest = replace(progress, fraction=self._fraction)

    def due(self) -> JobProgressed | None:
        """The newest progress, if the last one was let through at least one interval ago."""
        return self.held() if self._clock() >= self._next_at else None

    def held(self) -> JobProgressed | None:
        """The newest progress that was not let through yet."""
        newest, self._newest = self._newest, None
        if newest is not None:
            self._next_at = self._clock() + self._interval_s
        return newest
