"""OscLog: the last OSC messages as lines, for the curious. No Qt."""

from __future__ import annotations

from collections import deque
from datetime import datetime

from stylus_ui.context import UiContext

KEPT = 300


class OscLog:
    """Asks the bridge for what has passed; the bridge never waits for it."""

    def __init__(self, context: UiContext) -> None:
        self._context = context
        self._last = 0
        self._of: object = None
        self.lines: deque[str] = deque(maxlen=KEPT)

    def poll(self) -> list[str]:
        """What has passed since the last call, oldest first; at most what is kept."""
        app = self._context.app
        if app is None:
            return []
        if app.server is not self._of:
            self._of, self._last = app.server, 0
        passed = app.server.traffic.after(self._last)[-KEPT:]
        if passed:
            self._last = passed[-1].number
        fresh = [f"{datetime.fromtimestamp(one.at):%H:%M:%S} {one}" for one in passed]
        self.lines.extend(fresh)
        return fresh
