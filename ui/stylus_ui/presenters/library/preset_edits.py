"""PresetEdits: what is done to presets of the library, each in the background and one after the other. No Qt."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from stylus_daw.presets.bundles.export import export_bundle
from stylus_daw.presets.library.editing import consent, duplicate, rename, tag
from stylus_daw.presets.library.favourites import mark_favourite
from stylus_daw.presets.library.trash import TrashedPreset
from stylus_daw.presets.preset import Preset
from stylus_ui.context import UiContext
from stylus_ui.presenters.library.imports import PresetImports
from stylus_ui.presenters.library.presets import PresetsPresenter
from stylus_ui.state.failures import tell
from stylus_ui.state.notices import Notice, NoticeAction, NoticeKind
from stylus_ui.workspace.dropped import Dropped

BUNDLES = Path("exports")
"""The bundles that were dragged out of the window. They stay, for programs that only remember the place."""

Result = TypeVar("Result")


class PresetEdits:
    """Changes of the library.

    Args:
        context: of the window.
        presets: the list that is changed.
    """

    def __init__(self, context: UiContext, presets: PresetsPresenter) -> None:
        self._context, self._presets, self._library = context, presets, presets.library
        self._one_by_one = threading.Lock()

    def toggle_favourite(self, preset_id: str) -> None:
        """Star a preset, or take the star away. Seen at once, on the disk a moment later."""
        shelf = self._presets.shelf.value
        shelved = shelf.named(preset_id)
        if shelved is None:
            return
        starred = replace(shelved, is_favourite=not shelved.is_favourite)
        presets = tuple(starred if one is shelved else one for one in shelf.presets)
        self._presets.shelf.value = replace(shelf, presets=presets)
        folder = self._library.user_folder
        self._run(lambda: mark_favourite(folder, preset_id, is_favourite=starred.is_favourite))

    def change(self, preset_id: str, *, name: str, tags: Sequence[str], done: Callable[[], object]) -> None:
        """Another name and other tags; ``done`` if they were taken."""
        self._run(lambda: self._changed(preset_id, name, tags), lambda preset: (done(), self._changed_to(preset)))

    def _changed(self, preset_id: str, name: str, tags: Sequence[str]) -> Preset:
        preset = self._library.get(preset_id)
        if name.strip() != preset.name:
            preset = rename(self._library, preset_id, name)
        if tuple(tags) != preset.tags:
            preset = tag(self._library, preset_id, add=tags, remove=[one for one in preset.tags if one not in tags])
        return preset

    def duplicate(self, preset_id: str) -> None:
        """A copy of the user's own, and show it."""
        self._run(lambda: duplicate(self._library, preset_id), self._changed_to)

    def delete(self, preset_id: str) -> None:
        """Into the trash; the notice can take it back."""
        self._run(lambda: self._library.delete(preset_id), self._deleted)

    def _deleted(self, trashed: TrashedPreset) -> None:
        text = self._context.text
        undo = NoticeAction(label=text("Undo"), call=lambda: self.restore(trashed.key))
        said = text("{name} is in the trash.", name=trashed.preset.name)
        self._context.notify(Notice(kind=NoticeKind.INFO, text=said, action=undo, key=trashed.key))
        self._context.presets_changed.emit()

    def restore(self, key: str) -> None:
        """Bring a deleted preset back."""
        self._run(lambda: self._library.restore(key), self._changed_to)

    def export(self, preset_id: str, target: Path) -> None:
        """Write a bundle to the place that the user chose."""
        self._run(lambda: export_bundle(self._library, preset_id, target), self._exported)

    def _exported(self, path: Path) -> None:
        said = self._context.text("Exported as {name}.", name=path.name)
        self._context.notify(Notice(kind=NoticeKind.GOOD, text=said))

    def bundle(self, preset_id: str, done: Callable[[Path], object]) -> None:
        """A bundle to be dragged out of the window."""
        folder = self._context.settings.home / BUNDLES

        def written() -> Path:
            folder.mkdir(parents=True, exist_ok=True)
            return export_bundle(self._library, preset_id, folder)

        self._run(written, done)

    def take_in(self, paths: Sequence[Path]) -> None:
        """Import bundles and presets; one that was here already is shown."""
        self._context.background.run(lambda: Dropped.of(paths), done=self._import, failed=self._failed)

    def _import(self, dropped: Dropped) -> None:
        PresetImports(self._context, self._presets.reveal.emit).take((*dropped.bundles, *dropped.presets))
        if not (dropped.bundles or dropped.presets):
            said = self._context.text("Drop presets here (.styluspreset). Sounds go to the styles or into the lane.")
            self._context.notify(Notice(kind=NoticeKind.INFO, text=said, key="presets.drop"))

    def agree(self) -> None:
        """The user trusts the plugins of the preset that is asked about."""
        asked = self._presets.asks.value
        if asked is not None:
            self._presets.asks.value = None
            self._run(lambda: consent(self._library, asked.id), lambda _: self._context.presets_changed.emit())

    def _changed_to(self, preset: Preset) -> None:
        self._context.presets_changed.emit()
        self._presets.reveal.emit(preset.id)

    def _run(self, work: Callable[[], Result], done: Callable[[Result], object] | None = None) -> None:
        def in_turn() -> Result:
            with self._one_by_one:
                return work()

        self._context.background.run(in_turn, done=done, failed=self._failed)

    def _failed(self, error: Exception) -> None:
        tell(self._context, error)
        self._presets.refresh()
