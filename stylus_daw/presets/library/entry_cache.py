"""EntryCache: preset files are read again only when they have changed, however large their plugins' states are."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

from stylus_daw.presets.library.folder import BrokenPreset, FoundPreset, read_entry

Entry = FoundPreset | BrokenPreset
Stamp = tuple[int, int, int, int]

MOST_BYTES = 128 << 20
"""Bytes of files whose presets are held in memory; what is beyond is read at every question."""


class EntryCache:
    """What the files of some folders hold. Safe from any thread."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._kept: dict[Path, tuple[Stamp, Entry]] = {}
        self._lock = threading.Lock()

    def entries(self, folder: Path) -> Iterator[Entry]:
        """Every file of a preset folder, whatever it is, by name."""
        paths = sorted(folder.glob("*.json"))
        self._forget_others(folder, set(paths))
        for path in paths:
            yield self._entry(path)

    def _entry(self, path: Path) -> Entry:
        stamp = _stamp(path)
        with self._lock:
            kept = self._kept.get(path)
        if kept is not None and kept[0] == stamp:
            return kept[1]
        entry = read_entry(path)
        if stamp is not None:
            self._keep(path, stamp, entry)
        return entry

    def _keep(self, path: Path, stamp: Stamp, entry: Entry) -> None:
        with self._lock:
            self._kept.pop(path, None)
            held = sum(size for (_, size, _, _), _ in self._kept.values())
            if held + stamp[1] <= self._most_bytes:
                self._kept[path] = stamp, entry

    def _forget_others(self, folder: Path, paths: set[Path]) -> None:
        with self._lock:
            for path in [known for known in self._kept if known.parent == folder and known not in paths]:
                del self._kept[path]


def _stamp(path: Path) -> Stamp | None:
    """What changes whenever a file does; None where that cannot be known."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino, status.st_ctime_ns
