"""PresetShelf: all presets with what a list shows of them, read again only where a file has changed. No Qt."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from stylus_daw.chain.plugins.hosting import Hosting
from stylus_daw.presets.library.favourites import FAVOURITES_FILE, read_favourites
from stylus_daw.presets.library.folder import STYLES_FOLDER, BrokenPreset, FoundPreset, read_entry
from stylus_daw.presets.library.library import PresetLibrary
from stylus_daw.presets.library.sidecars import COVER
from stylus_daw.presets.preset import MAX_PROGRAM, Preset
from stylus_ui.state.text import Text

Stamp = tuple[int, int]
"""Time of change in ns, and size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelvedPreset:
    """One preset of the list.

    Attributes:
        preset: as its file has it.
        folder: it lives in.
        is_own: the user's: it can be deleted.
        is_favourite: starred.
        style: the heaviest of its style files that is there: to be heard and drawn; None: all are missing.
        cover: its own picture, if it has one.
        problem: why it cannot be rendered as it is, a sentence; empty: it can.
    """

    preset: Preset
    folder: Path
    is_own: bool = False
    is_favourite: bool = False
    style: Path | None = None
    cover: Path | None = None
    problem: str = ""

    @property
    def id(self) -> str:
        return self.preset.id

    @property
    def waits_for_consent(self) -> bool:
        """It brought plugins that the user has not agreed to."""
        return self.preset.untrusted_plugins and bool(self.preset.plugins)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """All of them, the factory's before the user's, and the files that are not presets."""

    presets: tuple[ShelvedPreset, ...] = ()
    broken: tuple[BrokenPreset, ...] = ()

    def named(self, preset_id: str) -> ShelvedPreset | None:
        """The preset of that id, if there is one."""
        return next((one for one in self.presets if one.id == preset_id), None)


class PresetShelf:
    """Reads the library. Takes a moment: not for the window's thread.

    Args:
        library: whose folders are read.
        home: the state folder, where the table of plugins is.
        text: translates what is wrong with a preset.
    """

    def __init__(self, library: PresetLibrary, home: Path, text: Text) -> None:
        self._library, self._home, self._text = library, home, text
        self._kept: dict[Path, tuple[Stamp, FoundPreset | BrokenPreset]] = {}
        self._seen: object = None
        self._lock = threading.Lock()

    def read(self) -> Shelf:
        """Everything as it is now."""
        with self._lock:
            self._seen = self._stamps()
            return self._read()

    def read_if_changed(self) -> Shelf | None:
        """Everything, if somebody has changed a file since the last time; otherwise None."""
        with self._lock:
            stamps = self._stamps()
            if stamps == self._seen:
                return None
            self._seen = stamps
            return self._read()

    def _read(self) -> Shelf:
        entries = list(self._entries())
        user = self._library.user_folder
        favourites = read_favourites(user)
        hosting = Hosting.in_folder(self._home)
        found: dict[str, FoundPreset] = {}
        for entry in entries:
            if isinstance(entry, FoundPreset):
                found.setdefault(entry.preset.id, entry)
        shelved = [self._shelved(entry, user, favourites, hosting) for entry in found.values()]
        return Shelf(
            presets=tuple(_sorted(shelved)),
            broken=tuple(entry for entry in entries if isinstance(entry, BrokenPreset)),
        )

    def _entries(self) -> Iterator[FoundPreset | BrokenPreset]:
        fresh: dict[Path, tuple[Stamp, FoundPreset | BrokenPreset]] = {}
        for path, stamp in self._files():
            if path.suffix == ".json":
                known = self._kept.get(path)
                fresh[path] = known if known and known[0] == stamp else (stamp, read_entry(path))
        self._kept = fresh
        return (entry for _, entry in fresh.values())

    def _shelved(self, found: FoundPreset, user: Path, favourites: frozenset[str], hosting: Hosting) -> ShelvedPreset:
        preset, folder = found.preset, found.folder
        styles = {style.audio: self._style(folder, style.audio) for style in preset.styles}
        heaviest = sorted(preset.styles, key=lambda style: -style.weight)
        cover = folder / f"{preset.id}{COVER}"
        return ShelvedPreset(
            preset=preset,
            folder=folder,
            is_own=folder == user,
            is_favourite=preset.id in favourites,
            style=next((path for style in heaviest if (path := styles[style.audio])), None),
            cover=cover if cover.is_file() and not cover.is_symlink() else None,
            problem=self._problem(preset, styles, hosting),
        )

    def _problem(self, preset: Preset, styles: dict[str, Path | None], hosting: Hosting) -> str:
        gone = next((audio for audio, path in styles.items() if path is None), None)
        if gone is not None:
            return self._text("The style file {name} is missing.", name=Path(gone).name)
        missing = hosting.missing(preset.chain) if preset.plugins else ()
        if missing:
            plugin = missing[0].plugin
            return self._text("The plugin {name} is not on this computer.", name=plugin.name or Path(plugin.path).stem)
        return ""

    def _style(self, folder: Path, audio: str) -> Path | None:
        places = ((one / audio) for one in (folder, *self._library.folders))
        return next((path for path in places if path.is_file()), None)

    def _stamps(self) -> object:
        return tuple(self._files())

    def _files(self) -> Iterator[tuple[Path, Stamp]]:
        for folder in self._library.folders:
            yield from sorted(_stamped(folder))


def _stamped(folder: Path) -> Iterator[tuple[Path, Stamp]]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.endswith((".json", COVER)) or entry.name in (FAVOURITES_FILE, STYLES_FOLDER):
                    about = entry.stat()
                    yield Path(entry.path), (about.st_mtime_ns, about.st_size)
    except OSError:
        return  # a folder that is not there yet, or a file that has just gone: the next look sees it


def _sorted(shelved: Sequence[ShelvedPreset]) -> list[ShelvedPreset]:
    """The factory's by number, groups together; then the user's by name."""
    factory = [one for one in shelved if not one.is_own]
    groups: dict[str, int] = {}
    for one in sorted(factory, key=_number):
        groups.setdefault(one.preset.group, len(groups))
    own = sorted((one for one in shelved if one.is_own), key=lambda one: (one.preset.name.casefold(), one.id))
    return [*sorted(factory, key=lambda one: (groups[one.preset.group], _number(one))), *own]


def _number(shelved: ShelvedPreset) -> tuple[int, str]:
    program = shelved.preset.program
    return (MAX_PROGRAM + 1 if program is None else program), shelved.preset.name.casefold()
