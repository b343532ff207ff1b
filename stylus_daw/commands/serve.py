"""``stylus-daw serve``: the app without a window, until it is told to stop."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stylus_daw.commands.options import Device, Json, Port, StateDir

if TYPE_CHECKING:
    from stylus_daw.settings import Settings

NO_WINDOW = "{why} This serves your DAW without a window. See also: stylus-daw --help"
TICK_S = 0.5  # s between two looks for Ctrl-C

Allow = Annotated[
    list[Path] | None, typer.Option(help="Another folder from which DAWs may name sources; repeat it for several.")
]


def command(
    port: Port = None, state_dir: StateDir = None, device: Device = "auto", allow: Allow = None, as_json: Json = False
) -> None:
    """Listen to DAWs and render what they send, without a window. Ctrl-C stops it."""
    from stylus_daw.settings import read_settings

    settings = read_settings(home=state_dir, port=port, device=device)
    roots = tuple(folder.expanduser().resolve() for folder in allow or ())
    serve(replace(settings, allowed_roots=roots), as_json=as_json)


def without_command(
    context: typer.Context, version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False
) -> None:
    """Restyle a region of your DAW session with a local model; the stem lands back on the exact sample."""
    if version:
        from stylus_daw import __version__

        print(f"stylus-daw {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        _window_or_serve()


def _window_or_serve() -> None:
    """The window where there can be one, else the app without it."""
    from stylus_daw.commands.window import command as window
    from stylus_daw.commands.window import why_no_window

    if why := why_no_window():
        print(NO_WINDOW.format(why=why), file=sys.stderr)
        command()
    else:
        window()


def serve(settings: Settings, *, as_json: bool = False) -> None:
    """Run the app until SIGINT or SIGTERM, then stop everything in reverse order.

    Raises:
        BridgeError: ``bridge.running``: there is one for this state folder already.
        JobError: ``app.thread_lost``.
        RequestError: the log cannot be written.
    """
    from stylus_daw.app import running

    _log(settings)
    with told_to_stop() as stop, running(settings) as app:
        _say_ready(app.server.port, settings, as_json=as_json)
        while not stop.wait(TICK_S):  # a wait without end cannot be interrupted on Windows
            app.check()


def _log(settings: Settings) -> None:
    from stylus_daw.app import log_to_file
    from stylus_daw.errors import RequestError

    try:
        log_to_file(settings)
    except OSError as error:
        text = f"The state folder {settings.home} cannot be written: {error}. Name another with --state-dir."
        raise RequestError("settings.home", text) from error


@contextmanager
def told_to_stop() -> Iterator[threading.Event]:
    """An event that Ctrl-C, SIGTERM or the terminal's end sets. Afterwards, signals act as before.

    A signal that is ignored stays so: ``nohup`` and a shell's ``&`` mean it.
    """
    stop = threading.Event()
    names = [name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before: dict[Any, Any] = {}
    for number in (getattr(signal, name) for name in names):
        if signal.getsignal(number) is not signal.SIG_IGN:
            before[number] = signal.signal(number, lambda *_: stop.set())
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _say_ready(port: int, settings: Settings, *, as_json: bool) -> None:
    from stylus_daw import __version__
    from stylus_daw.commands.reporting import say_json

    if as_json:
        say_json({"event": "ready", "version": __version__, "port": port, "state_dir": str(settings.home)})
    else:
        print(
            f"stylus-daw {__version__} listens to DAWs on 127.0.0.1:{port}; state folder: {settings.home}; "
            f"log: {settings.log.name}; stop: Ctrl-C",
            flush=True,
        )
