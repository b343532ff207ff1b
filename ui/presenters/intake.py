"""Intake: what happens to files that come to the window: dropped, named on the command line, double-clicked. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from stylus_daw.presets.library import PresetLibrary
from stylus_daw.presets.preset import Preset
from ui.context import UiContext
from ui.failures import tell
from ui.notices import Notice, NoticeAction, NoticeKind
from ui.presenters.dropped import MOST, Dropped
from ui.presenters.imports import import_file


class Intake:
    """Audio becomes the content, the first file to be seen and all to be rendered; presets are imported."""

    def __init__(self, context: UiContext) -> None:
        self._context = context

    def take(self, paths: Sequence[Path]) -> None:
        """Take files and folders in."""
        if paths:
            self._context.background.run(lambda: Dropped.of(paths), done=self._sort, failed=self._failed)

    @property
    def library(self) -> PresetLibrary:
        """Of the core; before it is up, one of our own on the same folder."""
        app = self._context.app
        return app.presets if app else PresetLibrary(user_folder=self._context.settings.presets)

    def _sort(self, dropped: Dropped) -> None:
        for path in (*dropped.bundles, *dropped.presets):
            self._import(path)
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

    def _import(self, path: Path) -> None:
        library = self.library
        self._context.background.run(
            lambda: import_file(library, path), done=self._imported, failed=self._failed
        )

    def _imported(self, preset: Preset) -> None:
        self._context.presets_changed.emit()
        text = self._context.text
        use = NoticeAction(label=text("Use it"), call=lambda: self.use(preset))
        said = text("{name} is in your presets.", name=preset.name)
        self._context.notify(Notice(kind=NoticeKind.GOOD, text=said, action=use))

    def use(self, preset: Preset) -> None:
        """Load a preset into the workspace; its style files are found and checked first."""
        library = self.library
        self._context.background.run(
            lambda: library.styles(preset),
            done=lambda styles: self._context.workspace.load_preset(preset, styles),
            failed=self._failed,
        )

    def _failed(self, error: Exception) -> None:
        tell(self._context, error)
