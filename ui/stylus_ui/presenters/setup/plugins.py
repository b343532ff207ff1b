"""Plugins: which VST3 and AU files there are, what a scan said of them, and which the user wants. No Qt."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from stylus_daw.chain.plugins.cache import CACHE_FILE, PluginCache, ScannedFile, ScanOutcome
from stylus_daw.chain.plugins.scan import AT_ONCE, plugin_files, plugin_folders, scan
from stylus_ui.presenters.sound.plugin_places import FOLDERS, has_failed, own_folders
from stylus_ui.state.dispatch import on_window_thread
from stylus_ui.state.observable import Property, Signal
from stylus_ui.state.text import later

if TYPE_CHECKING:
    from stylus_ui.context import UiContext

BLOCKED_BY_YOU = later("You blocked it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanProgress:
    """A scan that runs.

    Attributes:
        done, total: files.
        name: of the file that was loaded last.
    """

    done: int = 0
    total: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginRow:
    """One line of the list: a plugin, or a file that holds none that can be used.

    Attributes:
        path: of the file.
        name, maker, version, format: as it says; a file that was never loaded has its own name.
        outcome: of the scan.
        reason: in words, unless all is well.
        is_effect: instruments cannot be used in a chain.
    """

    path: Path
    name: str
    maker: str = ""
    version: str = ""
    format: str = ""
    outcome: ScanOutcome = ScanOutcome.FOUND
    reason: str = ""
    is_effect: bool = True

    @property
    def is_blocked(self) -> bool:
        return self.outcome is ScanOutcome.BLOCKED

    @property
    def is_well(self) -> bool:
        return self.outcome is ScanOutcome.FOUND


class Plugins:
    """The plugin manager.

    Attributes:
        rows: every plugin, by name; what cannot be used comes first. None: not looked at yet.
        scanning: None while none runs.
        wanted: what the user searches for.
        problem: emits what went wrong.
    """

    def __init__(self, context: UiContext) -> None:
        self._context = context
        self._cancelled = threading.Event()
        self.rows: Property[tuple[PluginRow, ...] | None] = Property(None)
        self.scanning: Property[ScanProgress | None] = Property(None)
        self.problem: Signal[Exception] = Signal()
        self._forget = context.plugins_changed.connect(self._heard)

    def close(self) -> None:
        """Load and follow nothing more."""
        self.stop()
        self._forget()

    @property
    def system_folders(self) -> tuple[Path, ...]:
        return plugin_folders()

    @property
    def own_folders(self) -> tuple[Path, ...]:
        """That the user added."""
        return own_folders(self._context.preferences)

    def add_folder(self, folder: Path) -> None:
        """Look there, too; at once."""
        if folder not in (*self.system_folders, *self.own_folders):
            self._context.preferences.set(FOLDERS, [*map(str, self.own_folders), str(folder)])
            self.scan()

    def remove_folder(self, folder: Path) -> None:
        """Stop looking there; what was found there is forgotten."""
        self._context.preferences.set(FOLDERS, [str(one) for one in self.own_folders if one != folder])
        self._run(lambda cache: cache.forget([one.path for one in cache.files if one.path.is_relative_to(folder)]))

    def refresh(self) -> None:
        """Read what scans have found."""
        self._run(lambda cache: None, changes=False)

    def scan(self) -> None:
        """Load what is new or has changed; each file in a process of its own."""
        folders = (*self.system_folders, *self.own_folders)
        self._begin(lambda cache: self._scan(cache, plugin_files(folders)))

    def retry_failed(self) -> None:
        """Load again what crashed, hung or would not load."""
        self._begin(lambda cache: self._again(cache, [one.path for one in cache.files if has_failed(one)]))

    def retry(self, path: Path) -> None:
        """Load one file again."""
        self._begin(lambda cache: self._again(cache, [path]))

    def stop(self) -> None:
        """Load nothing more; what runs ends by itself within its time limit."""
        self._cancelled.set()

    def block(self, path: Path) -> None:
        """Never load it again, neither in scans nor in chains."""
        said = BLOCKED_BY_YOU
        self._run(
            lambda cache: cache.put(
                [replace(one, outcome=ScanOutcome.BLOCKED, reason=said) for one in cache.files if one.path == path]
            )
        )

    def allow(self, path: Path) -> None:
        """Load it again."""
        self.retry(path)

    # Away from the window's thread

    def _begin(self, work) -> None:
        if self.scanning.value is None:
            self._cancelled.clear()
            self.scanning.value = ScanProgress()
            self._run(work)

    def _run(self, work, *, changes: bool = True) -> None:
        """With the list as it is on the disk now: the chain of the window reads it, too."""
        file = self._context.settings.home / CACHE_FILE

        def done() -> tuple[PluginRow, ...]:
            cache = PluginCache(file)
            work(cache)
            return rows_of(cache.files)

        self._context.background.run(done, done=lambda rows: self._show(rows, changes), failed=self._fail)

    def _scan(self, cache: PluginCache, files: Iterable[Path]) -> None:
        new = [path for path in files if cache.known(path) is None]
        gone = [one.path for one in cache.files if not one.path.exists()]
        if gone:
            cache.forget(gone)
        tell = on_window_thread(self._context.dispatcher, self._show_progress, key=lambda progress: "scan")
        for first in range(0, len(new), AT_ONCE):
            if self._cancelled.is_set():
                return
            batch = new[first : first + AT_ONCE]
            tell(ScanProgress(done=first, total=len(new), name=batch[0].stem))
            scan(cache, batch)

    def _again(self, cache: PluginCache, paths: list[Path]) -> None:
        cache.forget(paths)
        self._scan(cache, [path for path in paths if path.exists()])

    # On it

    def _show_progress(self, progress: ScanProgress) -> None:
        if self.scanning.value is not None:
            self.scanning.value = progress

    def _show(self, rows: tuple[PluginRow, ...], changes: bool) -> None:
        if changes:
            self.scanning.value = None
        self.rows.value = rows
        if changes:
            self._context.plugins_changed.emit()

    def _heard(self) -> None:
        """The chain has scanned; what this one changed it shows already."""
        if self.rows.value is not None and self.scanning.value is None:
            self.refresh()

    def _fail(self, error: Exception) -> None:
        self.scanning.value = None
        self.problem.emit(error)


def rows_of(files: Iterable[ScannedFile]) -> tuple[PluginRow, ...]:
    """A row for each plugin; one for a file without any. What needs the user comes first."""
    rows = [row for one in files for row in _rows(one)]
    return tuple(sorted(rows, key=lambda row: (row.is_well, row.name.casefold(), str(row.path))))


def found_in(rows: Iterable[PluginRow], wanted: str) -> tuple[PluginRow, ...]:
    """Those whose name, maker or file holds every word."""
    words = wanted.casefold().split()
    return tuple(
        row for row in rows if all(word in f"{row.name} {row.maker} {row.path.name}".casefold() for word in words)
    )


def _rows(one: ScannedFile) -> list[PluginRow]:
    if not one.plugins:
        return [PluginRow(path=one.path, name=one.path.stem, outcome=one.outcome, reason=one.reason)]
    return [
        PluginRow(
            path=one.path,
            name=about.name,
            maker=about.maker,
            version=about.version,
            format=about.format,
            outcome=one.outcome,
            reason=one.reason,
            is_effect=about.is_effect,
        )
        for about in one.plugins
    ]
