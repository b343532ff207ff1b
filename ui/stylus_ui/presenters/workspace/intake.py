"""Intake: what happens to files that come to the window: dropped, named on the command line, double-clicked. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from stylus_ui.context import UiContext
from stylus_ui.presenters.library.imports import PresetImports
from stylus_ui.state.failures import tell
from stylus_ui.state.notices import Notice, NoticeKind
from stylus_ui.workspace.dropped import MOST, Dropped


class Intake:
    """Audio becomes the content, the first file to be seen and all to be rendered; presets are imported."""

    def __init__(self, context: UiContext) -> None:
        self._context = context

    def take(self, paths: Sequence[Path], *, from_outside: bool = False) -> None:
        """Take files and folders in.

        Args:
            paths: of them.
            from_outside: they came with a start or a double-click: presets wait for a word.
        """
        if paths:
            self._context.background.run(
                lambda: Dropped.of(paths), done=lambda dropped: self._sort(dropped, from_outside), failed=self._failed
            )

    def _sort(self, dropped: Dropped, from_outside: bool) -> None:
        imports, presets = PresetImports(self._context), (*dropped.bundles, *dropped.presets)
        imports.ask(presets) if from_outside else imports.take(presets)
        self._context.workspace.open_files(dropped.audio)
        if dropped.too_many:
            said = self._context.text("Took the first {count} files.", count=MOST)
            self._context.notify(Notice(kind=NoticeKind.BUSY, text=said))
        if dropped.others and not (dropped.audio or dropped.bundles or dropped.presets):
            said = self._context.text(
                "{name} is neither audio nor a preset. WAV, AIFF, FLAC, MP3 and Ogg can be restyled.",
                name=dropped.others[0].name,
            )
            self._context.notify(Notice(kind=NoticeKind.BAD, text=said))

    def _failed(self, error: Exception) -> None:
        tell(self._context, error)
