"""Where plugins go on each system, and what of Stylus Connect goes there."""

from __future__ import annotations

from pathlib import Path

from stylus_bridge.daws.host import Host, Machine, Place, below
from stylus_daw.errors import RequestError

NAME = "connect"
TITLE = "Stylus Connect"
FORMATS = ("VST3", "CLAP", "LV2")
SOURCE = Path(__file__).parents[4]
"""The folder with the source, where this runs from one."""
_SHIPPED = Path(__file__).parent / "built"
BUILT = _SHIPPED if _SHIPPED.is_dir() else SOURCE / "out" / "plugin"
"""What came with a standalone bundle; else where `make plugin` builds, in a folder with the source."""

_STEPS = (
    "Start stylus-daw (`stylus-daw serve`, or its window).",
    "Have the DAW scan for new plugins, and put 'Stylus Connect' onto a track as its first effect.",
    "docs/daws/connect.md goes on from there.",
)


def how_to_get(source: Path = SOURCE, built: Path = BUILT) -> str:
    """The commands that install the plugin, for the way in which stylus-daw itself was installed.

    Args:
        source: the folder with the source; a wheel and a standalone bundle have none.
        built: where a plugin lies that was built or shipped.

    >>> how_to_get(Path("/nowhere"), Path("/nowhere"))
    'make plugin in a folder with the source of stylus-daw, then stylus-daw install connect --from FOLDER/out/plugin'
    """
    install = f"stylus-daw install {NAME}"
    if built.is_dir():
        return install
    if (source / "bridge" / "plugin").is_dir():
        return f"make plugin, then {install}"
    return f"make plugin in a folder with the source of stylus-daw, then {install} --from FOLDER/out/plugin"


def connect_hosts(built: Path, machine: Machine) -> tuple[tuple[Host, Place], ...]:
    """One host for each format that was built, and the user's folder for it.

    Raises:
        RequestError: ``install.not_built``.
    """
    found = [(_host(built, suffix), _folder(suffix, machine)) for suffix in FORMATS]
    known = tuple((host, Place(evidence=folder, scripts=folder)) for host, folder in found if host.files)
    if not known:
        text = (
            f"There is no Stylus Connect in '{built}'. Build it with `make plugin` in the folder with the source, "
            "or name the folder that has it with --from."
        )
        raise RequestError("install.not_built", text)
    return known


def installed_places(machine: Machine) -> tuple[tuple[Host, Place], ...]:
    """The same for what is to be looked at or taken out, whether it was built here or not."""
    folders = [(suffix, _folder(suffix, machine)) for suffix in FORMATS]
    return tuple((_host(BUILT, suffix), Place(evidence=folder, scripts=folder)) for suffix, folder in folders)


def _host(built: Path, suffix: str) -> Host:
    end = suffix.lower()
    note = ("StylusConnect.state-folder",) if suffix == "CLAP" else ()  # the bundles hold theirs
    patterns = (f"StylusConnect*.{end}", f"StylusConnect*.{end}/**/*", *note)
    is_built = any(built.glob(patterns[0]))
    return Host(
        name=NAME,
        title=f"{TITLE} ({suffix})",
        places=lambda machine: (),
        source=built,
        files=below(built, *patterns) if is_built else {},
        steps=_STEPS,
    )


def _folder(suffix: str, machine: Machine) -> Path:
    if machine.system == "Darwin":
        return machine.home / "Library" / "Audio" / "Plug-Ins" / suffix
    if machine.system == "Windows":
        if suffix == "LV2":
            return machine.folder("APPDATA", "AppData/Roaming") / "LV2"
        return machine.folder("LOCALAPPDATA", "AppData/Local") / "Programs" / "Common" / suffix
    return machine.home / f".{suffix.lower()}"
