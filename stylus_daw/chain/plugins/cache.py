"""PluginCache: what scans found, in one JSON file, so that a plugin file is loaded again only when it has changed.

A file that crashed, hung or would not load is remembered with its reason and skipped until the user
retries it or the file itself changes.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from stylus_daw.atomic import write_text_atomic
from stylus_daw.chain.plugins.about import PluginDescription
from stylus_daw.errors import ChainError

logger = logging.getLogger(__name__)

CACHE_VERSION = 1  # of the file's form; another one means a new scan
CACHE_FILE = "plugins.json"


class ScanOutcome(Enum):
    """How the scan of a file ended."""

    FOUND = "found"
    CRASHED = "crashed"
    HUNG = "hung"
    REFUSED = "refused"
    BLOCKED = "blocked"
    """By the user: it stays so whatever becomes of the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileStamp:
    """Identifies the state of a file, or of a bundle with everything in it."""

    mtime_ns: int
    size: int

    @classmethod
    def of(cls, path: Path) -> Self:
        """The stamp of a file or bundle.

        Raises:
            OSError: it is not there, or cannot be looked at.
        """
        stats = [path.stat(), *(one.stat() for one in path.rglob("*"))] if path.is_dir() else [path.stat()]
        return cls(mtime_ns=max(one.st_mtime_ns for one in stats), size=sum(one.st_size for one in stats))


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannedFile:
    """One plugin file and what its scan gave.

    Attributes:
        path: the file or bundle.
        stamp: of the file when it was scanned.
        outcome: how the scan ended.
        reason: in words, unless plugins were found.
        plugins: what it holds.
    """

    path: Path
    stamp: FileStamp
    outcome: ScanOutcome
    reason: str = ""
    plugins: tuple[PluginDescription, ...] = ()

    @property
    def usable(self) -> tuple[PluginDescription, ...]:
        """Its plugins, unless the file is blocked."""
        return self.plugins if self.outcome is ScanOutcome.FOUND else ()

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "path": str(self.path), "outcome": self.outcome.value}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> ScannedFile:
        return cls(
            path=Path(raw["path"]),
            stamp=FileStamp(**raw["stamp"]),
            outcome=ScanOutcome(raw["outcome"]),
            reason=raw["reason"],
            plugins=tuple(PluginDescription.from_json(one) for one in raw["plugins"]),
        )


class PluginCache:
    """Scanned files by path. Every change is written at once, whole or not at all.

    Args:
        file: the JSON file; it and its folder may not exist yet.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    @cached_property
    def _files(self) -> dict[Path, ScannedFile]:
        return {one.path: one for one in _read(self._file)}

    @property
    def files(self) -> tuple[ScannedFile, ...]:
        """Everything that was scanned, by path."""
        return tuple(self._files[path] for path in sorted(self._files))

    @property
    def plugins(self) -> tuple[tuple[PluginDescription, Path], ...]:
        """Every plugin that can be used, and its file."""
        return tuple((plugin, one.path) for one in self.files for plugin in one.usable)

    def known(self, path: Path) -> ScannedFile | None:
        """What is known about a file as it is now: None if it is new, has changed, or is gone."""
        found = self._files.get(path)
        if found and found.outcome is ScanOutcome.BLOCKED:
            return found
        try:
            return found if found and found.stamp == FileStamp.of(path) else None
        except OSError:
            return None

    def put(self, scanned: Iterable[ScannedFile]) -> None:
        """Remember."""
        self._files.update({one.path: one for one in scanned})
        self._write()

    def forget(self, paths: Iterable[Path]) -> None:
        """Let these files be scanned again, whatever they did."""
        for path in paths:
            self._files.pop(path, None)
        self._write()

    def _write(self) -> None:
        text = json.dumps({"version": CACHE_VERSION, "files": [one.to_json() for one in self.files]}, indent=1)
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_text_atomic(self._file, text)
        except OSError as error:
            text = f"The list of plugins cannot be written to {self._file}: {error}. Free space, or set STYLUS_HOME."
            raise ChainError("chain.plugin_cache", text) from error


def _read(file: Path) -> Iterator[ScannedFile]:
    """The files of a cache; a file that cannot be read only costs a new scan."""
    try:
        raw = json.loads(file.read_text("utf-8"))
        if raw["version"] == CACHE_VERSION:
            yield from [ScannedFile.from_json(one) for one in raw["files"]]
    except FileNotFoundError:
        return
    except (OSError, ValueError, KeyError, TypeError) as error:
        logger.warning("The list of plugins in %s cannot be used (%s); plugins are scanned again", file, error)
