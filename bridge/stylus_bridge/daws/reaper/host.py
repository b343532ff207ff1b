"""Where REAPER keeps its scripts."""

from __future__ import annotations

from pathlib import Path

from stylus_bridge.daws.host import Host, Machine, Place, below

FOLDER = Path(__file__).parent


def places(machine: Machine) -> tuple[Place, ...]:
    """REAPER's resource folder (in REAPER: Options > Show REAPER resource path)."""
    match machine.system:
        case "Darwin":
            resource = machine.home / "Library" / "Application Support" / "REAPER"
        case "Windows":
            resource = machine.folder("APPDATA", "AppData/Roaming") / "REAPER"
        case _:
            resource = machine.folder("XDG_CONFIG_HOME", ".config") / "REAPER"
    return (Place(evidence=resource, scripts=resource / "Scripts" / "Stylus"),)


HOST = Host(
    name="reaper",
    title="REAPER",
    places=places,
    source=FOLDER,
    files=below(FOLDER, "*.lua", "stylus/*.lua"),
    steps=(
        "In REAPER, open Actions > Show action list > New action > Load ReaScript.",
        "Choose 'Stylus - choose preset and render.lua' in the folder above. Its first run adds the other two actions.",
        "Give 'Stylus - render selection (last preset)' a key: select it in the action list, then Add.",
    ),
)
