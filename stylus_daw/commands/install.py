"""``stylus-daw install``: what others start stylus-daw with: scripts for DAWs, the plugin, the desktop's menu."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stylus_daw.commands.options import Json, StateDir
from stylus_daw.commands.reporting import say_json
from stylus_daw.errors import RequestError

if TYPE_CHECKING:
    from stylus_bridge.daws.host import Host, Place
    from stylus_bridge.daws.install import Change

WHAT = "reaper, ardour, live, bitwig; connect: the plugin; desktop: the menu's entry, and what opens presets."
Daw = Annotated[str, typer.Argument(metavar="DAW", help=WHAT)]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only show what would happen.")]
Uninstall = Annotated[bool, typer.Option("--uninstall", help="Remove what was installed, and nothing else.")]
From = Annotated[Path | None, typer.Option("--from", metavar="DIR", help="connect: the folder with the built plugins.")]
To = Annotated[Path | None, typer.Option(metavar="DIR", help="The folder for scripts, if it is elsewhere.")]


def command(
    daw: Daw,
    dry_run: DryRun = False,
    uninstall: Uninstall = False,
    to: To = None,
    state_dir: StateDir = None,
    built: From = None,
    as_json: Json = False,
) -> None:
    """Install the scripts for a DAW, or the plugin: may be repeated; never writes over a file of yours."""
    if daw.strip().casefold() == "desktop":
        _desktop(is_dry=dry_run, is_uninstall=uninstall, as_json=as_json)
        return
    from stylus_bridge.daws.install import install
    from stylus_bridge.daws.install import uninstall as take_out
    from stylus_bridge.daws.registry import host_named
    from stylus_daw.settings import state_folder

    home = state_folder(state_dir)
    if daw.strip().casefold() == "connect":
        targets = _plugins(built, to, is_uninstall=uninstall)
    else:
        host = host_named(daw)
        targets = tuple((host, place) for place in _places(host, to))
    for host, place in targets:
        changes = take_out(host, place, is_dry=dry_run) if uninstall else install(host, place, home, is_dry=dry_run)
        _report(host, place, changes, is_dry=dry_run, is_uninstall=uninstall, as_json=as_json)


def _desktop(*, is_dry: bool, is_uninstall: bool, as_json: bool) -> None:
    """Entry, icon and file type, so that the menu starts the window and a double-click opens a preset."""
    from stylus_daw.commands.window import has_qt
    from stylus_daw.desktop.registration import register, unregister

    changed = unregister(is_dry=is_dry) if is_uninstall else register(has_window=has_qt(), is_dry=is_dry)
    if as_json:
        say_json({"desktop": changed, "dry_run": is_dry, "uninstall": is_uninstall})
        return
    print("The desktop" + (" (nothing is written: --dry-run)" if is_dry else ""))
    for one in changed:
        print(f"  {'removed' if is_uninstall else 'written':10} {one}")
    if not changed:
        print("  None of our files were there.")


def _plugins(built: Path | None, to: Path | None, *, is_uninstall: bool) -> tuple[tuple[Host, Place], ...]:
    """Stylus Connect in each format, and where it goes; all into ``to`` if that is given."""
    from stylus_bridge.daws.connect.host import BUILT, connect_hosts, installed_places
    from stylus_bridge.daws.host import this_machine

    machine = this_machine()
    found = installed_places(machine) if is_uninstall else connect_hosts(built or BUILT, machine)
    return tuple((host, place if to is None else _places(host, to / place.scripts.name)[0]) for host, place in found)


def _places(host: Host, to: Path | None) -> tuple[Place, ...]:
    from stylus_bridge.daws.host import Place, this_machine
    from stylus_bridge.daws.install import places_of

    if to is None:
        return places_of(host, this_machine())
    folder = to.expanduser().resolve()
    if folder.exists() and not folder.is_dir():
        raise RequestError("install.folder", f"'{folder}' is not a folder. Name the folder for scripts.")
    return (Place(evidence=folder, scripts=folder),)


def _report(
    host: Host, place: Place, changes: tuple[Change, ...], *, is_dry: bool, is_uninstall: bool, as_json: bool
) -> None:
    if as_json:
        files = [{"path": change.path, "deed": change.deed.name.lower()} for change in changes]
        said = {"daw": host.name, "folder": place.scripts, "dry_run": is_dry, "uninstall": is_uninstall}
        say_json({**said, "files": files, "steps": [] if is_uninstall else list(host.steps)})
        return
    print(f"{host.title}: {place.scripts}" + (" (nothing is written: --dry-run)" if is_dry else ""))
    for change in changes:
        print(f"  {change.deed.value:10} {change.path.relative_to(place.scripts)}")
    if is_uninstall:
        print("  None of our files are left." if changes else "  None of our files were there.")
        return
    print("Then:")
    for number, step in enumerate(host.steps, 1):
        print(f"  {number}. {step}")
