"""Inputs: the files that a render takes, how long they are, and what could not be read. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from stylus_daw.audio.files import probe
from stylus_daw.errors import StylusError
from stylus_ui.context import UiContext
from stylus_ui.state.observable import Forget, Property
from stylus_ui.workspace.workpiece import Workpiece


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFile:
    """One file.

    Attributes:
        path, name: of it.
        seconds: how long it is; 0: not known yet.
        problem: why it cannot be rendered; empty: it can.
        is_content: it is the one in the lane.
    """

    path: Path
    name: str
    seconds: float = 0.0
    problem: str = ""
    is_content: bool = False


class Inputs:
    """Follows the workspace.

    Attributes:
        files: the content, what is rendered with it, and what was dropped but cannot be read; empty for one alone.
        seconds: all that one render takes, of one take; the content counts as far as it is selected.
    """

    def __init__(self, context: UiContext) -> None:
        self._context, self._workspace = context, context.workspace
        self._lengths: dict[Path, float] = {}
        self._forget_reading: Forget = lambda: None
        self.files: Property[tuple[InputFile, ...]] = Property(())
        self.seconds = Property(0.0)
        self._forgets = (
            self._workspace.workpiece.observe(self._follow),
            self._workspace.refused.changed.connect(lambda _: self._show()),
        )

    def close(self) -> None:
        """Follow nothing more."""
        self._forget_reading()
        for forget in self._forgets:
            forget()

    @property
    def bad(self) -> int:
        """How many cannot be rendered."""
        return sum(bool(file.problem) for file in self.files.value)

    def hear(self, path: Path) -> None:
        """Play its first seconds."""
        player = self._context.player.value
        if player is not None and player.device.value:
            player.stop_preview() if player.previewing.value == path else player.preview(path)

    def remove(self, path: Path) -> None:
        """Render without it: one step of undo. What cannot be read is only forgotten."""
        workpiece, workspace = self._workspace.workpiece.value, self._workspace
        if path in workpiece.more:
            workspace.edit(more=tuple(one for one in workpiece.more if one != path))
        else:
            workspace.refused.value = tuple(one for one in workspace.refused.value if one.path != path)

    def look_at(self, path: Path) -> None:
        """Let it be the one in the lane; the others are rendered with it."""
        workpiece = self._workspace.workpiece.value
        if path in workpiece.more and workpiece.content is not None:
            others = [workpiece.content.path, *(one for one in workpiece.more if one != path)]
            self._workspace.open_files([path, *others], keeps_refused=True)

    def _follow(self, workpiece: Workpiece) -> None:
        unknown = [path for path in workpiece.more if path not in self._lengths]
        if unknown:
            self._forget_reading()
            self._forget_reading = self._context.background.run(lambda: _lengths(unknown), done=self._take_over)
        self._show()

    def _take_over(self, lengths: dict[Path, float]) -> None:
        self._lengths |= lengths
        self._show()

    def _show(self) -> None:
        workpiece = self._workspace.workpiece.value
        content, region = workpiece.content, workpiece.region
        if content is None or region is None:
            self.files.value, self.seconds.value = (), 0.0
            return
        first = InputFile(path=content.path, name=content.path.name, seconds=content.seconds, is_content=True)
        others = [InputFile(path=path, name=path.name, seconds=self._lengths.get(path, 0.0)) for path in workpiece.more]
        bad = [
            InputFile(path=one.path, name=one.path.name, problem=one.reason) for one in self._workspace.refused.value
        ]
        files = (first, *others, *bad)
        self.files.value = files if len(files) > 1 else ()
        self.seconds.value = region.length / content.rate + sum(file.seconds for file in others)


def _lengths(paths: list[Path]) -> dict[Path, float]:
    """Seconds of each; 0 of what has gone meanwhile: its job will say so."""
    found = {}
    for path in paths:
        try:
            found[path] = probe(path).seconds
        except StylusError:
            found[path] = 0.0
    return found
