"""``stylus-daw ui``: the window."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from stylus_daw.commands.options import Device, Port, StateDir
from stylus_daw.own_program import how_to_add

SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")

Files = Annotated[
    list[Path] | None, typer.Argument(help="Audio to restyle, folders of it, or presets to import.", show_default=False)
]


def command(files: Files = None, port: Port = None, state_dir: StateDir = None, device: Device = "auto") -> None:
    """Open the window. If it is open already, it comes to the front and takes the files."""
    from stylus_daw.settings import read_settings

    _check()
    settings = read_settings(home=state_dir, port=port, device=device)
    from stylus_ui.shell.app import run

    raise typer.Exit(run(settings, [path.absolute() for path in files or ()]))


def why_no_window() -> str:
    """A sentence; empty if a window can open."""
    if not has_qt():
        return f"The window needs PySide6: {how_to_add('gui')}"
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in SCREENS):
        return "There is no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set)."
    return ""


def has_qt() -> bool:
    """What the window is made with is installed."""
    return find_spec("PySide6") is not None


def _check() -> None:
    """Refuse in words instead of Qt's abort.

    Raises:
        RequestError: ``ui.missing``, ``ui.screen`` or ``ui.libraries``.
    """
    from stylus_daw.errors import RequestError

    if why := why_no_window():
        raise RequestError("ui.screen" if has_qt() else "ui.missing", f"{why} Without a window: stylus-daw serve")
    try:
        import PySide6.QtWidgets  # noqa: F401
    except ImportError as error:
        text = (
            f"Qt cannot start: {error}. On Debian and Ubuntu: apt-get install libegl1 libgl1 libxkbcommon0 "
            "libfontconfig1 libdbus-1-3 libxcb-cursor0. Without a window: stylus-daw serve"
        )
        raise RequestError("ui.libraries", text) from error
