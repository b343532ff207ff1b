"""CoreTurns: workers of one machine take turns on its CPU, so that no more of them render at once than it has cores.

A core is a file. Whoever renders on it holds the system's lock of that file, which goes with its process, however that
ends. ``filelock`` would open the file for each look, which cost a tenth of a core while two workers waited.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from platformdirs import user_runtime_path

if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


logger = logging.getLogger(__name__)

WAITING = "waiting for a free core"
LOOK_S = 0.01  # s between two looks for a free core: a hundredth of a short render
LONGEST_S = 600.0  # s after which a worker renders all the same: whoever holds the cores may have been stopped for good


class CoreTurns:
    """Cores that workers share, whatever process they are in. Safe to use from several threads.

    Args:
        folder: for the lock files: the same one for all who share, on a disk of this machine.
        cores: numbers of those to render on; workers that are bound to other cores do not wait for each other.
    """

    def __init__(self, folder: Path, cores: Sequence[int]) -> None:
        self._folder = folder
        self._cores = tuple(cores)

    @contextmanager
    def turn(self, cancelled: threading.Event, waits: Callable[[], object]) -> Iterator[None]:
        """One core for the block, which begins when there is one, or at once when ``cancelled`` is set.

        A turn is a matter of speed: where nothing can be locked, the block begins without one.

        Args:
            cancelled: ends the wait; the block has to look at it.
            waits: called when no core is free.
        """
        core = None
        try:
            core = self._awaited(cancelled, waits)
        except OSError as error:
            logger.warning("renders take no turns on the cores: %s", error)
        try:
            yield
        finally:
            if core is not None:
                os.close(core)  # the lock goes with it

    def _awaited(self, cancelled: threading.Event, waits: Callable[[], object]) -> int | None:
        """A file whose lock is held; None: cancelled, or waited for too long."""
        files: list[int] = []
        taken = None
        try:
            self._folder.mkdir(parents=True, exist_ok=True)  # cleaners of temporary files take it away
            for core in self._cores:
                files.append(os.open(self._folder / f"core-{core}.lock", os.O_RDWR | os.O_CREAT, 0o600))
            taken = _first_free(files)
            if taken is None:
                waits()
                taken = _waited_for(files, cancelled)
            return taken
        finally:
            for file in files:
                if file != taken:
                    os.close(file)


def cores_here() -> CoreTurns | None:
    """The cores of this process, shared with the other workers of this user; None: there is nowhere to lock."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)
    try:
        with warnings.catch_warnings(action="ignore"):  # a service has no session, and its folder is in /tmp
            folder = user_runtime_path("stylus-daw", appauthor=False, ensure_exists=True)
    except OSError as error:
        logger.warning("renders take no turns on the cores: %s", error)
        return None
    return CoreTurns(folder / "cores", cores)


def _waited_for(files: Sequence[int], cancelled: threading.Event) -> int | None:
    until = time.monotonic() + LONGEST_S
    while not cancelled.wait(LOOK_S) and time.monotonic() < until:
        if (taken := _first_free(files)) is not None:
            return taken
    return None


def _first_free(files: Sequence[int]) -> int | None:
    """Locked from now on.

    Raises:
        OSError: the file system knows no locks.
    """
    for file in files:
        try:
            _lock(file)
        except (BlockingIOError, PermissionError):  # held by somebody else; the latter on Windows
            continue
        return file
    return None
