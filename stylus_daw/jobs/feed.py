"""EventFeed: hands events to listeners, in order, on a thread of its own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import TypeVar

from stylus_daw.jobs.job import JobEvent
from stylus_daw.supervision import SupervisedThread

logger = logging.getLogger(__name__)

Listener = Callable[[JobEvent], None]
Step = Callable[[], object]
Event = TypeVar("Event", bound=JobEvent)


class EventFeed:
    """Listeners run on one thread and one after the other: a slow one never holds up a render.

    Every listener sees the events in the order in which they were published. A listener that
    raises is logged and skipped for that event. A step is called in its place among the events.
    """

    def __init__(self) -> None:
        self._events: SimpleQueue[JobEvent | Step | None] = SimpleQueue()
        self._listeners: tuple[Listener, ...] = ()
        self._lock = threading.Lock()
        self._thread = SupervisedThread(self._deliver, name="job-events")

    @property
    def thread(self) -> SupervisedThread:
        """For whoever watches over the app."""
        return self._thread

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` with every event from now on; returns a function that ends the subscription."""
        with self._lock:
            self._listeners = (*self._listeners, listener)
        return lambda: self._unsubscribe(listener)

    def publish(self, event: Event) -> Event:
        """Tell everybody; gives the event back."""
        self._events.put(event)
        return event

    def call(self, step: Step) -> None:
        """Call ``step`` on the feed's thread, after all that was published before."""
        self._events.put(step)

    def start(self) -> None:
        self._thread.start()

    def close(self, timeout_s: float = 1.0) -> None:
        """Deliver what is published so far, then end."""
        self._events.put(None)
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(timeout_s)

    def _unsubscribe(self, listener: Listener) -> None:
        with self._lock:
            self._listeners = tuple(known for known in self._listeners if known is not listener)

    def _deliver(self) -> None:
        while (event := self._events.get()) is not None:
            if callable(event):
                _take(event)
                continue
            for listener in self._listeners:
                _tell(listener, event)


def _tell(listener: Listener, event: JobEvent) -> None:
    try:
        listener(event)
    except Exception:
        logger.exception("job %s: a listener failed on %s", event.job, type(event).__name__)


def _take(step: Step) -> None:
    try:
        step()
    except Exception:
        logger.exception("a step among the events failed")
