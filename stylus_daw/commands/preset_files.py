"""Commands of ``stylus-daw presets`` that pass presets on; registered in `stylus_daw.commands.presets`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stylus_daw.commands.options import Json, StateDir
from stylus_daw.commands.preset_library import PresetName, as_row, open_library
from stylus_daw.commands.reporting import say_json

Target = Annotated[Path, typer.Argument(metavar="[FILE|FOLDER]", help="Where to. Default: this folder, named by id.")]
Cover = Annotated[Path | None, typer.Option(metavar="PNG", help="Picture. Default: its own, or one of its sound.")]
Bundles = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Bundles (.styluspreset).")]


def export(
    name: PresetName, target: Target = Path(), cover: Cover = None, state_dir: StateDir = None, as_json: Json = False
) -> None:
    """One file with the preset, its audio, picture and licence."""
    from stylus_daw.presets.bundle_export import export_bundle

    library = open_library(state_dir)
    path = export_bundle(library, name, target, cover=cover)
    if as_json:
        say_json({"id": library.get(name).id, "file": path.resolve()})
    else:
        print(f"{path}: {path.stat().st_size / 1000:.0f} kB")


def import_files(files: Bundles, state_dir: StateDir = None, as_json: Json = False) -> None:
    """Take presets from bundles; what is wrong with a bundle is said, and nothing of it is kept."""
    from stylus_daw.presets.bundle_import import import_bundle

    library = open_library(state_dir)
    for path in files:
        taken = import_bundle(library, path)
        if as_json:
            say_json({**as_row(library, taken.preset), "is_new": taken.is_new})
            continue
        preset = taken.preset
        print(f"{preset.name} ({preset.id}, #{preset.program}) is {'imported' if taken.is_new else 'here already'}.")
        if preset.untrusted_plugins:
            print(f"It uses {', '.join(preset.plugins)}; to allow that: stylus-daw presets consent {preset.id}")
