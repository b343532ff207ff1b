"""``stylus-daw demo``: a region all the way round, with a simulated DAW."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stylus_daw.commands.options import Json

Out = Annotated[Path, typer.Option(metavar="DIR", help="Where the stems and the picture go.")]


def command(out: Out = Path("out/demo"), as_json: Json = False) -> None:
    """Restyle a bundled region twice through the real app, check the stems, draw what happened."""
    from stylus_daw.commands.demo.show import show

    raise typer.Exit(show(out, as_json=as_json))
