"""What is done while the disk is full or the journal locked: try again."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TypeVar

from stylus_daw.jobs.journal.journal import JournalError

logger = logging.getLogger(__name__)

RETRY_S = 0.5  # s between two tries: soon enough for a user, rare enough for a log
Result = TypeVar("Result")


def until_written(step: Callable[[], Result], stopping: threading.Event) -> Result | None:
    """Repeat a step until the journal takes it; None when ``stopping`` is set first."""
    while True:
        try:
            return step()
        except JournalError:
            logger.exception("The journal cannot be written; trying again")
            if stopping.wait(RETRY_S):
                return None
