"""How busy a graphics card is that works for us, as NVIDIA's driver tells (NVML). Imports nothing beyond Python.

Other makers' cards are not asked, and where there is no `/proc` nobody tells whether a render is ours.
"""

from __future__ import annotations

import ctypes
import logging
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger(__name__)

LIBRARY = "nvml.dll" if sys.platform == "win32" else "libnvidia-ml.so.1"
MOST_PROCESSES = 256
"""Of one card; where there are more, the driver refuses, and nothing is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphicsSeen:
    """One look at a card.

    Attributes:
        share: of the last moments in which it worked, 0..1.
        free, total: bytes of its memory.
    """

    share: float
    free: int
    total: int


def is_own_process(process: int) -> bool:
    """This process, or one that it has started. Where the system has no ``/proc``, children are not known."""
    try:
        parent = int(Path(f"/proc/{process}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        parent = 0
    return os.getpid() in (process, parent)


class _Process(ctypes.Structure):
    """``nvmlProcessInfo_t``."""

    _fields_ = (
        ("pid", ctypes.c_uint),
        ("used", ctypes.c_ulonglong),
        ("gpu_instance", ctypes.c_uint),
        ("compute_instance", ctypes.c_uint),
    )


class _Memory(ctypes.Structure):
    """``nvmlMemory_t``."""

    _fields_ = (("total", ctypes.c_ulonglong), ("free", ctypes.c_ulonglong), ("used", ctypes.c_ulonglong))


class _Utilization(ctypes.Structure):
    """``nvmlUtilization_t``: percent."""

    _fields_ = (("gpu", ctypes.c_uint), ("memory", ctypes.c_uint))


class GraphicsLoad:
    """The driver's library is opened by the first look; where there is none, nothing is ever seen.

    Args:
        library: the driver's; a path for tests.
    """

    def __init__(self, library: str = LIBRARY) -> None:
        self._library = library
        self._driver: ctypes.CDLL | None = None
        self._is_missing = False

    def look(self, is_ours: Callable[[int], bool]) -> GraphicsSeen | None:
        """The first card on which a process of ours (by its id) computes; None: none does, or nobody tells."""
        driver = self._opened()
        if driver is None:
            return None
        try:
            cards = (card for card in _cards(driver) if any(is_ours(process) for process in _busy_with(driver, card)))
            return next((_seen(driver, card) for card in cards), None)
        except (OSError, AttributeError) as error:
            log.info("the graphics card tells nothing: %s", error)
            self._is_missing = True
            return None

    def _opened(self) -> ctypes.CDLL | None:
        if self._driver is None and not self._is_missing:
            try:
                driver = ctypes.CDLL(self._library)
                _ask(driver, "nvmlInit_v2")
                self._driver = driver
            except (OSError, AttributeError) as error:
                log.debug("no graphics card is asked: %s", error)
                self._is_missing = True
        return None if self._is_missing else self._driver


def _cards(driver: ctypes.CDLL) -> Iterator[ctypes.c_void_p]:
    count = ctypes.c_uint()
    _ask(driver, "nvmlDeviceGetCount_v2", ctypes.byref(count))
    for number in range(count.value):
        card = ctypes.c_void_p()
        _ask(driver, "nvmlDeviceGetHandleByIndex_v2", ctypes.c_uint(number), ctypes.byref(card))
        yield card


def _busy_with(driver: ctypes.CDLL, card: ctypes.c_void_p) -> set[int]:
    """Ids of the processes that compute there."""
    count, found = ctypes.c_uint(MOST_PROCESSES), (_Process * MOST_PROCESSES)()
    _ask(driver, "nvmlDeviceGetComputeRunningProcesses_v3", card, ctypes.byref(count), found)
    return {one.pid for one in found[: count.value]}


def _seen(driver: ctypes.CDLL, card: ctypes.c_void_p) -> GraphicsSeen:
    memory, used = _Memory(), _Utilization()
    _ask(driver, "nvmlDeviceGetMemoryInfo", card, ctypes.byref(memory))
    _ask(driver, "nvmlDeviceGetUtilizationRates", card, ctypes.byref(used))
    return GraphicsSeen(share=used.gpu / 100, free=memory.free, total=memory.total)


def _ask(driver: ctypes.CDLL, name: str, *arguments: object) -> None:
    """Call a function of the driver.

    Raises:
        OSError: it does not answer with success.
        AttributeError: this driver does not have it.
    """
    answer = getattr(driver, name)(*arguments)
    if answer:
        raise OSError(f"{name} answers {answer}")
