"""PresetLibrary: finds presets in the factory folder and in the user's, and keeps new ones.

A folder of presets holds ``<id>.json`` files and their style audio. The user's folder goes first: a
preset saved under the id of a factory preset replaces it until it is deleted. Folders are looked through
at every question, so that a file dropped in is there; nothing here imports torch or reads audio.

`stylus_daw.presets.library.editing` renames, tags and duplicates; `bundle_export` and `bundle_import` pass
presets on; `from_job` makes one of a finished job.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import resources
from itertools import count
from pathlib import Path

from stylus_daw.atomic import write_text_atomic
from stylus_daw.chain.strict import nearest
from stylus_daw.errors import PresetError
from stylus_daw.presets.library.entry_cache import EntryCache
from stylus_daw.presets.library.favourites import mark_favourite, read_favourites
from stylus_daw.presets.library.folder import (
    STYLES_FOLDER,
    BrokenPreset,
    FoundPreset,
    found_inside,
    kept_styles,
    written_out,
)
from stylus_daw.presets.library.programs import numbered, program_in
from stylus_daw.presets.library.sidecars import cover_of, licence_of
from stylus_daw.presets.library.style_files import StyleAudio, style_path
from stylus_daw.presets.library.trash import Trash, TrashedPreset
from stylus_daw.presets.preset import Preset

logger = logging.getLogger(__name__)


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
        self._told: set[BrokenPreset] = set()
        self._cache = EntryCache()
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

    def get(self, asked: str) -> Preset:
        """The preset of that id, name or number (``#12``); upper and lower case are the same.

        Raises:
            PresetError: ``preset.unknown``.
        """
        return self._find(asked).preset

    def by_index(self, program: int) -> Preset:
        """The preset of that number, as a MIDI program change gives it; own presets go before factory ones.

        Raises:
            PresetError: ``preset.unknown``.
        """
        return self._numbered(program).preset

    def is_own(self, preset_id: str) -> bool:
        """The preset lives in the user's folder: it can be deleted."""
        return self._find(preset_id).folder == self._user_folder

    def folder_of(self, preset_id: str) -> Path:
        """The folder that a preset lives in."""
        return self._find(preset_id).folder

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
        return self._folders

    def styles(self, preset: Preset) -> tuple[StyleAudio, ...]:
        """The style files of a preset, found and, where a hash is given, checked.

        Raises:
            PresetError: a file is missing, outside its folder, or not the one that was saved.
        """
        own = self._found().get(preset.id)
        return self.styles_in(preset, own.folder if own else None)

    def styles_in(self, preset: Preset, folder: Path | None) -> tuple[StyleAudio, ...]:
        """As :meth:`styles`, for a preset whose folder is known: only its styles are read."""
        folders = ((folder,) if folder else ()) + self._folders
        return tuple(
            StyleAudio(
                path=style_path(preset, style, folders),
                weight=style.weight,
                title=style.title,
                tempo_bpm=style.tempo_bpm,
            )
            for style in preset.styles
        )

    def style_named(self, name: str) -> Path | None:
        """The style file of that bare name in any folder, factory or own; None if there is none."""
        if Path(name).name != name:
            return None
        return next((path for folder in self._folders if (path := found_inside(folder / STYLES_FOLDER, name))), None)

    def cover(self, preset_id: str) -> Path | None:
        """The cover picture (PNG) of a preset, if it has one."""
        found = self._find(preset_id)
        return cover_of(found.folder, found.preset.id)

    def licence(self, preset_id: str) -> Path | None:
        """The text file with the terms under which a preset and its audio may be shared."""
        found = self._find(preset_id)
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
        found = self._find(preset_id)
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
        taken = set(self._found())
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

    def _found(self) -> dict[str, FoundPreset]:
        by_id: dict[str, FoundPreset] = {}
        for entry in self._entries():
            if isinstance(entry, FoundPreset):
                by_id.setdefault(entry.preset.id, entry)
        return dict(sorted(by_id.items(), key=lambda item: _menu_order(item[1].preset)))

    def _entries(self) -> Iterator[FoundPreset | BrokenPreset]:
        for folder in self._folders:
            for entry in self._cache.entries(folder):
                if isinstance(entry, BrokenPreset) and entry not in self._told:
                    self._told.add(entry)
                    logger.warning("skipped a preset: %s", entry.reason)
                yield entry

    def _find(self, asked: str) -> FoundPreset:
        found = self._found()
        wanted = asked.strip().casefold()
        if wanted in found:
            return found[wanted]
        for entry in found.values():
            if entry.preset.name.casefold() == wanted:
                return entry
        if (program := program_in(asked)) is not None:
            return self._numbered(program)
        names = [name for entry in found.values() for name in (entry.preset.id, entry.preset.name)]
        guess = nearest(wanted, names)
        hint = f' Did you mean "{guess}"?' if guess else ""
        raise PresetError(
            "preset.unknown", f'No preset "{asked}".{hint} `stylus-daw presets` lists all {len(found)} presets.'
        )

    def _numbered(self, program: int) -> FoundPreset:
        found = [entry for entry in self._found().values() if entry.preset.program == program]
        if not found:
            raise PresetError(
                "preset.unknown", f"No preset has the number {program}. `stylus-daw presets` lists the numbers."
            )
        return min(found, key=lambda entry: entry.folder != self._user_folder)


@contextmanager
def _written(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise PresetError("preset.write", f"{what}: {error}.") from error


def _menu_order(preset: Preset) -> tuple[str, str, str]:
    return preset.group.casefold(), preset.name.casefold(), preset.id
