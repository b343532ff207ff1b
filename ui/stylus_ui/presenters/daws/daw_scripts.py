"""What is installed in which DAW, and when it was last heard of. No Qt; reads files: not for the window's thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from stylus_bridge.daws.host import Host, Machine, Place
from stylus_bridge.daws.install import install, places_of
from stylus_bridge.daws.manifest import read_manifest
from stylus_bridge.daws.registry import host_named, known_hosts
from stylus_bridge.hosts.visitors import Visit, read_visits
from stylus_daw import __version__
from stylus_ui.presenters.daws.daw_names import daw_name


class ScriptState(StrEnum):
    """How our scripts stand in a DAW."""

    NO_DAW = "no daw"
    NOT_INSTALLED = "not installed"
    OUTDATED = "outdated"
    ELSEWHERE = "elsewhere"
    OFF = "off"
    INSTALLED = "installed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DawLine:
    """One DAW.

    Attributes:
        name: as it introduces itself. title: for people.
        scripts: how our scripts stand; without any for it: NO_DAW.
        version: of the scripts that are there.
        heard_at: seconds since 1970; 0: never.
        has_installer: there are scripts for it.
    """

    name: str
    title: str
    scripts: ScriptState = ScriptState.NO_DAW
    version: str = ""
    heard_at: float = 0.0
    has_installer: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """What an installation did: the folder, how many files are new, and what is to be clicked now."""

    folder: Path
    written: int
    steps: tuple[str, ...]


def daw_lines(home: Path, machine: Machine) -> tuple[DawLine, ...]:
    """Every DAW that we know or that has been heard of; first those that are on this machine."""
    visits = read_visits(home)
    known = [_line(host, home, machine, visits) for host in known_hosts()]
    names = {line.name for line in known}
    others = [
        DawLine(name=name, title=daw_name(name), heard_at=visit.at, has_installer=False)
        for name, visit in visits.items()
        if name not in names
    ]
    return tuple(sorted([*known, *others], key=lambda line: line.scripts is ScriptState.NO_DAW and not line.heard_at))


def install_scripts(name: str, home: Path, machine: Machine, folder: Path | None = None) -> Installed:
    """Put our scripts into a DAW, wherever it was run on this machine; or into a folder.

    Raises:
        RequestError: it was not found, or a file of the user's is in the way.
        BridgeError: the folder cannot be written.
    """
    host = host_named(name)
    places = (Place(evidence=folder, scripts=folder),) if folder else places_of(host, machine)
    changes = [change for place in places for change in install(host, place, home)]
    written = sum(change.deed.name in ("NEW", "REPLACED") for change in changes)
    return Installed(folder=places[0].scripts, written=written, steps=host.steps)


def _line(host: Host, home: Path, machine: Machine, visits: Mapping[str, Visit]) -> DawLine:
    visit = visits.get(host.name)
    found = [place for place in host.places(machine) if place.evidence.is_dir()]
    states = [_scripts(host, place, home) for place in found]
    state, version = max(states, key=lambda one: list(ScriptState).index(one[0]), default=(ScriptState.NO_DAW, ""))
    return DawLine(
        name=host.name, title=host.title, scripts=state, version=version, heard_at=visit.at if visit else 0.0
    )


def _scripts(host: Host, place: Place, home: Path) -> tuple[ScriptState, str]:
    manifest = read_manifest(place.scripts, host.name)
    if manifest is None:
        return ScriptState.NOT_INSTALLED, ""
    is_whole = all((place.scripts / name).is_file() for name in manifest.files)
    if manifest.version != __version__ or not is_whole:
        return ScriptState.OUTDATED, manifest.version
    if manifest.state_folder != str(home):
        return ScriptState.ELSEWHERE, manifest.version
    if host.is_on and not host.is_on(place):
        return ScriptState.OFF, manifest.version
    return ScriptState.INSTALLED, manifest.version
