"""``stylus-daw watch``: drop a file in, a stem comes out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stylus_daw.commands.options import Device, Json, StateDir
from stylus_daw.commands.reporting import DONE, PARTLY, say_json

if TYPE_CHECKING:
    from stylus_daw.exchange.watched import Render, Rendered

Incoming = Annotated[Path, typer.Argument(metavar="IN_DIR", help="Folder in which audio files are dropped.")]
PresetName = Annotated[str, typer.Option("--preset", help="Preset, by id or name; `stylus-daw presets` lists them.")]
Outgoing = Annotated[Path, typer.Option("--to", metavar="OUT_DIR", help="Where the stems appear.")]
Once = Annotated[bool, typer.Option("--once", help="Render what is there, then exit.")]
Settle = Annotated[float, typer.Option(min=0.0, help="Seconds without change before a file is taken.")]

POLL_S = 0.5  # s between two looks at the folder


def command(
    incoming: Incoming,
    preset: PresetName,
    to: Outgoing,
    once: Once = False,
    settle: Settle = 2.0,
    device: Device = "auto",
    state_dir: StateDir = None,
    as_json: Json = False,
) -> None:
    """Watch a folder: a file that is dropped in comes out as a stem, and moves to done/. The app need not run.

    Exit code 3, with --once: some files have no stem; they lie in failed/ with the reason.
    """
    from stylus_daw.commands.serve import told_to_stop
    from stylus_daw.exchange.watched import WatchedFolder

    name, render = _renderer(preset, device, state_dir)
    folder = WatchedFolder(incoming, to, render, label=name, settle_s=settle)
    if not as_json:
        print(f"Watching {incoming} with {name}; stems go to {to}; stop: Ctrl-C", flush=True)
    exit_code = DONE
    with told_to_stop() as stop:
        while True:
            found = folder.poll()
            for rendered in found:
                _tell(rendered, as_json=as_json)
                exit_code = exit_code if rendered.stem else PARTLY
            if once and not found and folder.is_empty:
                raise typer.Exit(exit_code)
            if stop.wait(POLL_S):
                return


def _renderer(preset: str, device: str, state_dir: Path | None) -> tuple[str, Render]:
    """The preset's name, and a function that renders with it; the model is loaded at the first file and kept."""
    from stylus_daw.commands.render.in_process import late_renderer
    from stylus_daw.commands.render.wish import Wish, request_of
    from stylus_daw.presets.library.library import PresetLibrary
    from stylus_daw.settings import Settings, state_folder

    presets = PresetLibrary(user_folder=Settings(home=state_folder(state_dir)).presets)
    name = presets.get(preset).name
    renderer = late_renderer(state_dir)

    def render(source: Path, stem: Path) -> object:
        wish = Wish(source=source, stem=stem, preset=preset, device=device, state_dir=state_dir)
        return renderer.render(request_of(wish), lambda fraction, stage: None, lambda: False)

    return name, render


def _tell(rendered: Rendered, *, as_json: bool) -> None:
    if as_json:
        event = "done" if rendered.stem else "failed"
        say_json({"event": event, "source": rendered.source, "stem": rendered.stem, "message": rendered.message})
    elif rendered.stem:
        print(f"{rendered.source.name} -> {rendered.stem}", flush=True)
    else:
        print(f"{rendered.source.name}: {rendered.message}", flush=True)
