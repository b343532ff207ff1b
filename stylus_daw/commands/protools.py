"""``stylus-daw protools``: the selected clip of the open Pro Tools session. Experimental."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stylus_daw.commands.options import Json, StateDir
from stylus_daw.commands.reporting import say_json
from stylus_daw.errors import BridgeError

if TYPE_CHECKING:
    from stylus_bridge.wire.protocol import Progressed

app = typer.Typer(help="Pro Tools, through its scripting interface (experimental).", rich_markup_mode=None)

Preset = Annotated[str, typer.Option("--preset", help="Id, name or number; see: stylus-daw presets")]


@app.callback()
def protools() -> None:
    """Pro Tools, through its scripting interface (experimental: never run in Pro Tools itself)."""


@app.command("render")
def render(preset: Preset, state_dir: StateDir = None, as_json: Json = False) -> None:
    """Render the clip that is selected in Pro Tools; the stem comes onto a new track at the same sample."""
    from stylus_bridge.client.client import BridgeClient
    from stylus_bridge.client.endpoint import read_endpoint
    from stylus_bridge.daws.protools.render import render_selection
    from stylus_bridge.daws.protools.session import open_session
    from stylus_daw.settings import state_folder

    home = state_folder(state_dir)
    endpoint = read_endpoint(home)
    if endpoint is None:
        raise BridgeError("bridge.not_running", "stylus-daw is not running. Start it, then try again.")
    with open_session() as session, BridgeClient(home) as client:
        on_progress = None if as_json else _show
        done, selection = render_selection(session, client, Path(endpoint.jobs), preset, on_progress)
    if as_json:
        say_json({"event": "inserted", "job": done.job, "path": done.stem_path, "start_sample": selection.start})
    else:
        print(f"On a new track at sample {selection.start:,}: {done.stem_path}")


def _show(progress: Progressed) -> None:
    print(f"{progress.fraction:.0%} {progress.stage}", flush=True)
