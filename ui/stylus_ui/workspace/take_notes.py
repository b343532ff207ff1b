"""TakeNotes: what the user has written on takes: names, stars, and which are put away. No Qt."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from stylus_ui.state.autosave import Autosave
from stylus_ui.state.observable import Signal
from stylus_ui.state.preferences import read_values

FILE = "takes.json"
MAX_NAME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeNote:
    """On one take.

    Attributes:
        name: instead of what it is called by itself; empty: that.
        is_starred: it is one to keep.
        is_deleted: it is not shown any more. Its stem stays on the disk: a session may refer to it.
    """

    name: str = ""
    is_starred: bool = False
    is_deleted: bool = False


BLANK = TakeNote()


class TakeNotes:
    """By job, in one JSON file of the state folder; a file that is broken or absent gives none.

    Attributes:
        changed: emits the job whose note is another one.
    """

    def __init__(self, path: Path) -> None:
        self._notes = {job: made for job, raw in read_values(path).items() if (made := _read(raw)) is not None}
        self._autosave = Autosave(path)
        self.changed: Signal[str] = Signal()

    def of(self, job: str) -> TakeNote:
        """What stands on it."""
        return self._notes.get(job, BLANK)

    @property
    def starred(self) -> frozenset[str]:
        """The jobs of takes to keep."""
        return frozenset(job for job, note in self._notes.items() if note.is_starred)

    def change(self, job: str, **changes: Any) -> None:
        """Write something else on it; it is on the disk within a moment."""
        before = self.of(job)
        after = replace(before, **changes)
        after = replace(after, name=" ".join(after.name.split())[:MAX_NAME])
        if after == before:
            return
        self._notes[job] = after
        kept = {job: asdict(note) for job, note in self._notes.items() if note != BLANK}
        self._autosave.put(json.dumps(kept, indent=1) + "\n")
        self.changed.emit(job)

    def close(self) -> None:
        """Write what waits."""
        self._autosave.close()


def _read(raw: object) -> TakeNote | None:
    if not isinstance(raw, Mapping):
        return None
    name, is_starred, is_deleted = (raw.get(field) for field in ("name", "is_starred", "is_deleted"))
    return TakeNote(
        name=name[:MAX_NAME] if isinstance(name, str) else "",
        is_starred=is_starred is True,
        is_deleted=is_deleted is True,
    )
