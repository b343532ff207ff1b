"""Heartbeat: how long Qt's thread is held up, by the clock and by its own processor time.

A pause by the clock is how long a click would have waited, and grows with whatever else the machine does. The processor
time of Qt's thread between two beats is what the window itself did meanwhile: other programs do not change it.
"""

from __future__ import annotations

import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

import numpy as np

BEAT_MS = 5
LOOK_S = 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class Beats:
    """Between two beats, milliseconds.

    Attributes:
        pauses: by the clock, the beat's own interval taken off.
        work: processor time of Qt's thread.
    """

    pauses: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)

    def spread(self) -> tuple[float, ...]:
        """Median, 99 % and longest of the pauses, then of the work."""
        return tuple(value for row in (self.pauses, self.work) for value in _spread(row))


def _spread(times: list[float]) -> tuple[float, float, float]:
    return float(np.median(times)), float(np.percentile(times, 99)), max(times)


@contextmanager
def heartbeat() -> Iterator[Beats]:
    """Beats of Qt's thread; to be begun and ended on it."""
    from PySide6.QtCore import Qt, QTimer

    beats, timer = Beats(), QTimer()
    last = [time.perf_counter(), time.thread_time()]

    def beat() -> None:
        now = [time.perf_counter(), time.thread_time()]
        beats.pauses.append(max(0.0, (now[0] - last[0]) * 1e3 - BEAT_MS))
        beats.work.append((now[1] - last[1]) * 1e3)
        last[:] = now

    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(beat)
    timer.start(BEAT_MS)
    yield beats
    beat()
    timer.stop()


def until(is_so: Callable[[], object], what: str, seconds: float = 120) -> float:
    """Run Qt's loop until it is so; returns the seconds that took.

    Raises:
        TimeoutError: it did not become so.
    """
    from PySide6.QtCore import QEventLoop, QTimer

    began, loop, timer = time.monotonic(), QEventLoop(), QTimer()
    timer.timeout.connect(lambda: loop.quit() if is_so() or time.monotonic() - began > seconds else None)
    timer.start(20)
    loop.exec()
    if not is_so():
        raise TimeoutError(f"{what}: not within {seconds:g} s")
    return time.monotonic() - began


def rest(seconds: float) -> None:
    """Run Qt's loop for a while."""
    end = time.monotonic() + seconds
    until(lambda: time.monotonic() > end, "rest", seconds + 60)


class Culprits:
    """Counts the stacks of Qt's thread while it has computed for long without looking at its events.

    A signal interrupts it, so that no other thread ever holds its frames and what they keep alive.

    Args:
        long_ms: processor time after which it is written down.
    """

    def __init__(self, long_ms: float = 8.0) -> None:
        self._long_s = long_ms / 1e3
        self._beat = time.thread_time()
        self.seen: Counter[str] = Counter()

    @contextmanager
    def looking(self) -> Iterator[Culprits]:
        """For as long as the block runs."""
        from PySide6.QtCore import QTimer

        timer = QTimer()
        timer.timeout.connect(self._take_beat)
        timer.start(BEAT_MS)
        before = signal.signal(signal.SIGALRM, self._look)
        signal.setitimer(signal.ITIMER_REAL, LOOK_S, LOOK_S)
        yield self
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        timer.stop()

    def _take_beat(self) -> None:
        self._beat = time.thread_time()

    def _look(self, _number: int, frame: FrameType | None) -> None:
        if time.thread_time() - self._beat > self._long_s:
            stack = traceback.extract_stack(frame)
            own = [f"{line.filename.rsplit('/', 1)[-1]}:{line.lineno} {line.name}" for line in stack[-10:]]
            self.seen[" > ".join(own)] += 1
