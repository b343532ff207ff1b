"""TimeLeft: how long a render will still take, said calmly: it counts down and seldom changes its mind. No Qt."""

from __future__ import annotations

import time
from collections.abc import Callable

from stylus_ui.state.text import Text

LEAST_SECONDS, LEAST_GAIN = 1.0, 0.04
"""Before that much has been seen, nothing is said."""
CHANGE = 0.25
"""What was said is only corrected when the estimate is off by that share of what is left, and by over a second."""


class TimeLeft:
    """Of one render.

    >>> clock = iter([0.0, 10.0, 10.0, 15.0])
    >>> left = TimeLeft(lambda: next(clock))
    >>> left.hear(0.1)
    >>> left.hear(0.3)
    >>> left.seconds, left.seconds
    (35.0, 30.0)
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._began: tuple[float, float] | None = None
        self._fraction = 0.0
        self._ends_at: float | None = None

    def hear(self, fraction: float) -> None:
        """It is that far, 0..1; loading the model, at 0, does not count, and a new run begins anew."""
        if fraction < self._fraction:
            self._began = self._ends_at = None
        self._fraction = fraction
        if fraction <= 0:
            return
        now = self._now()
        if self._began is None:
            self._began = now, fraction
        elapsed, gained = now - self._began[0], fraction - self._began[1]
        if elapsed >= LEAST_SECONDS and gained >= LEAST_GAIN:
            self._settle(now, (1.0 - fraction) * elapsed / gained)

    @property
    def seconds(self) -> float | None:
        """Until it is done, at least 1; None: too early to tell."""
        return None if self._ends_at is None else max(1.0, self._ends_at - self._now())

    def _settle(self, now: float, left: float) -> None:
        if self._ends_at is None or abs(now + left - self._ends_at) > max(1.0, CHANGE * left):
            self._ends_at = now + left


def left_words(text: Text, seconds: float) -> str:
    """As people say it: to the second below 10, to 5 seconds below a minute, then to the minute.

    >>> [left_words(Text(), seconds) for seconds in (3.2, 33, 100, 5000)]
    ['3 s left', '35 s left', '2 min left', '1 h 23 min left']
    """
    if seconds < 59:
        steps = 1 if seconds < 10 else 5
        return text("{seconds} s left", seconds=max(1, steps * round(seconds / steps)))
    minutes = round(seconds / 60)
    if minutes < 60:
        return text("{minutes} min left", minutes=minutes)
    return text("{hours} h {minutes} min left", hours=minutes // 60, minutes=minutes % 60)
