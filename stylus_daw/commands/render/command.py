"""``stylus-daw render``: one file or several, in this process."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stylus_daw.commands.options import Device, Json, StateDir
from stylus_daw.commands.render.control_options import KnobValues, with_knobs

Sources = Annotated[list[Path], typer.Argument(metavar="IN…", help="Audio files to restyle.")]
Preset = Annotated[str | None, typer.Option(help="Preset, by id or name; `stylus-daw presets` lists them.")]
Style = Annotated[
    list[str] | None,
    typer.Option(
        metavar="FILE[=WEIGHT]",
        help="Style reference instead of a preset; repeat it to blend several. FILE[1.5-4.0] takes seconds 1.5 to 4.",
    ),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", "-o", metavar="OUT.wav", help="The stem of one file: 32-bit float BWF."),
]
OutDir = Annotated[
    Path | None,
    typer.Option("--out-dir", metavar="DIR", help="Folder for the stems, named by file and sound."),
]
Force = Annotated[bool, typer.Option("--force", help="Replace a stem that is there already.")]
Takes = Annotated[int, typer.Option(min=1, max=32, help="How many, a little different each: OUT-1.wav, OUT-2.wav, …")]
Spread = Annotated[float, typer.Option(min=0, max=1, help="0 to 1: how far the takes lie from each other.")]
WithoutMissing = Annotated[
    bool, typer.Option("--allow-missing-plugins", help="Leave out plugins of the preset that are not here.")
]
AllowDownload = Annotated[
    bool, typer.Option("--allow-download", help="Agree to download the model, if it is a hub id and not here.")
]
NoChain = Annotated[bool, typer.Option("--no-chain", help="Leave out the preset's effects.")]


@with_knobs
def command(
    sources: Sources,
    out: Out = None,
    *,
    out_dir: OutDir = None,
    force: Force = False,
    preset: Preset = None,
    style: Style = None,
    knobs: KnobValues,
    device: Device = "auto",
    no_chain: NoChain = False,
    allow_download: AllowDownload = False,
    without_missing: WithoutMissing = False,
    takes: Takes = 1,
    spread: Spread = 0.3,
    state_dir: StateDir = None,
    as_json: Json = False,
) -> None:
    """Restyle files with a preset or with style files; the app need not run, and its history does not list them.

    Exit code 3: some of several files have no stem. For whole folders there is `stylus-daw batch`.
    """
    from stylus_daw.commands.render.in_process import render
    from stylus_daw.commands.render.places import Places
    from stylus_daw.commands.render.wish import Wish
    from stylus_daw.commands.reporting import ended_like_ctrl_c

    wish = Wish(
        source=Path(),
        stem=Path("stem.wav"),
        preset=preset,
        styles=tuple(style or ()),
        device=device,
        has_chain=not no_chain,
        allows_missing_plugins=without_missing,
        allows_download=allow_download,
        state_dir=state_dir,
        takes=takes,
        spread=spread,
        knobs=knobs,
    )
    with ended_like_ctrl_c():
        exit_code = render(wish, sources, Places(out=out, out_dir=out_dir, forces=force), as_json=as_json)
    raise typer.Exit(exit_code)
