"""GarbageCollection: Python's cycle collector, on Qt's thread alone.

Left to itself it runs on whichever thread happens to allocate, and takes Qt objects down there that belong to Qt's
thread: their timers cannot be stopped, and sooner or later the program crashes. Here it also waits for its turn
between two events.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

TICK_MS = 500
OLDEST_TICKS = 120
"""The oldest generation is collected once a minute (120 ticks of 500 ms)."""


class GarbageCollection(QObject):
    """From its start until `close`; make it on Qt's thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ticks = 0
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self.collect)
        gc.disable()
        self._timer.start()

    def settle(self) -> None:
        """Leave out what exists now: the program has started, and these objects stay until its end."""
        gc.collect()
        gc.freeze()

    def collect(self) -> None:
        """Collect the generation that is due."""
        self._ticks += 1
        counts, limits = gc.get_count(), gc.get_threshold()
        if self._ticks % OLDEST_TICKS == 0:
            gc.collect()
        elif counts[0] > limits[0]:
            gc.collect(int(counts[1] > limits[1]))

    def close(self) -> None:
        """Hand collecting back to Python."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()
