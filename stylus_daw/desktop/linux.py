"""Entry, icon and file type on Linux and other Unixes, by freedesktop.org: files in the user's data folder.

With the window installed, the entry opens it; without it, a double-click on a preset imports it in a terminal, and
nothing is shown in menus.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from stylus_daw.atomic import write_bytes_atomic
from stylus_daw.own_program import own_command

NAME, MIME_TYPE = "stylus-daw", "application/x-styluspreset"
ICON = Path(__file__).parent / "icons" / "stylus-daw.svg"
TOOL_SECONDS = 30  # s for the desktop's own tools, which take a moment
_TYPE = f"""<?xml version="1.0" encoding="UTF-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
  <mime-type type="{MIME_TYPE}">
    <comment>Stylus preset</comment>
    <comment xml:lang="de">Stylus-Preset</comment>
    <sub-class-of type="application/zip"/>
    <glob pattern="*.styluspreset"/>
    <icon name="{NAME}"/>
  </mime-type>
</mime-info>
"""
_ENTRY = """[Desktop Entry]
Type=Application
Name=Stylus
GenericName=Audio restyling
Comment=Restyle a region of your DAW session on your own machine
Comment[de]=Eine Region der DAW-Session auf dem eigenen Rechner umgestalten
Exec={command}
Icon={icon}
Terminal={terminal}
NoDisplay={hidden}
Categories=AudioVideo;Audio;
MimeType={mime_type};
StartupWMClass={name}
"""


def register(*, has_window: bool, is_dry: bool = False) -> tuple[Path, ...]:
    """Write the files, tell the desktop, return what was written; ``is_dry``: return it only.

    Raises:
        OSError: a folder cannot be written.
    """
    folder = data_folder()
    files = wanted_files(folder, has_window=has_window)
    for path, content in () if is_dry else files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_bytes_atomic(path, content)
    if not is_dry:
        _tell_desktop(folder, is_there=True)
    return tuple(files)


def unregister(*, is_dry: bool = False) -> tuple[Path, ...]:
    """Remove the files again; returns those that were there. ``is_dry``: return them only."""
    folder = data_folder()
    there = tuple(path for path in wanted_files(folder, has_window=True) if path.exists())
    if not is_dry:
        for path in there:
            path.unlink(missing_ok=True)
        _tell_desktop(folder, is_there=False)
    return there


def is_registered() -> bool:
    """The entry is there, and starts this program and not another installation."""
    try:
        return own_exec() in entry_in(data_folder()).read_text("utf-8")
    except (OSError, ValueError):
        return False


def wanted_files(folder: Path, *, has_window: bool) -> Mapping[Path, bytes]:
    """Content by path, below the data folder ``folder``."""
    arguments = "ui %F" if has_window else "presets import --pause %F"
    entry = _ENTRY.format(
        command=f"{own_exec()} {arguments}",
        icon=NAME,
        terminal=str(not has_window).lower(),
        hidden=str(not has_window).lower(),
        mime_type=MIME_TYPE,
        name=NAME,
    )
    return {
        folder / "mime" / "packages" / f"{NAME}.xml": _TYPE.encode(),
        folder / "icons" / "hicolor" / "scalable" / "apps" / f"{NAME}.svg": ICON.read_bytes(),
        entry_in(folder): entry.encode(),
    }


def entry_in(folder: Path) -> Path:
    """The entry of the menu; Qt tells desktops its name, so that windows get the icon."""
    return folder / "applications" / f"{NAME}.desktop"


def own_exec() -> str:
    """How ``Exec`` of an entry starts this program."""
    return " ".join(quoted(word) for word in own_command())


def quoted(argument: str) -> str:
    r"""An argument as ``Exec`` of a desktop entry expects it; plain words stay plain.

    >>> print(quoted("/opt/my $app/100%/python"))
    "/opt/my \\$app/100%%/python"
    >>> print(quoted("-m"))
    -m
    """
    if argument.isascii() and argument.replace("-", "").replace("_", "").isalnum():
        return argument
    escaped = "".join(f"\\{letter}" if letter in '"`$\\' else letter for letter in argument)
    return '"' + escaped.replace("%", "%%").replace("\\", "\\\\") + '"'


def data_folder() -> Path:
    """``XDG_DATA_HOME``, else its default."""
    named = os.environ.get("XDG_DATA_HOME", "")
    return Path(named) if named.startswith("/") else Path.home() / ".local" / "share"


def _tell_desktop(folder: Path, *, is_there: bool) -> None:
    """The desktop's own tools, where they are there; without them it finds the files at the next login."""
    commands = [
        ["update-mime-database", str(folder / "mime")],
        ["update-desktop-database", str(folder / "applications")],
        *([["xdg-mime", "default", f"{NAME}.desktop", MIME_TYPE]] if is_there else []),
    ]
    for command in commands:
        if shutil.which(command[0]):
            subprocess.run(command, check=False, timeout=TOOL_SECONDS, capture_output=True)
