"""MainThread: brings events of other threads to Qt's thread, many in one go."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

from PySide6.QtCore import QObject, Qt, Signal

logger = logging.getLogger(__name__)

Call = Callable[[], object]
TURN_S = 0.002
"""After so long, clicks and paints come first; what still waits is run after them."""


class MainThread(QObject):
    """The Dispatcher of the window (see ``stylus_ui.state.dispatch.Dispatcher``). Make it on Qt's thread.

    Calls are run in the order in which they were posted. A call with a key takes the place of one with the
    same key that still waits, so that 1,000 progress events of a job cost the window one. Of very many, as when a
    batch is cancelled, only some are run in one go.
    """

    _woken = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._waiting: OrderedDict[Hashable, Call] = OrderedDict()
        self._count = 0
        self._closed = False
        self._woken.connect(self._run_all, Qt.ConnectionType.QueuedConnection)

    def post(self, call: Call, *, key: Hashable | None = None) -> None:
        """Run ``call`` on Qt's thread; may be called from any thread."""
        with self._lock:
            if self._closed:
                return
            self._count += 1
            was_empty = not self._waiting
            self._waiting.pop(("key", key), None)
            self._waiting[("key", key) if key is not None else ("call", self._count)] = call
            if was_empty:
                self._woken.emit()

    def close(self) -> None:
        """Forget what waits and whatever comes."""
        with self._lock:
            self._closed = True
            self._waiting.clear()

    def _run_all(self) -> None:
        end = time.perf_counter() + TURN_S
        while (call := self._next()) is not None:
            try:
                call()
            except Exception:
                logger.exception("A call on the window's thread failed")
            if time.perf_counter() > end:
                self._go_on()
                return

    def _next(self) -> Call | None:
        with self._lock:
            return self._waiting.popitem(last=False)[1] if self._waiting else None

    def _go_on(self) -> None:
        with self._lock:
            if self._waiting:
                self._woken.emit()
