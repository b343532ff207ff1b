"""PresetImports: takes dropped presets into the library, tells of each and offers it. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from stylus_daw.errors import StylusError
from stylus_daw.presets.bundles.importing import import_bundle
from stylus_daw.presets.library.editing import free_name
from stylus_daw.presets.library.folder import inside, read_preset
from stylus_daw.presets.library.library import PresetLibrary
from stylus_daw.presets.preset import Preset, slug
from stylus_ui.context import UiContext
from stylus_ui.state.failures import tell
from stylus_ui.state.notices import Notice, NoticeAction, NoticeKind


class PresetImports:
    """Wherever in the window presets are dropped.

    Args:
        context: of the window.
        imported: gets the id of each preset that has come in.
    """

    def __init__(self, context: UiContext, imported: Callable[[str], object] = lambda preset_id: None) -> None:
        self._context, self._imported = context, imported

    @property
    def library(self) -> PresetLibrary:
        """Of the core; before it is up, one of our own on the same folder."""
        app = self._context.app
        return app.presets if app else PresetLibrary(user_folder=self._context.settings.presets)

    def take(self, paths: Sequence[Path]) -> None:
        """Import bundles and presets, one after the other; what is refused is told and keeps no other one out."""
        library = self.library
        if paths:
            self._context.background.run(
                lambda: [_imported(library, path) for path in paths], done=self._tell, failed=self._failed
            )

    def ask(self, paths: Sequence[Path]) -> None:
        """Offer to take them: they were opened from outside, where a click may have been meant to look."""
        text = self._context.text
        if not paths:
            return
        said = text("Import the preset {name}?", name=paths[0].stem)
        if len(paths) > 1:
            said = text("Import {count} presets?", count=len(paths))
        take = NoticeAction(label=text("Import"), call=lambda: self.take(paths))
        self._context.notify(Notice(kind=NoticeKind.INFO, text=said, action=take, stays=True))

    def use(self, preset: Preset) -> None:
        """Load a preset into the workspace; its style files are found and checked first."""
        library = self.library
        self._context.background.run(
            lambda: library.styles(preset),
            done=lambda styles: self._context.workspace.load_preset(preset, styles),
            failed=self._failed,
        )

    def _tell(self, outcomes: Sequence[Preset | StylusError]) -> None:
        self._context.presets_changed.emit()
        for outcome in outcomes:
            self._failed(outcome) if isinstance(outcome, StylusError) else self._offer(outcome)

    def _offer(self, preset: Preset) -> None:
        text = self._context.text
        use = NoticeAction(label=text("Use it"), call=lambda: self.use(preset))
        said = text("{name} is in your presets.", name=preset.name)
        self._context.notify(Notice(kind=NoticeKind.GOOD, text=said, action=use))
        self._imported(preset.id)

    def _failed(self, error: Exception) -> None:
        tell(self._context, error)


def import_file(library: PresetLibrary, path: Path) -> Preset:
    """Keep a bundle, or a preset's JSON file with its styles beside it.

    Plugins that it brings wait for the user's consent; nothing of them is loaded.

    Raises:
        PresetError: it is refused, and why; the library is as before.
    """
    if path.suffix.lower() != ".json":
        return import_bundle(library, path).preset
    preset = read_preset(path)
    files = [inside(path.parent, style.audio) for style in preset.styles]
    name = free_name(library, preset.name)
    changes = {
        "id": library.free_id(slug(name)),
        "name": name,
        "program": None,
        "untrusted_plugins": bool(preset.plugins),
    }
    return library.save(preset.model_copy(update=changes), files)


def _imported(library: PresetLibrary, path: Path) -> Preset | StylusError:
    try:
        return import_file(library, path)
    except StylusError as error:
        return error
