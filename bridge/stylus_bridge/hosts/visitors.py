"""``hosts.json``: when each host was last heard of, for ``stylus-daw doctor``."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock

from stylus_daw.atomic import write_text_atomic
from stylus_daw.regular_file import read_regular

logger = logging.getLogger(__name__)

HOSTS_FILE = "hosts.json"
MOST_BYTES = 1 << 20  # many times what stylus-daw writes there
MOST_HOSTS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """The last sign of a host. ``version`` is its own word; empty if it gave none. ``at`` is seconds since 1970."""

    version: str = ""
    at: float


class Visitors:
    """Notes hosts by the name that they give themselves.

    Attributes:
        noted: how many visits have been written down, behind the answers to them.
    """

    def __init__(self, state_folder: Path, now: Callable[[], float] = time.time) -> None:
        self.noted = 0
        self._path = state_folder / HOSTS_FILE
        self._now = now
        self._lock = Lock()

    def note(self, client: str, version: str = "") -> None:
        """``client`` has said hello or submitted a job. One that gives no version keeps the last one it gave."""
        if not client:
            return
        with self._lock:
            visits = read_visits(self._path.parent)
            before = visits.pop(client, None)
            visits[client] = Visit(version=version or (before.version if before else ""), at=self._now())
            kept = dict(list(visits.items())[-MOST_HOSTS:])
            self._write(kept)
            self.noted += 1

    def _write(self, visits: dict[str, Visit]) -> None:
        content = {client: asdict(visit) for client, visit in visits.items()}
        try:
            write_text_atomic(self._path, json.dumps(content, indent=1, ensure_ascii=False) + "\n")
        except OSError as error:
            logger.warning("%s cannot be written: %s", self._path, error)


def read_visits(state_folder: Path) -> dict[str, Visit]:
    """What is known, oldest first; nothing if the file is missing or makes no sense."""
    try:
        raw = json.loads(read_regular(state_folder / HOSTS_FILE, MOST_BYTES))
        return {str(name): Visit(version=str(v["version"]), at=float(v["at"])) for name, v in raw.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}
