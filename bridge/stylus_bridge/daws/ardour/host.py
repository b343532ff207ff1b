"""Where Ardour keeps its scripts, and what is clicked there."""

from __future__ import annotations

import re
from pathlib import Path

from stylus_bridge.daws.ardour.ui_scripts import is_on, switch_off, switch_on
from stylus_bridge.daws.host import Host, Machine, Place, below

SCRIPTS = Path(__file__).parent / "scripts"
OLDEST_VERSION = 6

_STEPS = (
    "Start Ardour. If Edit > Lua Scripts lists the actions that begin with 'Stylus:', you are done.",
    "Otherwise: Edit > Lua Scripts > Script Manager > Action Scripts: choose a free slot, Add/Set, "
    "'Stylus: render selection'; likewise the other three.",
    "And: Script Manager > Action Hooks > New Hook > 'Stylus: bring stems back'.",
    "For a key: Window > Keyboard Shortcuts, search for 'Stylus'.",
)


def ardour_places(machine: Machine) -> tuple[Place, ...]:
    """The configuration folders of every Ardour from version 6 on, newest first."""
    found = [place for place in _config_folders(machine) if place.is_dir() and _version(place) >= OLDEST_VERSION]
    return tuple(
        Place(evidence=folder, scripts=folder / "scripts") for folder in sorted(found, key=_version, reverse=True)
    )


def _is_config(place: Place) -> bool:
    """Whether Ardour's list of scripts is next to the scripts, as it is unless the user chose another folder."""
    return place.scripts.name == "scripts" and _version(place.scripts.parent) >= OLDEST_VERSION


def _config_folders(machine: Machine) -> list[Path]:
    if machine.system == "Darwin":
        return list((machine.home / "Library" / "Preferences").glob("Ardour*"))
    if machine.system == "Windows":
        return list(machine.folder("LOCALAPPDATA", "AppData/Local").glob("ardour*"))
    return list(machine.folder("XDG_CONFIG_HOME", ".config").glob("ardour*"))


def _version(folder: Path) -> int:
    match = re.fullmatch(r"ardour(\d+)", folder.name, re.IGNORECASE)
    return int(match[1]) if match else 0


HOST = Host(
    name="ardour",
    title="Ardour",
    places=ardour_places,
    source=SCRIPTS,
    files=below(SCRIPTS, "*.lua", "stylus/*.lua"),
    steps=_STEPS,
    switch_on=lambda place: _is_config(place) and switch_on(place.scripts.parent, place.scripts),
    switch_off=lambda place: _is_config(place) and switch_off(place.scripts.parent),
    is_on=lambda place: not _is_config(place) or is_on(place.scripts.parent),
)
