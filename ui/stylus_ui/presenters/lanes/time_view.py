"""TimeView: which stretch of the content is in sight. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Moments = TypeVar("Moments", float, NDArray[np.float64])
LEAST_S = 0.002
"""The narrowest stretch: about a hundred samples, far enough in to see each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeView:
    """A stretch of ``span_s`` from ``first_s`` of something ``duration_s`` long; always inside it.

    >>> view = TimeView.all_of(100.0).zoomed(2.0, at_s=25.0)
    >>> view.first_s, view.last_s, view.panned(1000.0).first_s
    (12.5, 62.5, 50.0)
    >>> view.zoomed(0.01, at_s=0.0).shows_all
    True
    """

    duration_s: float
    first_s: float
    span_s: float

    @classmethod
    def all_of(cls, duration_s: float) -> TimeView:
        """Everything in sight."""
        return cls(duration_s=duration_s, first_s=0.0, span_s=duration_s)

    @property
    def last_s(self) -> float:
        return self.first_s + self.span_s

    @property
    def shows_all(self) -> bool:
        return self.span_s >= self.duration_s

    def zoomed(self, factor: float, *, at_s: float) -> TimeView:
        """``factor`` times as large; what is at ``at_s`` stays where it is on the screen."""
        span = min(max(self.span_s / factor, min(LEAST_S, self.duration_s)), self.duration_s)
        share = (at_s - self.first_s) / self.span_s
        return self._at(at_s - share * span, span)

    def panned(self, by_s: float) -> TimeView:
        """Moved to the right, as far as there is something."""
        return self._at(self.first_s + by_s, self.span_s)

    def following(self, position_s: float) -> TimeView:
        """Turned over like a page when a running playhead leaves it to the right (or jumps out of it)."""
        if self.first_s <= position_s <= self.last_s:
            return self
        return self._at(position_s, self.span_s)

    def _at(self, first_s: float, span_s: float) -> TimeView:
        return replace(self, first_s=min(max(0.0, first_s), self.duration_s - span_s), span_s=span_s)

    def x_of(self, seconds: Moments, width: float) -> Moments:
        """Where a moment is (or several are, shape: kept) on a screen ``width`` wide."""
        return (seconds - self.first_s) / self.span_s * width

    def seconds_at(self, x: float, width: float) -> float:
        """Which moment is at ``x``; never outside the whole."""
        return min(max(0.0, self.first_s + x / width * self.span_s), self.duration_s)
