"""How fast this machine rendered the last time, to say how long a batch will take."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from statistics import median

from stylus_daw.atomic import write_text_atomic
from stylus_daw.batch.item import BatchItem

PACE_FILE = "pace.json"


def read_paces(home: Path) -> Mapping[str, float]:
    """Seconds of audio per second of rendering, by checkpoint; empty before the first batch."""
    try:
        return {str(name): float(pace) for name, pace in json.loads((home / PACE_FILE).read_text("utf-8")).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def keep_paces(home: Path, measured: Iterable[tuple[str, float, float]]) -> None:
    """Keep the median of each checkpoint's renders.

    Args:
        home: the state folder.
        measured: checkpoint, seconds of audio, seconds of rendering, for each file.
    """
    paces: dict[str, list[float]] = {}
    for checkpoint, seconds, taken in measured:
        if seconds > 0 and taken > 0:
            paces.setdefault(checkpoint, []).append(seconds / taken)
    if paces:
        text = json.dumps({**read_paces(home), **{name: median(all_of_it) for name, all_of_it in paces.items()}})
        with contextlib.suppress(OSError):  # it only serves an estimate
            home.mkdir(parents=True, exist_ok=True)
            write_text_atomic(home / PACE_FILE, text + "\n")


def estimated_s(items: Iterable[BatchItem], paces: Mapping[str, float], lanes: int = 1) -> float | None:
    """Seconds that the items will take; None where nothing like them has been rendered yet."""
    total = 0.0
    for item in items:
        pace = paces.get(item.request.settings.checkpoint) if item.request else None
        if pace is None:
            return None
        total += item.seconds / pace
    return total / lanes
