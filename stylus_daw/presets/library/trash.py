"""Trash: deleted presets, until they are restored or purged.

Every deletion is one folder, ``.trash/<milliseconds since 1970>-<id>/``, with the preset's files as they
were. Style audio stays where it is, because other presets may share it, and goes at the purge that takes
its last user.
"""

from __future__ import annotations

import re
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from stylus_daw.presets.library.folder import STYLES_FOLDER, BrokenPreset, read_entry
from stylus_daw.presets.library.sidecars import move_sidecars
from stylus_daw.presets.preset import SLUG, Preset

TRASH_FOLDER = ".trash"
FRESH_SECONDS = 60.0
"""Style audio this young may belong to a preset that is being saved right now."""

_ENTRY = re.compile(rf"(\d{{1,16}})-({SLUG.pattern})")
_OWN_STYLE = re.compile(r"[0-9a-f]{32}\.[a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrashedPreset:
    """A deleted preset. ``key`` names the deletion, ``deleted_at`` is in seconds since 1970, UTC."""

    key: str
    deleted_at: float
    preset: Preset


class Trash:
    """The trash of one folder of presets. Everything here raises plain ``OSError``.

    Args:
        folder: the user's folder of presets.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._trash = folder / TRASH_FOLDER

    def list(self) -> tuple[TrashedPreset, ...]:
        """What can be restored, newest first; files that are not presets are skipped."""
        keys = sorted((path.name for path in self._trash.glob("*")), key=_when, reverse=True)
        return tuple(trashed for key in keys if (trashed := self._read(key)))

    def put(self, preset: Preset) -> TrashedPreset:
        """Take a preset out of the folder."""
        when = time.time_ns() // 1_000_000
        while (place := self._trash / f"{when}-{preset.id}").exists():
            when += 1
        place.mkdir(parents=True)
        (self._folder / f"{preset.id}.json").replace(place / f"{preset.id}.json")
        move_sidecars(self._folder, preset.id, place)
        return TrashedPreset(key=place.name, deleted_at=when / 1000, preset=preset)

    def sidecars_back(self, trashed: TrashedPreset, new_id: str) -> None:
        """Bring its picture and licence back under an id."""
        move_sidecars(self._trash / trashed.key, trashed.preset.id, self._folder, new_id)

    def drop(self, key: str) -> None:
        """Delete for good."""
        shutil.rmtree(self._trash / key)

    def unused_styles(self) -> list[Path]:
        """Style files of the folder that no preset needs, in it or in its trash.

        None are named where a preset cannot be read: it may need any of them.
        """
        files = [*self._folder.glob("*.json"), *self._trash.glob("*/*.json")]
        needed: set[str] = set()
        for path in files:
            entry = read_entry(path)
            if isinstance(entry, BrokenPreset):
                return []
            needed.update(style.audio for style in entry.preset.styles)
        styles = (path for path in (self._folder / STYLES_FOLDER).glob("*") if _OWN_STYLE.fullmatch(path.name))
        unused = (path for path in styles if f"{STYLES_FOLDER}/{path.name}" not in needed)
        return [path for path in unused if time.time() - path.stat().st_mtime > FRESH_SECONDS]

    def _read(self, key: str) -> TrashedPreset | None:
        written = _ENTRY.fullmatch(key)
        if written is None:
            return None
        entry = read_entry(self._trash / key / f"{written[2]}.json")
        if isinstance(entry, BrokenPreset):
            return None
        return TrashedPreset(key=key, deleted_at=int(written[1]) / 1000, preset=entry.preset)


def _when(key: str) -> int:
    digits = key.partition("-")[0]
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 16 else -1
