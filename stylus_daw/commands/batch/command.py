"""``stylus-daw batch``: folders, patterns and sheets of files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from stylus_daw.batch.naming import DEFAULT_TEMPLATE, FIELDS
from stylus_daw.commands.options import Device, Json, StateDir
from stylus_daw.commands.render.command import AllowDownload, NoChain, Preset, Style, WithoutMissing
from stylus_daw.commands.render.control_options import KnobValues, with_knobs

_FIELDS = ", ".join(f"{{{name}}}" for name in FIELDS)

Sources = Annotated[
    list[str] | None, typer.Argument(metavar="IN…", help="Audio files, folders, or patterns such as 'stems/**/*.wav'.")
]
Out = Annotated[
    Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the stems, the summary, the journal.")
]
Sheet = Annotated[
    Path | None,
    typer.Option("--csv", metavar="FILE", help="A row per file: source, preset or style, out, and any knob."),
]
Recursive = Annotated[bool, typer.Option("--recursive", "-r", help="Look into the folders' folders, too.")]
Name = Annotated[str, typer.Option("--name", help=f"Name of each stem, of {_FIELDS}.")]
Album = Annotated[
    bool, typer.Option("--album", help="Stems are as loud among each other as their sources, with no peak limited.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be rendered, and how long it takes.")]
Force = Annotated[
    bool, typer.Option("--force", help="Replace what is in a stem's place; level an album that is finished anew.")
]
Local = Annotated[bool, typer.Option("--local", help="Render on this machine, even where a farm is in use.")]


@with_knobs
def command(
    sources: Sources = None,
    *,
    out: Out,
    sheet: Sheet = None,
    preset: Preset = None,
    style: Style = None,
    recursive: Recursive = False,
    name: Name = DEFAULT_TEMPLATE,
    album: Album = False,
    dry_run: DryRun = False,
    force: Force = False,
    local: Local = False,
    knobs: KnobValues,
    device: Device = "auto",
    no_chain: NoChain = False,
    allow_download: AllowDownload = False,
    without_missing: WithoutMissing = False,
    state_dir: StateDir = None,
    as_json: Json = False,
) -> None:
    """Restyle many files; stopped in any way, the same command goes on. The app need not run.

    Exit code 3: some files have no stem; the others have.
    """
    from stylus_daw.commands.batch import running
    from stylus_daw.commands.batch.planning import BatchWish
    from stylus_daw.commands.render.wish import Wish

    wish = Wish(source=Path(), stem=Path("stem.wav"), preset=preset, styles=tuple(style or ()), device=device)
    wish = replace(wish, has_chain=not no_chain, knobs=knobs, state_dir=state_dir)
    wish = replace(wish, allows_missing_plugins=without_missing, allows_download=allow_download)
    batch = BatchWish(sources=tuple(sources or ()), sheet=sheet, out=out, template=name, wish=wish)
    batch = replace(batch, recursive=recursive, is_album=album, stays_here=local)
    run = running.dry_run if dry_run else running.run
    raise typer.Exit(run(batch, forces=force, as_json=as_json))
