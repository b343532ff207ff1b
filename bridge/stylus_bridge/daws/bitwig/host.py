"""Where Bitwig Studio keeps controller scripts, and how the app learns of the one there."""

from __future__ import annotations

from pathlib import Path

from stylus_bridge.daws.host import Host, Machine, Place, below
from stylus_bridge.daws.manifest import read_manifest
from stylus_bridge.hosts.listeners import add_listener, remove_listener

FOLDER = Path(__file__).parent
PORT = 47_160
"""Where the script listens; Bitwig wants to know it before the script could read anything."""


def places(machine: Machine) -> tuple[Place, ...]:
    """The folder for the user's files; the same for all versions."""
    if machine.system == "Linux":
        user = machine.home / "Bitwig Studio"
    else:
        user = machine.folder("USERPROFILE", ".") / "Documents" / "Bitwig Studio"
    return (Place(evidence=user, scripts=user / "Controller Scripts" / "Stylus"),)


def _switch_on(place: Place) -> None:
    add_listener(_state_folder(place), PORT)


def _switch_off(place: Place) -> None:
    remove_listener(_state_folder(place), PORT)


def _state_folder(place: Place) -> Path:
    manifest = read_manifest(place.scripts, "bitwig")
    if manifest is None:
        raise FileNotFoundError(f"there is no list of what was installed in '{place.scripts}'")
    return Path(manifest.state_folder)


HOST = Host(
    name="bitwig",
    title="Bitwig Studio",
    places=places,
    source=FOLDER,
    files=below(FOLDER, "*.control.js"),
    steps=(
        "In Bitwig, open Dashboard > Settings > Controllers > Add controller > Stylus > stylus-daw.",
        "Restart stylus-daw if it is running.",
        "The button 'Insert newest stem' is in the Studio I/O panel.",
    ),
    switch_on=_switch_on,
    switch_off=_switch_off,
)
