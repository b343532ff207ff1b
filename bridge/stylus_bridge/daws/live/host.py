"""Where Live looks for the user's Remote Scripts."""

from __future__ import annotations

from pathlib import Path

from stylus_bridge.daws.host import Host, Machine, Place, below

FOLDER = Path(__file__).parent


def places(machine: Machine) -> tuple[Place, ...]:
    """The User Library, which is the same for all versions of Live since 10.1.13. There is no Live for Linux."""
    if machine.system == "Darwin":
        library = machine.home / "Music" / "Ableton" / "User Library"
    else:
        library = machine.folder("USERPROFILE", ".") / "Documents" / "Ableton" / "User Library"
    return (Place(evidence=library, scripts=library / "Remote Scripts"),)


HOST = Host(
    name="live",
    title="Ableton Live",
    places=places,
    source=FOLDER,
    files=below(FOLDER, "Stylus/*.py"),
    steps=(
        "Restart Live, then open Settings > Link, Tempo & MIDI.",
        "Choose 'Stylus' in an empty row under Control Surface; Input and Output stay 'None'.",
        "Select an audio clip in the Arrangement and add '>' to its name, or '>warm-strings' for a particular preset.",
    ),
)
