"""What ``stylus-daw doctor`` says about DAWs: which scripts are installed, and when a DAW was last heard of."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from stylus_daw import __version__
from stylus_daw.commands.doctor.finding import Finding, State
from stylus_daw.settings import Settings

if TYPE_CHECKING:
    from stylus_bridge.daws.host import Host, Machine, Place


def daws(settings: Settings) -> Iterator[Finding]:
    """One finding per DAW and place; a DAW that was never run here has one, too."""
    from stylus_bridge.daws.host import this_machine
    from stylus_bridge.daws.registry import known_hosts

    machine = this_machine()
    yield from _plugin(machine, settings)
    for host in known_hosts():
        found = [place for place in host.places(machine) if place.evidence.is_dir()]
        if not found:
            yield Finding(name=host.title, text="not on this machine" + _last_heard(host, settings))
        for place in found:
            yield _of(host, place, settings)


def _plugin(machine: Machine, settings: Settings) -> Iterator[Finding]:
    """Stylus Connect, in each format that is installed; it is nothing that has to be there."""
    from stylus_bridge.daws.connect.host import TITLE, how_to_get, installed_places
    from stylus_bridge.daws.manifest import read_manifest

    there = [(host, place) for host, place in installed_places(machine) if read_manifest(place.scripts, host.name)]
    if not there:
        yield Finding(name=TITLE, text=f"the plugin is not installed: {how_to_get()}")
    for host, place in there:
        yield _of(host, place, settings)


def token_file(settings: Settings) -> Iterator[Finding]:
    """Nobody but the user may read the token."""
    from stylus_bridge.client.endpoint import ENDPOINT_FILE

    path = settings.home / ENDPOINT_FILE
    if os.name == "posix" and path.exists() and path.stat().st_mode & 0o077:
        text = f"{path} can be read by other users"
        yield Finding(name="token file", state=State.NOTE, text=text, remedy=f"chmod 600 '{path}'")


def _of(host: Host, place: Place, settings: Settings) -> Finding:
    from stylus_bridge.daws.manifest import read_manifest

    remedy = f"stylus-daw install {host.name}"
    manifest = read_manifest(place.scripts, host.name)
    if manifest is None:
        text = f"found in {place.evidence}; the Stylus scripts are not installed" + _last_heard(host, settings)
        return Finding(name=host.title, state=State.NOTE, text=text, remedy=remedy)
    text = f"scripts {manifest.version} in {place.scripts}" + _last_heard(host, settings)
    if manifest.version != __version__:
        text += f"; this is stylus-daw {__version__}"
        return Finding(name=host.title, state=State.NOTE, text=text, remedy=remedy)
    if manifest.state_folder != str(settings.home):
        text += f"; they use {manifest.state_folder}, not {settings.home}"
        return Finding(name=host.title, state=State.NOTE, text=text, remedy=remedy)
    missing = [name for name in manifest.files if not (place.scripts / name).is_file()]
    if missing:
        return Finding(name=host.title, state=State.NOTE, text=f"{text}; {missing[0]} is missing", remedy=remedy)
    if host.is_on and not host.is_on(place):
        return Finding(name=host.title, state=State.NOTE, text=f"{text}; {host.title} does not use them", remedy=remedy)
    return Finding(name=host.title, text=text)


def _last_heard(host: Host, settings: Settings) -> str:
    from stylus_bridge.hosts.visitors import read_visits

    visits = read_visits(settings.home).items()
    heard = [visit.at for client, visit in visits if client.partition(": ")[0] == host.name]
    if not heard:
        return "; never made contact"
    return f"; last contact {datetime.fromtimestamp(max(heard)):%Y-%m-%d %H:%M}"
