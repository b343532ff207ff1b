"""ThreadBackground: runs work on a few threads and brings its result to the window's thread. No Qt."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

from stylus_ui.state.dispatch import Dispatcher

logger = logging.getLogger(__name__)

THREADS = 3
Result = TypeVar("Result")
Task = Callable[[], object]


class ThreadBackground:
    """See ``dispatch.Background``. The threads are daemons: what takes long never keeps the program from ending."""

    def __init__(self, dispatcher: Dispatcher, *, threads: int = THREADS) -> None:
        self._dispatcher = dispatcher
        self._tasks: SimpleQueue[Task | None] = SimpleQueue()
        self._closed = threading.Event()
        names = (f"ui-work-{number}" for number in range(threads))
        self._threads = [threading.Thread(target=self._work, name=name, daemon=True) for name in names]
        for thread in self._threads:
            thread.start()

    def run(
        self,
        work: Callable[[], Result],
        *,
        done: Callable[[Result], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
    ) -> Callable[[], None]:
        """Start ``work``. Calling what is returned drops its outcome, and drops the work if it has not begun."""
        forgotten = threading.Event()
        self._tasks.put(lambda: self._run(work, done, failed, forgotten))
        return forgotten.set

    def close(self, timeout_s: float = 1.0) -> None:
        """Begin nothing more, and wait at most ``timeout_s`` seconds for what has begun."""
        self._closed.set()
        for _ in self._threads:
            self._tasks.put(None)
        end = time.monotonic() + timeout_s
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None and not self._closed.is_set():
            task()

    def _run(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], object] | None,
        failed: Callable[[Exception], object] | None,
        forgotten: threading.Event,
    ) -> None:
        if forgotten.is_set():
            return
        try:
            result = work()
        except Exception as error:  # noqa: BLE001 - told to whoever asked
            self._post(lambda error=error: failed(error) if failed else _log(error), forgotten)
        else:
            if done is not None:
                self._post(lambda: done(result), forgotten)

    def _post(self, call: Callable[[], object], forgotten: threading.Event) -> None:
        self._dispatcher.post(lambda: None if forgotten.is_set() else call())


def _log(error: Exception) -> None:
    logger.error("Work in the background failed", exc_info=error)
