"""How many errors may be told and logged: what anybody can provoke must cost neither traffic nor disk."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable

from stylus_bridge.wire.address import Address

MOST_SENDERS = 64
PER_SENDER, IN_ALL, LOGGED = 20.0, 100.0, 2.0
"""Per second: errors told to one sender, told by the app, and lines in the log."""

logger = logging.getLogger(__name__)


class Budget:
    """At most ``per_second``, and as many at once after a second's rest.

    >>> budget = Budget(2, now=lambda: 0.0)
    >>> [budget.allows() for _ in range(3)]
    [True, True, False]
    """

    def __init__(self, per_second: float, now: Callable[[], float] = time.monotonic) -> None:
        self._per_second, self._now = per_second, now
        self._left, self._since = per_second, now()

    def allows(self) -> bool:
        """One more; counts it."""
        now = self._now()
        self._left = min(self._per_second, self._left + (now - self._since) * self._per_second)
        self._since = now
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True


class ErrorBudget:
    """Errors per sender, so that two programs cannot keep each other busy, and in all, from whatever ports."""

    def __init__(
        self, per_second: float = PER_SENDER, now: Callable[[], float] = time.monotonic, *, in_all: float = IN_ALL
    ) -> None:
        self._per_second, self._now = per_second, now
        self._all = Budget(in_all, now)
        self._senders: OrderedDict[Address, Budget] = OrderedDict()

    def allows(self, sender: Address) -> bool:
        """One more error may be told to ``sender``; counts it."""
        own = self._senders.setdefault(sender, Budget(self._per_second, self._now))
        self._senders.move_to_end(sender)
        if len(self._senders) > MOST_SENDERS:
            self._senders.popitem(last=False)
        return own.allows() and self._all.allows()


class RefusalLog:
    """Logs the first refusals of each second, and of the others their number."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._budget = Budget(LOGGED, now)
        self._unsaid = 0

    def note(self, text: str, *values: object) -> None:
        """Log this, or count it."""
        if not self._budget.allows():
            self._unsaid += 1
            return
        if self._unsaid:
            logger.info("%d more refusals were not logged", self._unsaid)
            self._unsaid = 0
        logger.info(text, *values)
