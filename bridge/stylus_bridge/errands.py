"""Errands: what needs a disk or a lock, done in order on a thread of its own: the socket is never left unread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from queue import Full, Queue

from stylus_daw.supervision import SupervisedThread

logger = logging.getLogger(__name__)

MOST_WAITING = 4_096
"""Requests that wait at most; clients repeat what is not answered."""

Errand = Callable[[], object]


class Errands:
    """Does one after the other. An errand that raises is logged; the others follow."""

    def __init__(self, most_waiting: int = MOST_WAITING) -> None:
        self._waiting: Queue[Errand | None] = Queue(most_waiting)
        self._keys: set[object] = set()
        self._lock = threading.Lock()
        self.thread = SupervisedThread(self._work, name="bridge-requests")

    def start(self) -> None:
        """Begin."""
        self.thread.start()

    def stop(self, timeout_s: float = 5.0) -> None:
        """Do what waits, then end."""
        if self.thread.is_alive():
            self._waiting.put(None)
            self.thread.join(timeout_s)

    def add(self, errand: Errand) -> bool:
        """Do this later. False: too many wait, and it will not be done."""
        try:
            self._waiting.put_nowait(errand)
        except Full:
            return False
        return True

    def add_once(self, key: object, errand: Errand) -> bool:
        """Do this later, unless an errand with this key still waits: that one will do."""
        with self._lock:
            if key in self._keys:
                return True
            self._keys.add(key)
        if self.add(lambda: self._begin(key, errand)):
            return True
        self._done_with(key)
        return False

    def _begin(self, key: object, errand: Errand) -> None:
        self._done_with(key)
        errand()

    def _done_with(self, key: object) -> None:
        with self._lock:
            self._keys.discard(key)

    def _work(self) -> None:
        while (errand := self._waiting.get()) is not None:
            try:
                errand()
            except Exception:
                logger.exception("a request could not be handled")
