"""How busy the processor is, on Linux, Windows and macOS. Imports nothing beyond Python."""

from __future__ import annotations

import ctypes
import logging
import os
import sys
from pathlib import Path

log = logging.getLogger(__name__)

Times = tuple[float, float]
"""Time that all cores have worked, and time that they have had, since the system started. The unit does not matter."""


class ProcessorLoad:
    """The share of all cores that worked between two looks."""

    def __init__(self) -> None:
        self._before = _times()

    def look(self) -> float | None:
        """Share since the last look, 0..1; None if the system does not say. macOS tells the load of the last minute."""
        if sys.platform == "darwin":
            return min(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
        before, self._before = self._before, _times()
        if before is None or self._before is None or self._before[1] <= before[1]:
            return None
        return min(max((self._before[0] - before[0]) / (self._before[1] - before[1]), 0.0), 1.0)


def of_stat(text: str) -> Times:
    """From Linux's ``/proc/stat``: waiting for a disk is not work.

    Raises:
        ValueError: it does not begin with the line of all cores.

    >>> of_stat("cpu  10 0 10 70 10 0 0 0 0 0\\ncpu0 …")
    (20.0, 100.0)
    """
    name, _, line = text.split("\n", 1)[0].partition(" ")
    counts = line.split()
    if name != "cpu" or len(counts) < 5:
        raise ValueError("/proc/stat does not begin with 'cpu' and five counts")
    spent = [float(count) for count in counts[:8]]  # what guests spend is in user time already
    return sum(spent) - spent[3] - spent[4], sum(spent)


def _times() -> Times | None:
    try:
        if sys.platform == "win32":
            return _windows()
        return None if sys.platform == "darwin" else of_stat(Path("/proc/stat").read_text("ascii"))
    except (OSError, ValueError) as error:
        log.info("the processor's load is unknown: %s", error)
        return None


def _windows() -> Times:
    idle, kernel, user = (ctypes.c_uint64() for _ in range(3))
    pointers = [ctypes.byref(each) for each in (idle, kernel, user)]
    if not ctypes.windll.kernel32.GetSystemTimes(*pointers):  # type: ignore[attr-defined]
        raise ctypes.WinError()  # type: ignore[attr-defined]
    had = float(kernel.value + user.value)  # the kernel's time has the idle time in it
    return had - idle.value, had
