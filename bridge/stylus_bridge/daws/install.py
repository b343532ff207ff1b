"""Puts a host's files into the DAW's folders, and takes them out again. Nothing of the user's is ever touched."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from stylus_bridge.daws.host import Host, Machine, Place
from stylus_bridge.daws.manifest import (
    Manifest,
    read_manifest,
    remove_manifest,
    sha256_of_bytes,
    write_manifest,
)
from stylus_daw import __version__
from stylus_daw.atomic import replacing
from stylus_daw.errors import BridgeError, RequestError


class Deed(Enum):
    """What happens to one file."""

    NEW = "new"
    REPLACED = "replaced"
    SAME = "unchanged"
    REMOVED = "removed"
    KEPT = "kept: you have changed it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One file and what happens to it."""

    path: Path
    deed: Deed


def places_of(host: Host, machine: Machine) -> tuple[Place, ...]:
    """Where the DAW has been run on this machine.

    Raises:
        RequestError: ``install.not_found``.
    """
    known = host.places(machine)
    found = tuple(place for place in known if place.evidence.is_dir())
    if not found:
        looked = " or ".join(f"'{place.evidence}'" for place in known) or "configuration folder of it"
        text = (
            f"{host.title} was not found: there is no {looked}. Start {host.title} once and try again, "
            "or name the folder for scripts with --to."
        )
        raise RequestError("install.not_found", text)
    return found


def install(host: Host, place: Place, state_folder: Path, *, is_dry: bool = False) -> tuple[Change, ...]:
    """Copy the host's files; may be repeated. ``is_dry`` only says what would happen.

    Raises:
        RequestError: ``install.foreign``: a file of the user's is in the way; nothing was written then.
        BridgeError: ``install.write``: the folder cannot be written.
    """
    contents = _contents(host, state_folder)
    before = read_manifest(place.scripts, host.name)
    ours = before.files if before else {}
    changes = tuple(_planned(place.scripts / name, content, ours.get(name)) for name, content in contents.items())
    leftovers = tuple(_leftovers(place.scripts, ours, set(contents)))
    if not is_dry:
        with _told(place.scripts):
            _write(contents, changes, place.scripts)
            _remove(leftovers)
            files = {name: sha256_of_bytes(content) for name, content in contents.items()}
            manifest = Manifest(version=__version__, state_folder=str(state_folder), files=files)
            write_manifest(place.scripts, host.name, manifest)
            if host.switch_on:
                host.switch_on(place)
    return (*changes, *leftovers)


def uninstall(host: Host, place: Place, *, is_dry: bool = False) -> tuple[Change, ...]:
    """Remove what :func:`install` wrote and nobody has changed since; folders of ours go if they are empty.

    Raises:
        BridgeError: ``install.write``: the folder cannot be written.
    """
    manifest = read_manifest(place.scripts, host.name)
    if manifest is None:
        return ()
    changes = tuple(_leftovers(place.scripts, manifest.files, set()))
    if not is_dry:
        with _told(place.scripts):
            if host.switch_off:
                host.switch_off(place)
            _remove(changes)
            remove_manifest(place.scripts, host.name)
            _remove_empty(place.scripts, manifest.files)
    return changes


def stamped(content: bytes, state_folder: Path) -> bytes:
    r"""A text with the state folder and the version in their places, escaped for a double-quoted string.

    >>> stamped(b'"@STYLUS_STATE_FOLDER@"', Path('/tmp/a"b'))
    b'"/tmp/a\\"b"'
    """
    for mark, text in ((b"@STYLUS_STATE_FOLDER@", str(state_folder)), (b"@STYLUS_VERSION@", __version__)):
        content = content.replace(mark, json.dumps(text, ensure_ascii=False)[1:-1].encode())
    return content


def _contents(host: Host, state_folder: Path) -> dict[str, bytes]:
    try:
        return {
            target: stamped((host.source / source).read_bytes(), state_folder) for source, target in host.files.items()
        }
    except OSError as error:
        raise BridgeError("install.source", f"{error}. Reinstall stylus-daw.") from error


def _planned(path: Path, content: bytes, written_sha256: str | None) -> Change:
    """What writing ``content`` to ``path`` means.

    Raises:
        RequestError: ``install.foreign``.
    """
    try:
        there = path.read_bytes()
    except FileNotFoundError:
        return Change(path=path, deed=Deed.NEW)
    except OSError as error:
        raise BridgeError("install.write", f"'{path}' cannot be read: {error}.") from error
    if there == content:
        return Change(path=path, deed=Deed.SAME)
    if sha256_of_bytes(there) == written_sha256:
        return Change(path=path, deed=Deed.REPLACED)
    text = f"'{path}' is not ours, or you have changed it; it stays as it is. Move it elsewhere and try again."
    raise RequestError("install.foreign", text)


def _write(contents: dict[str, bytes], changes: tuple[Change, ...], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for content, change in zip(contents.values(), changes, strict=True):
        if change.deed is not Deed.SAME:
            change.path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(change.path) as stream:
                stream.write(content)


def _leftovers(folder: Path, files: dict[str, str], wanted: set[str]) -> Iterator[Change]:
    """Files that we wrote once and that are not wanted any more."""
    for name, sha256 in files.items():
        path = folder / name
        if name not in wanted and path.is_file():
            is_ours = sha256_of_bytes(path.read_bytes()) == sha256
            yield Change(path=path, deed=Deed.REMOVED if is_ours else Deed.KEPT)


def _remove(changes: tuple[Change, ...]) -> None:
    for change in changes:
        if change.deed is Deed.REMOVED:
            change.path.unlink()


def _remove_empty(folder: Path, files: dict[str, str]) -> None:
    folders = {folder / parent for name in files for parent in Path(name).parents if str(parent) != "."}
    own = [folder] if folder.name.casefold().startswith("stylus") else []
    for path in [*sorted(folders, key=lambda p: -len(p.parts)), *own]:
        with contextlib.suppress(OSError):
            path.rmdir()


@contextlib.contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        text = f"'{folder}' cannot be written: {error}. Close the DAW, or name another folder with --to."
        raise BridgeError("install.write", text) from error
