"""PresetLibrary: finds presets in the factory folder and in the user's, and keeps new ones.

A folder of presets holds ``<id>.json`` files and their style audio. The user's folder goes first: a
preset saved under the id of a factory preset stands in its place until it is deleted. Folders are read
at every question, so that a file dropped in is there; nothing here imports torch or reads audio.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from stylus_daw.audio.atomic import write_text_atomic
from stylus_daw.chain.strict import nearest
from stylus_daw.errors import PresetError
from stylus_daw.presets.folder import BrokenPreset, FoundPreset, file_sha256, inside, keep_style, read_entry
from stylus_daw.presets.preset import Preset, PresetStyle

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleAudio:
    """A style reference on disk and its share of the blend."""

    path: Path
    weight: float
    title: str


def factory_folder() -> Path:
    """Where the presets that come with stylus-daw live."""
    return Path(str(resources.files("presets")))


class PresetLibrary:
    """All presets of some folders, the first folder first.

    Args:
        folders: where to read; without any, the factory presets alone.
        user_folder: where to save, read before all others; made when first needed. None = read only.
    """

    def __init__(self, folders: Sequence[Path] = (), *, user_folder: Path | None = None) -> None:
        self._user_folder = user_folder
        self._told: set[BrokenPreset] = set()
        self._folders = (*((user_folder,) if user_folder else ()), *(folders or (factory_folder(),)))

    def all(self) -> tuple[Preset, ...]:
        """Every preset, sorted by group and name."""
        return tuple(found.preset for found in self._found().values())

    def list(self) -> tuple[tuple[str, str], ...]:
        """``(id, name)`` of every preset, in the order for menus."""
        return tuple((preset.id, preset.name) for preset in self.all())

    def broken(self) -> tuple[BrokenPreset, ...]:
        """The files that were skipped."""
        return tuple(entry for entry in self._entries() if isinstance(entry, BrokenPreset))

    def get(self, id_or_name: str) -> Preset:
        """The preset of that id or name; upper and lower case are the same.

        Raises:
            PresetError: ``preset.unknown``.
        """
        return self._find(id_or_name).preset

    def is_own(self, preset_id: str) -> bool:
        """The preset lives in the user's folder: it can be deleted."""
        return self._find(preset_id).folder == self._user_folder

    def styles(self, preset: Preset) -> tuple[StyleAudio, ...]:
        """The style files of a preset, found and, where a hash is given, checked.

        Raises:
            PresetError: a file is missing, outside its folder, or not the one that was saved.
        """
        own = self._found().get(preset.id)
        folders = ((own.folder,) if own else ()) + self._folders
        return tuple(
            StyleAudio(path=_style_path(preset, style, folders), weight=style.weight, title=style.title)
            for style in preset.styles
        )

    def save(self, preset: Preset, style_files: Sequence[Path] = ()) -> Preset:
        """Keep a preset and its style audio in the user's folder; gives it back as it was saved.

        Args:
            preset: takes the place of a preset with the same id.
            style_files: one file for each of the preset's styles, in their order; without any, the
                styles are files that this library already holds.

        Raises:
            PresetError: no user folder, a missing style, or a folder that cannot be written.
        """
        folder = self._writable_folder()
        if style_files and len(style_files) != len(preset.styles):
            raise PresetError(
                "preset.styles", f"{len(style_files)} style files for {len(preset.styles)} styles; give one for each."
            )
        sources = list(style_files) or [style.path for style in self.styles(preset)]
        try:
            styles = [keep_style(style, path, folder) for style, path in zip(preset.styles, sources, strict=True)]
            kept = preset.model_copy(update={"styles": tuple(styles)})
            write_text_atomic(folder / f"{preset.id}.json", kept.to_json())
        except OSError as error:
            raise PresetError(
                "preset.write", f'The preset "{preset.name}" could not be saved in {folder}: {error}.'
            ) from error
        return kept

    def delete(self, preset_id: str) -> None:
        """Remove a preset of the user's; its style audio stays, other presets may share it.

        Raises:
            PresetError: unknown, or not the user's.
        """
        found = self._find(preset_id)
        if found.folder != self._user_folder:
            raise PresetError("preset.factory", f'"{found.preset.name}" came with stylus-daw and cannot be deleted.')
        try:
            (found.folder / f"{found.preset.id}.json").unlink()
        except OSError as error:
            raise PresetError("preset.write", f'"{found.preset.name}" could not be deleted: {error}.') from error

    def _found(self) -> dict[str, FoundPreset]:
        by_id: dict[str, FoundPreset] = {}
        for entry in self._entries():
            if isinstance(entry, FoundPreset):
                by_id.setdefault(entry.preset.id, entry)
        return dict(sorted(by_id.items(), key=lambda item: _menu_order(item[1].preset)))

    def _entries(self) -> Iterator[FoundPreset | BrokenPreset]:
        for folder in self._folders:
            for path in sorted(folder.glob("*.json")):
                entry = read_entry(path)
                if isinstance(entry, BrokenPreset) and entry not in self._told:
                    self._told.add(entry)
                    logger.warning("skipped a preset: %s", entry.reason)
                yield entry

    def _find(self, id_or_name: str) -> FoundPreset:
        found = self._found()
        wanted = id_or_name.strip().casefold()
        if wanted in found:
            return found[wanted]
        for entry in found.values():
            if entry.preset.name.casefold() == wanted:
                return entry
        names = [name for entry in found.values() for name in (entry.preset.id, entry.preset.name)]
        guess = nearest(wanted, names)
        hint = f' Did you mean "{guess}"?' if guess else ""
        raise PresetError(
            "preset.unknown", f'No preset "{id_or_name}".{hint} `stylus-daw presets` lists all {len(found)} presets.'
        )

    def _writable_folder(self) -> Path:
        if self._user_folder is None:
            raise PresetError("preset.read_only", "This library has no user folder to save in.")
        return self._user_folder


def _menu_order(preset: Preset) -> tuple[str, str, str]:
    return preset.group.casefold(), preset.name.casefold(), preset.id


def _style_path(preset: Preset, style: PresetStyle, folders: Sequence[Path]) -> Path:
    """The style's file, in the first folder that has it."""
    path = next((path for folder in folders if (path := inside(folder, style.audio)).is_file()), None)
    if path is None:
        raise PresetError(
            "preset.style_missing",
            f'The style file "{style.audio}" of the preset "{preset.name}" is missing. Put it back into '
            f"{folders[0]}, or save the preset again with another style.",
        )
    if style.sha256 and _hash(path) != style.sha256:
        raise PresetError(
            "preset.style_changed",
            f'The style file "{path}" is not the one that the preset "{preset.name}" was saved with. Save the '
            "preset again to use it.",
        )
    return path


def _hash(path: Path) -> str:
    try:
        return file_sha256(path)
    except OSError as error:
        raise PresetError("preset.style_unreadable", f'The style file "{path}" cannot be read: {error}.') from error
