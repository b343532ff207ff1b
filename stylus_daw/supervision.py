"""SupervisedThread: a loop that the app needs. It begins again when it fails, and never ends unseen."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

logger = logging.getLogger(__name__)

MOST_FAILURES = 5
"""A loop that fails more often has a fault that beginning again does not mend: the app must end."""


class SupervisedThread(threading.Thread):
    """A daemon thread around ``loop``, which returns only when it was told to stop.

    Args:
        loop: what runs; called again after an exception.
        name: for the log and for people.
        most_failures: after so many the thread is lost.
    """

    def __init__(self, loop: Callable[[], object], *, name: str, most_failures: int = MOST_FAILURES) -> None:
        super().__init__(name=name, daemon=True)
        self._loop = loop
        self._most_failures = most_failures
        self._ended_well = False

    @property
    def is_lost(self) -> bool:
        """It was started and is gone, though nobody stopped it."""
        return self.ident is not None and not self.is_alive() and not self._ended_well

    def run(self) -> None:
        for failures in range(1, self._most_failures + 1):
            try:
                self._loop()
                self._ended_well = True
                return
            except Exception:
                logger.exception("the thread %s failed (%d of %d)", self.name, failures, self._most_failures)
