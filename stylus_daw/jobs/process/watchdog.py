"""Watchdog: when a render counts as stuck. Two clocks: the process's signs of life, and the job's progress."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

LONGEST_LOOK_S = 1.0
"""Seconds that count at most between two looks: while this computer or this process slept, nobody is to blame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds without a sign after which a render is given up.

    Attributes:
        start_s: until the process's first sign of life: it is just being started.
        silence_s: between two signs of life, which come every two seconds: the process is stopped or thrashing.
        cpu_s: without progress on a processor, where one step of the largest model takes minutes.
        accelerator_s: without progress on an accelerator.
    """

    start_s: float = 120.0
    silence_s: float = 40.0
    cpu_s: float = 1_800.0
    accelerator_s: float = 600.0

    def for_progress(self, device: str) -> float:
        """``auto`` may mean a processor."""
        return self.cpu_s if device in ("auto", "cpu") else self.accelerator_s


class Watchdog:
    """Watches one render.

    Args:
        patience: how long it waits.
        device: what the request asks for.
        has_started: the process has given a sign of life before.
    """

    def __init__(
        self, patience: Patience, device: str, *, has_started: bool, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._patience, self._now = patience, now
        self._progress_s = patience.for_progress(device)
        self._silence_s = patience.silence_s if has_started else patience.start_s
        self._silent_for = self._stuck_for = 0.0
        self._stage = ""
        self._looked_at = now()

    def alive(self) -> None:
        """The process gave a sign of life."""
        self._silent_for, self._silence_s = 0.0, self._patience.silence_s

    def progressed(self, stage: str) -> None:
        """The job moved."""
        self._stuck_for, self._stage = 0.0, stage

    def complaint(self) -> str:
        """Why the render has to be given up; empty while all is well. To be called often."""
        now = self._now()
        passed, self._looked_at = min(now - self._looked_at, LONGEST_LOOK_S), now
        self._silent_for += passed
        self._stuck_for += passed
        if self._silent_for > self._silence_s:
            return f"it gave no sign of life for {self._silence_s:g} s"
        if self._stuck_for > self._progress_s:
            return f"no progress for {self._progress_s:g} s at the stage {self._stage or 'loading'!r}"
        return ""
