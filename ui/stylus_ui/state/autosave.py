"""Autosave: keeps the latest text in a file, without holding up the caller. No Qt."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from stylus_daw.atomic import write_text_atomic

logger = logging.getLogger(__name__)

PAUSE_S = 0.25


class Autosave:
    """Writes the last text that was put, whole or not at all, at most every ``pause_s`` seconds.

    A kill at any moment leaves the file as it was up to ``pause_s`` ago. Errors are logged: an editor must
    not stop because a disk is full.
    """

    def __init__(self, path: Path, *, pause_s: float = PAUSE_S) -> None:
        self._path, self._pause_s = path, pause_s
        self._text: str | Callable[[], str] | None = None
        self._closing = threading.Event()
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._write_all, name=f"autosave-{path.stem}", daemon=True)
        self._thread.start()

    def put(self, text: str | Callable[[], str]) -> None:
        """Keep this text, or what a call gives on another thread; may be called from any, as often as one likes."""
        with self._changed:
            self._text = text
            self._changed.notify_all()

    def close(self, timeout_s: float = 5.0) -> None:
        """Write what waits, then end."""
        with self._changed:
            self._closing.set()
            self._changed.notify_all()
        self._thread.join(timeout_s)

    def _write_all(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._text is not None or self._closing.is_set())
                text, self._text = self._text, None
            if text is None:
                return
            self._write(text if isinstance(text, str) else text())
            self._closing.wait(self._pause_s)

    def _write(self, text: str) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_text_atomic(self._path, text)
        except OSError:
            logger.exception("%s could not be saved", self._path)
