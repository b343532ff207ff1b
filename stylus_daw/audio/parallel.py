"""Blocks of sound on several cores: numpy and its transforms leave Python's lock while they compute."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")

THREADS_VARIABLE = "OMP_NUM_THREADS"
MOST_AT_ONCE = 4
"""Blocks that are worked on at once: each holds its spectra, 15 MB for stereo at 48 kHz."""


def cores(environment: Mapping[str, str] = os.environ) -> int:
    """Threads that this process may compute with: ``OMP_NUM_THREADS``, else the cores that the system gives it.

    >>> cores({"OMP_NUM_THREADS": "3"})
    3
    """
    told = environment.get(THREADS_VARIABLE, "")
    if told.isdigit() and int(told):
        return int(told)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_order(work: Callable[[Item], Made], items: Iterable[Item], threads: int | None = None) -> Iterator[Made]:
    """``map(work, items)``, with some items ahead in threads; the items themselves are made in the caller's.

    Args:
        work: computes one result; must not depend on the others.
        items: asked one after the other, not far ahead of what has been taken.
        threads: how many; default: one per core, at most four.

    Raises:
        Whatever ``items`` or ``work`` raises, in its place; nothing is begun after that.
    """
    count = min(cores(), MOST_AT_ONCE) if threads is None else threads
    if count < 2:
        yield from map(work, items)
        return
    with ThreadPoolExecutor(count, thread_name_prefix="blocks") as pool:
        waiting: deque[Future[Made]] = deque()
        try:
            for item in items:
                waiting.append(pool.submit(work, item))
                if len(waiting) == count:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)
