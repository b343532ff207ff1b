"""Commands of ``stylus-daw presets`` that change the library; registered in `stylus_daw.commands.presets.command`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stylus_daw.commands.options import Json, StateDir
from stylus_daw.commands.presets.library import PresetName, open_library, settings_of, tell_change
from stylus_daw.commands.reporting import say_json
from stylus_daw.errors import RequestError

if TYPE_CHECKING:
    from stylus_daw.presets.from_job import Recipe
    from stylus_daw.presets.library.library import PresetLibrary

NewName = Annotated[str, typer.Argument(metavar="NAME", help="Name on screen.")]
CopyName = Annotated[str | None, typer.Argument(metavar="[NAME]", help="Of the copy. Default: a number is added.")]
Job = Annotated[str | None, typer.Option(metavar="ID", help="The job that made it; `stylus-daw jobs` lists them.")]
StemFile = Annotated[Path | None, typer.Option("--stem", metavar="FILE", help="Or: a stem that stylus-daw wrote.")]
StyleFiles = Annotated[
    list[Path] | None,
    typer.Option("--style", metavar="FILE", help="Style file that the stem names and the library lacks; one for each."),
]
Tags = Annotated[list[str] | None, typer.Option("--tag", help="A word to find it by; repeat it for several.")]
Group = Annotated[str, typer.Option(help="Heading in lists.")]
Notes = Annotated[str, typer.Option(help="What it is good for.")]
Author = Annotated[str, typer.Option(help="Who made it.")]
MoreTags = Annotated[list[str] | None, typer.Argument(metavar="[TAG]...", help="Tags to add.")]
LessTags = Annotated[list[str] | None, typer.Option("--remove", metavar="TAG", help="Tag to remove; repeat it.")]
Off = Annotated[bool, typer.Option("--off", help="No longer a favourite.")]
Days = Annotated[float, typer.Option("--older-than", min=0, metavar="DAYS", help="Only those deleted earlier.")]
Deleted = Annotated[str, typer.Argument(metavar="ID|KEY", help="Id, name or key; `list --trash` lists them.")]


def save(
    name: NewName,
    job: Job = None,
    stem: StemFile = None,
    style: StyleFiles = None,
    group: Group = "",
    tag: Tags = None,
    notes: Notes = "",
    author: Author = "",
    state_dir: StateDir = None,
    as_json: Json = False,
) -> None:
    """A preset with the exact settings, styles and effects that made a stem."""
    from stylus_daw.presets.from_job import Label, save_recipe

    library = open_library(state_dir)
    recipe = _recipe(library, job, stem, style or [], state_dir)
    label = Label(name=name, group=group, tags=tuple(tag or ()), notes=notes, author=author)
    kept = save_recipe(library, recipe, label)
    tell_change(library, kept, f"Saved as {kept.name} ({kept.id}, #{kept.program}).", as_json=as_json)


def duplicate(name: PresetName, new_name: CopyName = None, state_dir: StateDir = None, as_json: Json = False) -> None:
    """A copy of your own to change."""
    from stylus_daw.presets.library import editing

    library = open_library(state_dir)
    kept = editing.duplicate(library, name, new_name)
    tell_change(library, kept, f"Copied to {kept.name} ({kept.id}, #{kept.program}).", as_json=as_json)


def rename(name: PresetName, new_name: NewName, state_dir: StateDir = None, as_json: Json = False) -> None:
    """Another name on screen; id and number stay, so that sessions still find it."""
    from stylus_daw.presets.library import editing

    library = open_library(state_dir)
    kept = editing.rename(library, name, new_name)
    tell_change(library, kept, f"{kept.id} is now called {kept.name}.", as_json=as_json)


def tag(
    name: PresetName, add: MoreTags = None, remove: LessTags = None, state_dir: StateDir = None, as_json: Json = False
) -> None:
    """Add tags, and take tags away."""
    from stylus_daw.presets.library import editing

    library = open_library(state_dir)
    kept = editing.tag(library, name, add=add or (), remove=remove or ())
    tell_change(library, kept, f"{kept.name}: {', '.join(kept.tags) or 'no tags'}.", as_json=as_json)


def favourite(name: PresetName, off: Off = False, state_dir: StateDir = None, as_json: Json = False) -> None:
    """Mark a favourite, your own or a factory preset."""
    library = open_library(state_dir)
    preset = library.favourite(name, is_favourite=not off)
    tell_change(library, preset, f"{preset.name} is {'no longer ' if off else ''}a favourite.", as_json=as_json)


def consent(name: PresetName, state_dir: StateDir = None, as_json: Json = False) -> None:
    """Let an imported preset use the plugins that it brings settings for."""
    from stylus_daw.presets.library import editing

    library = open_library(state_dir)
    kept = editing.consent(library, name)
    tell_change(library, kept, f"{kept.name} may use: {', '.join(kept.plugins) or 'no plugins'}.", as_json=as_json)


def delete(name: PresetName, state_dir: StateDir = None, as_json: Json = False) -> None:
    """Put a preset of your own into the trash."""
    library = open_library(state_dir)
    gone = library.delete(name)
    if as_json:
        say_json({"key": gone.key, "id": gone.preset.id, "name": gone.preset.name})
    else:
        print(f"{gone.preset.name} is in the trash. To undo: stylus-daw presets restore {gone.preset.id}")


def restore(name: Deleted, state_dir: StateDir = None, as_json: Json = False) -> None:
    """Bring a deleted preset back."""
    library = open_library(state_dir)
    kept = library.restore(name)
    tell_change(library, kept, f"{kept.name} ({kept.id}) is back.", as_json=as_json)


def purge(older_than: Days = 0.0, state_dir: StateDir = None, as_json: Json = False) -> None:
    """Empty the trash for good, with the style audio that nothing else needs."""
    gone = open_library(state_dir).purge(older_than_days=older_than)
    if as_json:
        say_json({"purged": gone})
    else:
        print(f"{gone} deleted {'preset is' if gone == 1 else 'presets are'} permanently deleted.")


def _recipe(
    library: PresetLibrary, job: str | None, stem: Path | None, styles: list[Path], state_dir: Path | None
) -> Recipe:
    from stylus_daw.presets.from_job import recipe_of_job, recipe_of_stem

    if (job is None) == (stem is None):
        raise RequestError("preset.source", "Name what made the sound: either --job ID or --stem FILE.")
    journal = settings_of(state_dir).journal
    if job is not None:
        return recipe_of_job(job, journal)
    assert stem is not None
    return recipe_of_stem(stem, library, journal=journal, style_files=styles)
