"""``stylus-daw presets``: what there is, and what one preset does."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stylus_daw.commands.options import Json, StateDir
from stylus_daw.commands.reporting import say_json
from stylus_daw.errors import RequestError

if TYPE_CHECKING:
    from stylus_daw.presets.library import PresetLibrary
    from stylus_daw.presets.preset import Preset

app = typer.Typer(help="The presets: list, show.", rich_markup_mode=None)

Name = Annotated[str, typer.Argument(metavar="ID", help="Id or name.")]


@app.callback(invoke_without_command=True)
def presets(context: typer.Context, state_dir: StateDir = None, as_json: Json = False) -> None:
    """The presets. Without a command: list."""
    if context.invoked_subcommand is None:
        list_all(state_dir, as_json)
    elif state_dir or as_json:
        command = f"stylus-daw presets {context.invoked_subcommand}"
        raise RequestError("cli.usage", f"Options stand after the command: {command} …")


@app.command("list")
def list_all(state_dir: StateDir = None, as_json: Json = False) -> None:
    """Every preset, factory and own."""
    library = _library(state_dir)
    if as_json:
        for preset in library.all():
            say_json({**preset.model_dump(include={"id", "name", "group", "tags"}), "own": library.is_own(preset.id)})
    else:
        _print_table(library)
    for broken in library.broken():
        print(f"skipped {broken.path}: {broken.reason}", file=sys.stderr)


@app.command("show")
def show(name: Name, state_dir: StateDir = None, as_json: Json = False) -> None:
    """One preset: its styles, settings and effects."""
    library = _library(state_dir)
    preset = library.get(name)
    if as_json:
        files = [str(style.path) for style in library.styles(preset)]
        say_json({**preset.model_dump(mode="json"), "style_files": files})
    else:
        print("\n".join(_description(library, preset)))


def _library(state_dir: Any) -> PresetLibrary:
    from stylus_daw.presets import library
    from stylus_daw.settings import Settings, state_folder

    library.logger.disabled = True  # what is broken is told after the list
    return library.PresetLibrary(user_folder=Settings(home=state_folder(state_dir)).presets)


def _print_table(library: PresetLibrary) -> None:
    from rich import box
    from rich.table import Table

    from stylus_daw.commands import console

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("id", "name", "group", "tags"):
        table.add_column(heading, no_wrap=heading == "id")
    for preset in library.all():
        own = " (own)" if library.is_own(preset.id) else ""
        table.add_row(preset.id, preset.name + own, preset.group, ", ".join(preset.tags))
    console.out().print(table)


def _description(library: PresetLibrary, preset: Preset) -> list[str]:
    """Lines for people."""
    chosen = {name: value for name, value in preset.settings.model_dump().items() if value is not None}
    styles = [f"{style.title}, weight {style.weight:g}: {style.path}" for style in library.styles(preset)]
    effects = [_effect(effect.kind, effect.params, effect.mix) for effect in preset.chain.effects]
    return [
        f"{preset.name} ({preset.id})",
        *([preset.notes] if preset.notes else []),
        "styles:", *(f"  {line}" for line in styles),
        "settings:", *(f"  {name} {value}" for name, value in chosen.items()),
        f"effects (tail: {preset.chain.tail}):", *(f"  {line}" for line in effects or ["none"]),
    ]  # fmt: skip


def _effect(kind: str, params: dict[str, Any], mix: float) -> str:
    said = ", ".join(f"{name} {value}" for name, value in params.items())
    return f"{kind}: {said}" + (f", mix {mix:g}" if mix < 1 else "")
