"""Commands of ``stylus-daw presets`` that pass presets on; registered in `stylus_daw.commands.presets.command`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stylus_daw.commands.options import Json, StateDir
from stylus_daw.commands.presets.library import PresetName, as_row, open_library
from stylus_daw.commands.reporting import REFUSED, say_json, tell_error
from stylus_daw.errors import StylusError

if TYPE_CHECKING:
    from stylus_daw.presets.library.library import PresetLibrary

Target = Annotated[Path, typer.Argument(metavar="[FILE|FOLDER]", help="Where to. Default: this folder, named by id.")]
Cover = Annotated[Path | None, typer.Option(metavar="PNG", help="Picture. Default: its own, or one of its sound.")]
Force = Annotated[bool, typer.Option("--force", help="Replace a bundle that is there already.")]
Pause = Annotated[bool, typer.Option("--pause", help="Wait for Enter at the end, so that a window stays open.")]
Bundles = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Bundles (.styluspreset).")]


def export(
    name: PresetName,
    target: Target = Path(),
    cover: Cover = None,
    force: Force = False,
    state_dir: StateDir = None,
    as_json: Json = False,
) -> None:
    """One file with the preset, its audio, picture and licence."""
    from stylus_daw.presets.bundles.export import export_bundle

    library = open_library(state_dir)
    path = export_bundle(library, name, target, cover=cover, replaces=force)
    if as_json:
        say_json({"id": library.get(name).id, "file": path.resolve()})
    else:
        print(f"{path}: {path.stat().st_size / 1000:.0f} kB")


def import_files(files: Bundles, pause: Pause = False, state_dir: StateDir = None, as_json: Json = False) -> None:
    """Take presets from bundles; what is wrong with a bundle is said, and nothing of it is kept."""
    library = open_library(state_dir)
    refused: list[StylusError] = []
    for path in files:
        try:
            _import(library, path, as_json=as_json)
        except StylusError as error:
            refused.append(error)
            tell_error(error.code, error.message, as_json=as_json)
    if pause:
        input("Press Enter to close. ")
    if refused:
        raise typer.Exit(REFUSED)


def _import(library: PresetLibrary, path: Path, *, as_json: bool) -> None:
    from stylus_daw.presets.bundles.importing import import_bundle

    taken = import_bundle(library, path)
    preset = taken.preset
    if as_json:
        say_json({**as_row(library, preset), "is_new": taken.is_new})
        return
    print(f"{preset.name} ({preset.id}, #{preset.program}) is {'imported' if taken.is_new else 'here already'}.")
    if preset.untrusted_plugins:
        print(f"It uses {', '.join(preset.plugins)}; to allow that: stylus-daw presets consent {preset.id}")
