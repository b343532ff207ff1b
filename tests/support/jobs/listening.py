"""Waiting for what other threads and processes do."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

from stylus_daw.jobs.job import JobEvent


class Listener:
    """Keeps every event."""

    def __init__(self) -> None:
        self.events: list[JobEvent] = []
        self._changed = threading.Condition()

    def __call__(self, event: JobEvent) -> None:
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    def of(self, job: str) -> list[JobEvent]:
        return [event for event in self.events if event.job == job]

    def wait_for(self, condition: Callable[[JobEvent], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: any(map(condition, self.events)), 10)


def is_gone(pid: int) -> bool:
    """Whether a process has ended. One that is dead but not reaped yet has ended too."""
    if Path("/proc/self/stat").exists():
        try:
            return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] == "Z"
        except (FileNotFoundError, ProcessLookupError):
            return True
    listing = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return listing.stdout.strip()[:1] in ("", "Z")
