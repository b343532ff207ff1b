"""``stylus-daw presets``: what there is, and what one preset does."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stylus_daw.commands.options import Json, StateDir
from stylus_daw.commands.presets import changes as preset_changes
from stylus_daw.commands.presets import files as preset_files
from stylus_daw.commands.presets.library import PresetName, as_row, open_library
from stylus_daw.commands.reporting import say_json
from stylus_daw.errors import RequestError

if TYPE_CHECKING:
    from stylus_daw.presets.library.library import PresetLibrary
    from stylus_daw.presets.preset import Preset

app = typer.Typer(help="The presets: find, save, change, share.", rich_markup_mode=None)

Favourites = Annotated[bool, typer.Option("--favourites", help="Only these.")]
Own = Annotated[bool, typer.Option("--own", help="Only your own.")]
InTrash = Annotated[bool, typer.Option("--trash", help="The deleted ones instead.")]
Text = Annotated[str, typer.Argument(metavar="WORDS", help="Words from name, tags, group, author, notes or styles.")]
Tags = Annotated[list[str] | None, typer.Option("--tag", help="With this tag; repeat it for several.")]
Group = Annotated[str, typer.Option(help="In this group.")]
Author = Annotated[str, typer.Option(help="By this author.")]


@app.callback(invoke_without_command=True)
def presets(context: typer.Context, state_dir: StateDir = None, as_json: Json = False) -> None:
    """The presets. Without a command: list."""
    if context.invoked_subcommand is None:
        list_all(state_dir=state_dir, as_json=as_json)
    elif state_dir or as_json:
        command = f"stylus-daw presets {context.invoked_subcommand}"
        raise RequestError("cli.usage", f"Options come after the command: {command} …")


@app.command("list")
def list_all(
    favourites: Favourites = False,
    own: Own = False,
    trash: InTrash = False,
    state_dir: StateDir = None,
    as_json: Json = False,
) -> None:
    """Every preset, factory and own."""
    library = open_library(state_dir)
    if trash:
        _list_trash(library, as_json=as_json)
        return
    found = library.favourites() if favourites else library.all()
    chosen = [preset for preset in found if not own or library.is_own(preset.id)]
    nothing = "You have no presets of your own yet. Save one with: stylus-daw presets save"
    if favourites:
        nothing = "No preset is a favourite yet. Mark one with: stylus-daw presets favourite ID"
    _tell(library, chosen, nothing, as_json=as_json)
    for broken in library.broken():
        print(f"skipped {broken.path}: {broken.reason}", file=sys.stderr)


@app.command("search")
def search(
    text: Text = "",
    tag: Tags = None,
    group: Group = "",
    author: Author = "",
    state_dir: StateDir = None,
    as_json: Json = False,
) -> None:
    """Presets by words, tags, group and author; all must fit."""
    from stylus_daw.presets.library.search import PresetQuery, search

    library = open_library(state_dir)
    query = PresetQuery(text=text, tags=tuple(tag or ()), group=group, author=author)
    _tell(library, list(search(library.all(), query)), "No preset matches. Use fewer words.", as_json=as_json)


@app.command("show")
def show(name: PresetName, state_dir: StateDir = None, as_json: Json = False) -> None:
    """One preset: its styles, settings and effects."""
    library = open_library(state_dir)
    preset = library.get(name)
    if as_json:
        files = [str(style.path) for style in library.styles(preset)]
        say_json({**preset.model_dump(mode="json"), "style_files": files})
    else:
        print("\n".join(_description(library, preset)))


@app.command("schema")
def schema() -> None:
    """The JSON Schema of a preset file, for editors and other programs."""
    from stylus_daw.presets.preset import schema_text

    print(schema_text(), end="")


for _name, _command in (
    ("save", preset_changes.save),
    ("duplicate", preset_changes.duplicate),
    ("rename", preset_changes.rename),
    ("tag", preset_changes.tag),
    ("favourite", preset_changes.favourite),
    ("consent", preset_changes.consent),
    ("delete", preset_changes.delete),
    ("restore", preset_changes.restore),
    ("purge", preset_changes.purge),
    ("export", preset_files.export),
    ("import", preset_files.import_files),
):
    app.command(_name)(_command)


def _tell(library: PresetLibrary, found: Sequence[Preset], nothing: str, *, as_json: bool) -> None:
    """``nothing`` is said where nothing was found."""
    if as_json:
        for preset in found:
            say_json(as_row(library, preset))
    elif found:
        _print_table(library, found)
    else:
        print(nothing)


def _print_table(library: PresetLibrary, found: Iterable[Preset]) -> None:
    marked = {preset.id for preset in library.favourites()}
    rows = [
        (
            "" if preset.program is None else f"#{preset.program}",
            preset.id,
            preset.name + (" *" if preset.id in marked else "") + (" (own)" if library.is_own(preset.id) else ""),
            preset.group,
            ", ".join(preset.tags),
        )
        for preset in found
    ]
    _print_rows(("no.", "id", "name, * favourite", "group", "tags"), rows)


def _list_trash(library: PresetLibrary, *, as_json: bool) -> None:
    deleted = library.trashed()
    if as_json:
        for one in deleted:
            say_json({"key": one.key, "id": one.preset.id, "name": one.preset.name, "deleted_at": one.deleted_at})
    elif deleted:
        rows = [(_day(one.deleted_at), one.preset.id, one.preset.name, one.key) for one in deleted]
        _print_rows(("deleted", "id", "name", "key"), rows)
    else:
        print("Nothing has been deleted.")


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).strftime("%Y-%m-%d %H:%M:%S")


def _print_rows(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    from rich import box
    from rich.table import Table

    from stylus_daw.commands import console

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        table.add_column(heading, no_wrap=heading in ("no.", "id", "key"))
    for row in rows:
        table.add_row(*row)
    console.out().print(table)


def _description(library: PresetLibrary, preset: Preset) -> list[str]:
    """Lines for people."""
    chosen = {name: value for name, value in preset.settings.model_dump().items() if value is not None}
    styles = [f"{style.title}, weight {style.weight:g}: {style.path}" for style in library.styles(preset)]
    effects = [_effect(effect.kind, effect.params, effect.mix) for effect in preset.chain.effects]
    number = "" if preset.program is None else f", #{preset.program}"
    waits = ["its plugins wait for your consent: " + ", ".join(preset.plugins)] if preset.untrusted_plugins else []
    return [
        f"{preset.name} ({preset.id}{number})",
        *([preset.notes] if preset.notes else []),
        *waits,
        "styles:",
        *(f"  {line}" for line in styles),
        "settings:",
        *(f"  {name} {value}" for name, value in chosen.items()),
        f"effects (tail: {preset.chain.tail}):",
        *(f"  {line}" for line in effects or ["none"]),
    ]


def _effect(kind: str, params: dict[str, Any], mix: float) -> str:
    said = ", ".join(f"{name} {str(value)[:60]}" for name, value in params.items())
    return f"{kind}: {said}" + (f", mix {mix:g}" if mix < 1 else "")
