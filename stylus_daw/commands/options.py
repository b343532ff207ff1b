"""Options that several commands share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from stylus_daw.settings import HOME_VARIABLE


def _for_children_too(state_dir: Path | None) -> Path | None:
    """What the engine and other processes read, too: registered models are in the state folder."""
    if state_dir is not None:
        os.environ[HOME_VARIABLE] = str(state_dir.expanduser().resolve())
    return state_dir


StateDir = Annotated[
    Path | None,
    typer.Option(
        callback=_for_children_too,
        help="State folder: journal, jobs, own presets, log. Default: STYLUS_HOME, or else the system's.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Machine-readable: one JSON object per line on stdout.")]
Port = Annotated[int | None, typer.Option(help="OSC port to try first; 0 = any free one. Default: 47120.")]
Device = Annotated[str, typer.Option(help="Where the model runs: auto, cpu, cuda, cuda:1, mps.")]
