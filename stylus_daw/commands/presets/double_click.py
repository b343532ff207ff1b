"""``stylus-daw presets associate``: a double-click on a bundle imports it (Linux desktops, freedesktop.org rules).

With the window installed, it opens and imports; without it, a terminal does.

Two files in the user's data folder: what a ``.styluspreset`` is, and what opens it. macOS asks for an
application bundle and Windows for a registry entry, which an installer makes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from stylus_daw.commands.window import has_qt
from stylus_daw.errors import RequestError

MIME_TYPE, NAME = "application/x-styluspreset", "stylus-daw-presets"
TOOL_SECONDS = 30  # s for the desktop's own tools, which take a moment
_TYPE = f"""<?xml version="1.0" encoding="UTF-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
  <mime-type type="{MIME_TYPE}">
    <comment>Stylus preset</comment>
    <glob pattern="*.styluspreset"/>
  </mime-type>
</mime-info>
"""
_ENTRY = """[Desktop Entry]
Type=Application
Name=Import Stylus preset
Exec={command}
MimeType={mime_type};
NoDisplay=true
Terminal={terminal}
"""

Remove = Annotated[bool, typer.Option("--remove", help="Undo it.")]


def associate(remove: Remove = False) -> None:
    """A double-click on a bundle imports it (Linux)."""
    if not sys.platform.startswith("linux"):
        text = "This works on Linux desktops only. Import bundles with: stylus-daw presets import FILE"
        raise RequestError("preset.associate", text)
    folder = data_folder()
    files = wanted_files(folder)
    try:
        for path, text in files.items():
            _place(path, None if remove else text)
    except OSError as error:
        raise RequestError("preset.associate", f"'{folder}' cannot be written: {error}.") from error
    _tell_desktop(folder, remove=remove)
    print("\n".join(f"{'removed' if remove else 'wrote'} {path}" for path in files))


def wanted_files(folder: Path) -> dict[Path, str]:
    """Path and text of both files."""
    has_window = has_qt()
    arguments = "ui %F" if has_window else "presets import --pause %F"
    command = f"{quoted(sys.executable)} -m stylus_daw {arguments}"
    entry = _ENTRY.format(command=command, mime_type=MIME_TYPE, terminal=str(not has_window).lower())
    return {
        folder / "mime" / "packages" / f"{NAME}.xml": _TYPE,
        folder / "applications" / f"{NAME}.desktop": entry,
    }


def quoted(argument: str) -> str:
    r"""An argument as ``Exec`` of a desktop entry expects it.

    >>> print(quoted("/opt/my $app/100%/python"))
    "/opt/my \\$app/100%%/python"
    """
    escaped = "".join(f"\\{letter}" if letter in '"`$\\' else letter for letter in argument)
    return '"' + escaped.replace("%", "%%").replace("\\", "\\\\") + '"'


def data_folder() -> Path:
    """``XDG_DATA_HOME``, else its default."""
    named = os.environ.get("XDG_DATA_HOME", "")
    return Path(named) if named.startswith("/") else Path.home() / ".local" / "share"


def _place(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _tell_desktop(folder: Path, *, remove: bool) -> None:
    """The desktop's own tools, where they are there; without them it finds the files at the next login."""
    commands = [
        ["update-mime-database", str(folder / "mime")],
        ["update-desktop-database", str(folder / "applications")],
        *([] if remove else [["xdg-mime", "default", f"{NAME}.desktop", MIME_TYPE]]),
    ]
    for command in commands:
        if shutil.which(command[0]):
            subprocess.run(command, check=False, timeout=TOOL_SECONDS, capture_output=True)
