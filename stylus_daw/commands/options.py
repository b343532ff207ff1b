"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

StateDir = Annotated[
    Path | None,
    typer.Option(help="State folder: journal, jobs, own presets, log. Default: STYLUS_HOME, else the system's."),
]
Json = Annotated[bool, typer.Option("--json", help="Answer for machines: one JSON object per line on stdout.")]
Port = Annotated[int | None, typer.Option(help="OSC port to try first; 0 = any free one. Default: 47120.")]
Device = Annotated[str, typer.Option(help="Where the model runs: auto, cpu, cuda, cuda:1, mps.")]
