"""Delay: does something on the window's thread after a while, unless it is taken back. No Qt."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

from stylus_ui.state.dispatch import Dispatcher
from stylus_ui.state.observable import Forget


class Delay(Protocol):
    """``delay(seconds, call)`` calls it later; calling what is returned cancels that."""

    def __call__(self, seconds: float, call: Callable[[], object]) -> Forget: ...


class ThreadDelay:
    """See :class:`Delay`."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher

    def __call__(self, seconds: float, call: Callable[[], object]) -> Forget:
        forgotten = threading.Event()

        def due() -> None:
            self._dispatcher.post(lambda: None if forgotten.is_set() else call())

        timer = threading.Timer(seconds, due)
        timer.daemon = True
        timer.start()

        def forget() -> None:
            forgotten.set()
            timer.cancel()

        return forget
