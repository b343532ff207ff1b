"""Live's side of the bridge. Standard library only, no threads: Live's Python offers no more and tolerates no threads.

Runs in the Python of Live 11 (3.7) and Live 12 (3.11).
"""

from __future__ import annotations

import traceback
from typing import Any

TICKS = 1
"""How often we look, in ticks of 0.1 s."""


def create_instance(c_instance: Any) -> Any:
    """What Live calls when the user chooses this control surface."""
    from _Framework.ControlSurface import ControlSurface  # pyright: ignore[reportMissingImports]

    from .desk import Desk

    class StylusSurface(ControlSurface):
        """Lends the desk Live's clock and its status bar."""

        def __init__(self, c_instance: Any) -> None:
            ControlSurface.__init__(self, c_instance)
            self._desk = Desk(self.song(), self.show_message, self.log_message)
            self.schedule_message(TICKS, self._tick)

        def _tick(self) -> None:
            try:
                self._desk.tick()
            except Exception:  # noqa: BLE001 - Live would stop calling us, and say nothing
                self.log_message("Stylus: " + traceback.format_exc())
            self.schedule_message(TICKS, self._tick)

        def disconnect(self) -> None:
            self._desk.close()
            ControlSurface.disconnect(self)

    return StylusSurface(c_instance)
