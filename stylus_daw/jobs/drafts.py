"""DraftSlot: room for one render that nobody is promised: a few seconds while a knob is turned.

A draft is not journalled and no listener of the queue hears of it. The newest takes the place of any
other, and every job goes before it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from stylus_daw.jobs.job import JobEnding, JobWasCancelled, RenderRequest

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DraftRender:
    """One draft.

    Attributes:
        draft: its id, for the log and the render process.
        request: what to render.
        ended: gets its ending, once, on the queue's thread; must return at once.
        cancelled: set when it is not wanted any more.
    """

    draft: str
    request: RenderRequest
    ended: Callable[[JobEnding], object]
    cancelled: threading.Event = field(default_factory=threading.Event)

    def tell(self, ending: JobEnding) -> None:
        """Hand the ending over. What is cancelled ends as cancelled, even if it was finished in the same instant."""
        try:
            self.ended(JobWasCancelled(job=self.draft) if self.cancelled.is_set() else ending)
        except Exception:
            logger.exception("draft %s: its owner failed when it ended", self.draft)


class DraftSlot:
    """The draft that waits and the one that runs. The queue's lock guards it."""

    def __init__(self) -> None:
        self.waiting: DraftRender | None = None
        self._running: DraftRender | None = None

    @property
    def can_begin(self) -> bool:
        """One waits, and none runs."""
        return self.waiting is not None and self._running is None

    def put(self, render: DraftRender) -> None:
        """Let this one be the next; others are cancelled."""
        self.clear()
        self.waiting = render

    def begin(self) -> DraftRender | None:
        """Take the waiting one."""
        self._running, self.waiting = self.waiting, None
        return self._running

    def end(self) -> None:
        """The running one is over."""
        self._running = None

    def give_way(self) -> None:
        """A job has come: the running draft ends at its next step; the waiting one waits on."""
        if self._running is not None:
            self._running.cancelled.set()

    def cancel(self, draft: str) -> None:
        """Cancel the draft of that id, if it is here."""
        if self._running is not None and self._running.draft == draft:
            self.give_way()
        if self.waiting is not None and self.waiting.draft == draft:
            self._drop_waiting()

    def clear(self) -> None:
        """Cancel all."""
        self.give_way()
        self._drop_waiting()

    def _drop_waiting(self) -> None:
        dropped, self.waiting = self.waiting, None
        if dropped is not None:
            dropped.cancelled.set()
            dropped.tell(JobWasCancelled(job=dropped.draft))
