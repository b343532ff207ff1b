"""CoreTurns: workers of one machine take turns on its CPU, so that no more of them render at once than it has cores.

A core is a file. Whoever renders on it holds the system's lock of that file, which goes with its process, however that ends.
"""

from __future__ import annotations

import logging
import os
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from platformdirs import user_runtime_path

logger = logging.getLogger(__name__)

WAITING, STARTING = "waiting for a free core", "starting"
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
    def turn(self, cancelled: threading.Event, say: Callable[[str], object]) -> Iterator[None]:
        """One core for the block, which begins when there is one, or at once when ``cancelled`` is set.

        A turn is a matter of speed: where nothing can be locked, the block begins without one.

        Args:
            cancelled: ends the wait; the block has to look at it.
            say: told ``WAITING`` where it has to wait, and then ``STARTING``.
        """
        with ExitStack() as held:
            try:
                if not self._takes_one(held):
                    say(WAITING)
                    self._wait(held, cancelled)
                    say(STARTING)
            except (OSError, NotImplementedError) as error:  # the latter: a file system without locks
                logger.warning("renders take no turns on the cores: %s", error)
            yield

    def _wait(self, held: ExitStack, cancelled: threading.Event) -> None:
        until = time.monotonic() + LONGEST_S
        while not (cancelled.wait(LOOK_S) or self._takes_one(held)):
            if time.monotonic() > until:
                logger.warning("no core became free within %g s; rendering all the same", LONGEST_S)
                return

    def _takes_one(self, held: ExitStack) -> bool:
        self._folder.mkdir(parents=True, exist_ok=True)  # cleaners of temporary files take it away
        return any(_locked(held, self._folder / f"core-{core}.lock") for core in self._cores)


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


def _locked(held: ExitStack, path: Path) -> bool:
    """Whether the lock was free; then it is held until ``held`` ends."""
    lock = FileLock(path, timeout=0, mode=0o600)
    try:
        lock.acquire()
    except Timeout:
        return False
    held.callback(lock.release)
    return True
