"""Delay: does something on the window's thread after a while, unless it is taken back. No Qt."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from typing import Protocol

from stylus_ui.state.dispatch import Dispatcher
from stylus_ui.state.observable import Forget

Call = Callable[[], object]


class Delay(Protocol):
    """``delay(seconds, call)`` calls it later; calling what is returned cancels that."""

    def __call__(self, seconds: float, call: Call) -> Forget: ...


class ThreadDelay:
    """See :class:`Delay`. One thread waits for all calls: to start one for each turn of a knob would hold it up."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher
        self._waiting: dict[object, tuple[float, Call]] = {}
        self._changed = threading.Condition()
        self._wakes_at = math.inf
        self._thread: threading.Thread | None = None
        self._is_closed = False

    def __call__(self, seconds: float, call: Call) -> Forget:
        ticket, due = object(), time.monotonic() + seconds
        with self._changed:
            self._waiting[ticket] = due, call
            if self._thread is None and not self._is_closed:
                self._thread = threading.Thread(target=self._wait, name="delay", daemon=True)
                self._thread.start()
            elif due < self._wakes_at:  # else it wakes early enough, and looks then
                self._changed.notify()

        def forget() -> None:
            self._take(ticket)

        return forget

    def close(self) -> None:
        """Call nothing any more."""
        with self._changed:
            self._is_closed = True
            self._waiting.clear()
            self._changed.notify()

    def _take(self, ticket: object) -> Call | None:
        """What is called with that ticket, once; None where it was taken back."""
        with self._changed:
            return self._waiting.pop(ticket, (0.0, None))[1]

    def _call(self, ticket: object) -> None:
        call = self._take(ticket)
        if call is not None:
            call()

    def _wait(self) -> None:
        while (due := self._next_due()) is not None:
            for ticket in due:
                self._dispatcher.post(lambda ticket=ticket: self._call(ticket))

    def _next_due(self) -> list[object] | None:
        """Wait for the next calls, which may be none by then; None: it was closed."""
        with self._changed:
            if self._is_closed:
                return None
            self._wakes_at = min((due for due, _ in self._waiting.values()), default=math.inf)
            self._changed.wait(None if math.isinf(self._wakes_at) else max(0.0, self._wakes_at - time.monotonic()))
            now = time.monotonic()
            ready = [ticket for ticket, (due, _) in self._waiting.items() if due <= now]
            for ticket in ready:
                self._waiting[ticket] = math.inf, self._waiting[ticket][1]
            return ready
