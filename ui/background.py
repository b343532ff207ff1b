"""ThreadBackground: runs work on a few threads and brings its result to the window's thread. No Qt."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from ui.dispatch import Dispatcher

logger = logging.getLogger(__name__)

THREADS = 3
Result = TypeVar("Result")


class ThreadBackground:
    """See ``ui.dispatch.Background``."""

    def __init__(self, dispatcher: Dispatcher, *, threads: int = THREADS) -> None:
        self._dispatcher = dispatcher
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="ui-work")

    def run(
        self,
        work: Callable[[], Result],
        *,
        done: Callable[[Result], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
    ) -> Callable[[], None]:
        """Start ``work``; the result forgets it, and takes it back if it has not begun."""
        forgotten = threading.Event()
        future = self._pool.submit(work)
        future.add_done_callback(lambda ended: self._tell(ended, done, failed, forgotten))

        def forget() -> None:
            forgotten.set()
            future.cancel()

        return forget

    def close(self) -> None:
        """Take nothing more; what has begun ends by itself."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _tell(
        self,
        ended: Future[Result],
        done: Callable[[Result], object] | None,
        failed: Callable[[Exception], object] | None,
        forgotten: threading.Event,
    ) -> None:
        if ended.cancelled():
            return
        error = ended.exception()
        if isinstance(error, Exception):
            self._post(lambda: failed(error) if failed else _log(error), forgotten)
        elif done is not None:
            self._post(lambda: done(ended.result()), forgotten)

    def _post(self, call: Callable[[], object], forgotten: threading.Event) -> None:
        self._dispatcher.post(lambda: None if forgotten.is_set() else call())


def _log(error: Exception) -> None:
    logger.error("Work in the background failed", exc_info=error)
