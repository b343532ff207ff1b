"""The controls as options of ``stylus-daw render``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_PANEL = "Controls"

Transients = Annotated[
    float | None, typer.Option(rich_help_panel=_PANEL, help="0 to 1: how far attacks stay the input's. Default: 0.")
]
LowKeep = Annotated[
    float | None,
    typer.Option("--low-keep-hz", rich_help_panel=_PANEL, help="20 to 2000: below it the input stays as it is."),
]
DryWet = Annotated[
    float | None,
    typer.Option(rich_help_panel=_PANEL, help="0 to 1: share of the result in the mix with the input. Default: 1."),
]
Brightness = Annotated[
    float | None,
    typer.Option(rich_help_panel=_PANEL, help="0 to 1: overall tilt, the input's or the style's. Default: 1."),
]
Formants = Annotated[
    float | None,
    typer.Option(rich_help_panel=_PANEL, help="0 to 1: broad resonances, the input's or the style's. Default: 1."),
]
Envelope = Annotated[
    Path | None,
    typer.Option(
        rich_help_panel=_PANEL, metavar="FILE", help="Strength over time, 0 to 2: CSV or JSON (docs/presets.md)."
    ),
]
TempoSync = Annotated[
    bool | None,
    typer.Option("--tempo-sync/--no-tempo-sync", rich_help_panel=_PANEL, help="Loop the styles by bars at --tempo."),
]
Tempo = Annotated[
    float | None,
    typer.Option("--tempo", rich_help_panel=_PANEL, help="20 to 400: the session's quarter notes a minute."),
]
BarBeats = Annotated[
    float | None, typer.Option(rich_help_panel=_PANEL, help="1 to 32: quarter notes in a bar. Default: 4.")
]
