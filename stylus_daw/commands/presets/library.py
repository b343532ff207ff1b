"""The library of presets as commands open it, and a preset as they tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from stylus_daw.commands.reporting import say_json

if TYPE_CHECKING:
    from stylus_daw.presets.library.library import PresetLibrary
    from stylus_daw.presets.preset import Preset
    from stylus_daw.settings import Settings

PresetName = Annotated[str, typer.Argument(metavar="ID", help="Id, name or number (#12).")]


def settings_of(state_dir: Any) -> Settings:
    """Where everything is stored."""
    from stylus_daw.settings import Settings, state_folder

    return Settings(home=state_folder(state_dir))


def open_library(state_dir: Any) -> PresetLibrary:
    """The factory presets and the user's."""
    from stylus_daw.presets.library import finding, library

    finding.logger.disabled = True  # what is broken is told after the list
    return library.PresetLibrary(user_folder=settings_of(state_dir).presets)


def as_row(library: PresetLibrary, preset: Preset) -> dict[str, Any]:
    """A preset as one line of JSON."""
    row = preset.model_dump(include={"id", "name", "group", "tags", "program", "untrusted_plugins"})
    return {**row, "own": library.is_own(preset.id)}


def tell_change(library: PresetLibrary, preset: Preset, sentence: str, *, as_json: bool) -> None:
    """What became of a preset."""
    if as_json:
        say_json(as_row(library, preset))
    else:
        print(sentence)
