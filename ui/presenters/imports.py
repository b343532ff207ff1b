"""Imports: takes dropped presets into the library. No Qt."""

from __future__ import annotations

from pathlib import Path

from stylus_daw.presets.bundle_import import import_bundle
from stylus_daw.presets.editing import free_name
from stylus_daw.presets.folder import inside, read_preset
from stylus_daw.presets.library import PresetLibrary
from stylus_daw.presets.preset import Preset, slug


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
        "id": library.free_id(slug(name)), "name": name, "program": None, "untrusted_plugins": bool(preset.plugins),
    }  # fmt: skip
    return library.save(preset.model_copy(update=changes), files)
