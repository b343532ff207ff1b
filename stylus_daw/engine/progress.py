"""How the engine reports progress. A listener that wants to stop the work raises JobCancelled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

ReportProgress = Callable[[float, str], None]
"""``progress(fraction, stage)``: 0..1 and a short word. Raises JobCancelled once the job is cancelled."""


def ignore(fraction: float, stage: str) -> None:
    """A listener that ignores progress."""


@dataclass(slots=True)
class Steps:
    """Counts steps within a part of the whole.

    >>> seen = []
    >>> steps = Steps(lambda fraction, stage: seen.append((fraction, stage)), 4, "sampling", low=0.5)
    >>> steps.advance(); steps.advance(3)
    >>> seen
    [(0.625, 'sampling'), (1.0, 'sampling')]
    """

    listener: ReportProgress
    total: int
    stage: str
    low: float = 0.0
    high: float = 1.0
    done: int = 0

    def advance(self, count: int = 1) -> None:
        self.done += count
        share = min(1.0, self.done / max(1, self.total))
        self.listener(self.low + (self.high - self.low) * share, self.stage)


def within(listener: ReportProgress, low: float, high: float) -> ReportProgress:
    """A listener for a part of the whole: its 0..1 becomes ``low``..``high``.

    >>> seen = []
    >>> within(lambda fraction, stage: seen.append(fraction), 0.5, 1.0)(0.5, "sampling")
    >>> seen
    [0.75]
    """
    return lambda fraction, stage: listener(low + (high - low) * fraction, stage)
