"""PresetLibrary: finds presets in the factory folder and in the user's, and keeps new ones.

A folder of presets holds ``<id>.json`` files and their style audio. The user's folder goes first: a
preset saved under the id of a factory preset replaces it until it is deleted. Folders are looked through
at every question, so that a file dropped in is there; nothing here imports torch or reads audio.

`stylus_daw.presets.library.editing` renames, tags and duplicates; `bundle_export` and `bundle_import` pass
presets on; `from_job` makes one of a finished job.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import resources
from itertools import count
from pathlib import Path

from stylus_daw.atomic import write_text_atomic
from stylus_daw.errors import PresetError, unwritable
from stylus_daw.presets.library.favourites import mark_favourite, read_favourites
from stylus_daw.presets.library.finding import Finder
from stylus_daw.presets.library.folder import (
    STYLES_FOLDER,
    BrokenPreset,
    found_inside,
    kept_styles,
    written_out,
)
from stylus_daw.presets.library.programs import numbered
from stylus_daw.presets.library.sidecars import cover_of, licence_of
from stylus_daw.presets.library.style_files import StyleAudio, style_path
from stylus_daw.presets.library.trash import Trash, TrashedPreset
from stylus_daw.presets.preset import Preset


def factory_folder() -> Path:
    """Where the presets that come with stylus-daw live."""
    return Path(str(resources.files("stylus_presets")))


class PresetLibrary:
    """All presets of some folders, the first folder first.

    Args:
        folders: where to read; without any, the factory presets alone.
        user_folder: where to save, read before all others; created when first needed. None = read only.
    """

    def __init__(self, folders: Sequence[Path] = (), *, user_folder: Path | None = None) -> None:
        self._user_folder = user_folder
        self._finder = Finder((*((user_folder,) if user_folder else ()), *(folders or (factory_folder(),))))

    def all(self) -> tuple[Preset, ...]:
        """Every preset, sorted by group and name."""
        return tuple(found.preset for found in self._finder.by_id().values())

    def list(self) -> tuple[tuple[str, str], ...]:
        """``(id, name)`` of every preset, in the order for menus."""
        return tuple((preset.id, preset.name) for preset in self.all())

    def broken(self) -> tuple[BrokenPreset, ...]:
        """The files that were skipped."""
        return tuple(entry for entry in self._finder.entries() if isinstance(entry, BrokenPreset))

    def get(self, asked: str) -> Preset:
        """The preset of that id, name or number (``#12``); upper and lower case are the same.

        Raises:
            PresetError: ``preset.unknown``.
        """
        return self._finder.get(asked).preset

    def is_own(self, preset_id: str) -> bool:
        """The preset lives in the user's folder: it can be deleted."""
        return self._finder.get(preset_id).folder == self._user_folder

    def folder_of(self, preset_id: str) -> Path:
        """The folder that a preset lives in."""
        return self._finder.get(preset_id).folder

    @property
    def user_folder(self) -> Path:
        """Where the user's presets are kept.

        Raises:
            PresetError: this library only reads.
        """
        if self._user_folder is None:
            raise PresetError("preset.read_only", "This library has no user folder to save in.")
        return self._user_folder

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where presets and their styles are looked for, the user's folder first."""
        return self._finder.folders

    def styles(self, preset: Preset) -> tuple[StyleAudio, ...]:
        """The style files of a preset, found and, where a hash is given, checked.

        Raises:
            PresetError: a file is missing, outside its folder, or not the one that was saved.
        """
        own = self._finder.by_id().get(preset.id)
        return self.styles_in(preset, own.folder if own else None)

    def styles_in(self, preset: Preset, folder: Path | None) -> tuple[StyleAudio, ...]:
        """As :meth:`styles`, for a preset whose folder is known: only its styles are read."""
        folders = ((folder,) if folder else ()) + self.folders
        return tuple(
            StyleAudio(
                path=style_path(preset, style, folders),
                weight=style.weight,
                title=style.title,
                tempo_bpm=style.tempo_bpm,
                part=style.excerpt,
            )
            for style in preset.styles
        )

    def style_named(self, name: str) -> Path | None:
        """The style file of that bare name in any folder, factory or own; None if there is none."""
        if Path(name).name != name:
            return None
        return next((path for folder in self.folders if (path := found_inside(folder / STYLES_FOLDER, name))), None)

    def cover(self, preset_id: str) -> Path | None:
        """The cover picture (PNG) of a preset, if it has one."""
        found = self._finder.get(preset_id)
        return cover_of(found.folder, found.preset.id)

    def licence(self, preset_id: str) -> Path | None:
        """The text file with the terms under which a preset and its audio may be shared."""
        found = self._finder.get(preset_id)
        return licence_of(found.folder, found.preset.id)

    def save(self, preset: Preset, style_files: Sequence[Path] = ()) -> Preset:
        """Keep a preset and its style audio in the user's folder; returns it back as it was saved.

        Args:
            preset: takes the place of a preset with the same id.
            style_files: one file for each of the preset's styles, in their order; without any, the
                styles are files that this library already holds.

        Raises:
            PresetError: no user folder, a missing style, or a folder that cannot be written.
        """
        folder = self.user_folder
        if style_files and len(style_files) != len(preset.styles):
            raise PresetError(
                "preset.styles", f"{len(style_files)} style files for {len(preset.styles)} styles; give one for each."
            )
        sources = list(style_files) or [style.path for style in self.styles(preset)]
        failure = f'The preset "{preset.name}" could not be saved in {folder}'
        with _written(failure), kept_styles(preset.styles, sources, folder) as styles:
            kept = numbered(preset.model_copy(update={"styles": styles}), self.all())
            write_text_atomic(folder / f"{preset.id}.json", written_out(kept))
        return kept

    def delete(self, preset_id: str) -> TrashedPreset:
        """Put a preset of the user's into the trash; returns what `restore` wants.

        Raises:
            PresetError: unknown, or not the user's.
        """
        found = self._finder.get(preset_id)
        if found.folder != self._user_folder:
            raise PresetError("preset.factory", f'"{found.preset.name}" came with stylus-daw and cannot be deleted.')
        with _written(f'"{found.preset.name}" could not be deleted'):
            return self._trash.put(found.preset)

    def trashed(self) -> tuple[TrashedPreset, ...]:
        """The deleted presets, newest first."""
        return self._trash.list() if self._user_folder else ()

    def restore(self, key_or_id: str) -> Preset:
        """Bring a deleted preset back; under a free id where another preset of the user's has taken its own.

        Args:
            key_or_id: of a deletion, or the id or name of a preset, whose last deletion is meant.

        Raises:
            PresetError: ``preset.not_deleted``, or the folder cannot be written.
        """
        trashed = self._find_trashed(key_or_id)
        preset = trashed.preset
        if (self.user_folder / f"{preset.id}.json").exists():
            preset = preset.model_copy(update={"id": self.free_id(preset.id), "program": None})
        preset = numbered(preset, self.all())
        with _written(f'"{preset.name}" could not be restored'):
            self._trash.sidecars_back(trashed, preset.id)
            write_text_atomic(self.user_folder / f"{preset.id}.json", preset.to_json())
            self._trash.drop(trashed.key)
        return preset

    def purge(self, *, older_than_days: float = 0.0) -> int:
        """Delete for good what is in the trash, and the style audio that no preset needs any more.

        Gives the number of presets that are gone.
        """
        before = time.time() - older_than_days * 86_400
        doomed = [trashed for trashed in self.trashed() if trashed.deleted_at <= before]
        with _written("The trash could not be emptied"):
            for trashed in doomed:
                self._trash.drop(trashed.key)
            for path in self._trash.unused_styles() if self._user_folder else ():
                path.unlink()
        return len(doomed)

    def favourites(self) -> tuple[Preset, ...]:
        """The user's favourites, in the order for menus."""
        marked = read_favourites(self._user_folder) if self._user_folder else frozenset()
        return tuple(preset for preset in self.all() if preset.id in marked)

    def favourite(self, preset_id: str, *, is_favourite: bool = True) -> Preset:
        """Mark a preset, factory or own, as a favourite, or take the mark away.

        Raises:
            PresetError: unknown, or the mark cannot be written.
        """
        preset = self.get(preset_id)
        mark_favourite(self.user_folder, preset.id, is_favourite=is_favourite)
        return preset

    def free_id(self, wanted: str) -> str:
        """The id, or the id with the first number that no preset has: ``choir-2``."""
        taken = set(self._finder.by_id())
        candidates = (wanted if number == 1 else f"{wanted[:58].strip('-')}-{number}" for number in count(1))
        return next(candidate for candidate in candidates if candidate not in taken)

    @property
    def _trash(self) -> Trash:
        return Trash(self.user_folder)

    def _find_trashed(self, asked: str) -> TrashedPreset:
        wanted = asked.strip().casefold()
        for trashed in self.trashed():
            if wanted in (trashed.key, trashed.preset.id, trashed.preset.name.casefold()):
                return trashed
        raise PresetError(
            "preset.not_deleted",
            f'No deleted preset "{asked}". `stylus-daw presets list --trash` lists what can be restored.',
        )


@contextmanager
def _written(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise PresetError("preset.write", f"{what}: {unwritable(error)}") from error
