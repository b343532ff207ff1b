"""WatchedFolder: audio dropped into one folder becomes stems in another. Each file is rendered once."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from stylus_daw.atomic import write_text_atomic
from stylus_daw.audio.files import sha256_of
from stylus_daw.audio.formats.kinds import looks_like_audio
from stylus_daw.errors import RequestError, StylusError, quoted
from stylus_daw.exchange.folders import made_folder
from stylus_daw.regular_file import is_regular_file

logger = logging.getLogger(__name__)

DONE_FOLDER, FAILED_FOLDER = "done", "failed"
LEDGER = ".stylus-daw-watch.json"
SETTLE_S = 2.0  # s without change after which a file counts as complete

Render = Callable[[Path, Path], object]
"""Renders a source to a stem; raises StylusError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """What became of one file. ``stem`` is None if it failed; ``message`` then says why."""

    source: Path
    stem: Path | None
    message: str = ""


@dataclass(frozen=True, slots=True)
class _Look:
    """A file as it was seen: unchanged since ``since``."""

    size: int
    changed_ns: int
    since: float


class WatchedFolder:
    """Watches ``incoming``.

    A file is taken when it has stopped growing. Its stem goes to ``outgoing``; then the file moves to ``done/``, or
    to ``failed/`` with a text that says why. A ledger keeps what was rendered, so that a crash renders nothing twice.

    Args:
        incoming: where files are dropped.
        outgoing: where stems appear; not ``incoming``.
        render: makes one stem.
        label: goes into the stems' names.
        settle_s: for how long a file must not change before it is taken.
        now: a clock in seconds.

    Raises:
        RequestError: the folders are one and the same, or cannot be used.
    """

    def __init__(
        self,
        incoming: Path,
        outgoing: Path,
        render: Render,
        *,
        label: str,
        settle_s: float = SETTLE_S,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._incoming = _existing(incoming)
        self._outgoing = made_folder(outgoing, code="watch.folders", instead="another with --to").resolve()
        if self._incoming == self._outgoing:
            raise RequestError(
                "watch.folders", f"'{incoming}' is both input and output folder. Name another with --to."
            )
        self._render = render
        self._label = label
        self._settle_s = settle_s
        self._now = now
        self._looks: dict[Path, _Look] = {}
        self._stuck: set[Path] = set()
        self._ledger = _read_ledger(self._incoming / LEDGER)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is waiting."""
        return not self._present()

    def poll(self) -> list[Rendered]:
        """Look once; render what has settled."""
        present = self._present()
        self._looks = {path: look for path, look in self._looks.items() if path in present}
        return [self._take(path) for path in sorted(present) if self._has_settled(path)]

    def _present(self) -> set[Path]:
        audio = (path for path in self._incoming.iterdir() if looks_like_audio(path))
        return {path for path in audio if is_regular_file(path) and not path.name.startswith(".")} - self._stuck

    def _has_settled(self, path: Path) -> bool:
        try:
            stat = path.stat()
        except OSError:
            return False
        before = self._looks.get(path)
        if before is None or (before.size, before.changed_ns) != (stat.st_size, stat.st_mtime_ns):
            self._looks[path] = _Look(stat.st_size, stat.st_mtime_ns, self._now())
            return False
        return stat.st_size > 0 and self._now() - before.since >= self._settle_s

    def _take(self, path: Path) -> Rendered:
        try:
            stem = self._stem_of(path)
            if not stem.exists():
                self._render(path, stem)
            _move(path, self._incoming / DONE_FOLDER)
        except StylusError as error:
            return self._failed(path, error.message)
        except OSError as error:
            return self._failed(path, f"{error}")
        return Rendered(source=path, stem=stem)

    def _failed(self, path: Path, message: str) -> Rendered:
        try:
            moved = _move(path, self._incoming / FAILED_FOLDER)
            write_text_atomic(moved.with_name(f"{moved.name}.txt"), message + "\n")
        except OSError as error:
            logger.warning("%s cannot be moved and stays where it is: %s", path, error)
            self._stuck.add(path)
        return Rendered(source=path, stem=None, message=message)

    def _stem_of(self, path: Path) -> Path:
        """Where the stem of a file goes, or went in an earlier run; on record before it is rendered."""
        key = f"{sha256_of(path)} {self._label} {path.name}"
        if key not in self._ledger:
            self._ledger[key] = _free(self._outgoing, f"{path.stem} - {self._label}", ".wav").name
            write_text_atomic(self._incoming / LEDGER, json.dumps(self._ledger, indent=1, ensure_ascii=False) + "\n")
        return self._outgoing / self._ledger[key]


def _existing(folder: Path) -> Path:
    if not folder.is_dir():
        text = f"{quoted(folder)} is not a folder. Make it first, or check the path."
        raise RequestError("watch.folders", text)
    return folder.resolve()


def _read_ledger(path: Path) -> dict[str, str]:
    try:
        ledger = json.loads(path.read_text("utf-8"))
        return {str(key): str(name) for key, name in ledger.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError) as error:
        logger.warning("%s cannot be read and is started anew: %s", path, error)
        return {}


def _free(folder: Path, stem: str, suffix: str) -> Path:
    """A path that is not taken: ``name.wav``, ``name 2.wav``, …"""
    path, number = folder / f"{stem}{suffix}", 1
    while path.exists():
        number += 1
        path = folder / f"{stem} {number}{suffix}"
    return path


def _move(path: Path, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    target = _free(folder, path.stem, path.suffix)
    return path.replace(target)
