"""RecentFiles: what was restyled last, and whether it is still there. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stylus_ui.context import UiContext
from stylus_ui.state.observable import Property
from stylus_ui.workspace.workpiece import Workpiece

RECENT, MOST = "recent.files", 10
OWN = "window"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentFile:
    """A file that was opened, and whether it was there when somebody looked last."""

    path: Path
    is_there: bool = True

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def folder(self) -> str:
        return self.path.parent.name


class RecentFiles:
    """Remembers the files that became the content. What a DAW sent is not among them: it lies in a job's folder.

    Attributes:
        entries: the newest first.
    """

    def __init__(self, context: UiContext) -> None:
        self._context = context
        self._paths = [Path(kept) for kept in context.preferences.get(RECENT, []) if isinstance(kept, str)][:MOST]
        self.entries: Property[tuple[RecentFile, ...]] = Property(tuple(RecentFile(path=one) for one in self._paths))
        self._forget = context.workspace.workpiece.observe(self._follow)
        self.look()

    def close(self) -> None:
        """Follow nothing more."""
        self._forget()

    def look(self) -> None:
        """See which files are there: on a thread, for a disk may sleep."""
        paths = tuple(self._paths)
        self._context.background.run(lambda: _seen(paths), done=self._show)

    def open(self, path: Path) -> None:
        """Make a file the content again."""
        self._context.workspace.open_files([path])

    def clear(self) -> None:
        """Remember none of them."""
        self._keep([])

    def _follow(self, workpiece: Workpiece) -> None:
        content = workpiece.content
        if content is None or content.origin.client != OWN or self._paths[:1] == [content.path]:
            return
        self._keep([content.path, *(path for path in self._paths if path != content.path)][:MOST])

    def _keep(self, paths: list[Path]) -> None:
        known = {entry.path: entry for entry in self.entries.value}
        self._paths = paths
        self._context.preferences.set(RECENT, [str(path) for path in paths])
        self.entries.value = tuple(known.get(path, RecentFile(path=path)) for path in paths)
        self.look()

    def _show(self, seen: Sequence[RecentFile]) -> None:
        if [entry.path for entry in seen] == self._paths:
            self.entries.value = tuple(seen)


def _seen(paths: Sequence[Path]) -> tuple[RecentFile, ...]:
    return tuple(RecentFile(path=path, is_there=path.is_file()) for path in paths)
