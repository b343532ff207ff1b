"""Finder: the presets in some folders, looked for anew at every question."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from stylus_daw.chain.strict import nearest
from stylus_daw.errors import PresetError
from stylus_daw.presets.library.entry_cache import EntryCache
from stylus_daw.presets.library.folder import BrokenPreset, FoundPreset
from stylus_daw.presets.library.programs import program_in
from stylus_daw.presets.preset import Preset

logger = logging.getLogger(__name__)


class Finder:
    """Finds presets by id, name or number. Of two with the same id or number, the one in the first folder counts.

    A file that cannot be read is skipped, and logged once.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(folders)
        self._told: set[BrokenPreset] = set()
        self._cache = EntryCache()

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where it looks, in order."""
        return self._folders

    def entries(self) -> Iterator[FoundPreset | BrokenPreset]:
        """Every file in every folder."""
        for folder in self._folders:
            for entry in self._cache.entries(folder):
                if isinstance(entry, BrokenPreset) and entry not in self._told:
                    self._told.add(entry)
                    logger.warning("skipped a preset: %s", entry.reason)
                yield entry

    def by_id(self) -> dict[str, FoundPreset]:
        """Every preset under its id, sorted by group and name."""
        found: dict[str, FoundPreset] = {}
        for entry in self.entries():
            if isinstance(entry, FoundPreset):
                found.setdefault(entry.preset.id, entry)
        return dict(sorted(found.items(), key=lambda item: _menu_order(item[1].preset)))

    def get(self, asked: str) -> FoundPreset:
        """The preset of that id, name or number (``#12``); upper and lower case are the same.

        Raises:
            PresetError: ``preset.unknown``.
        """
        found = self.by_id()
        wanted = asked.strip().casefold()
        if wanted in found:
            return found[wanted]
        for entry in found.values():
            if entry.preset.name.casefold() == wanted:
                return entry
        if (program := program_in(asked)) is not None:
            return self.numbered(program)
        raise _unknown(asked, found.values())

    def numbered(self, program: int) -> FoundPreset:
        """The preset of that number.

        Raises:
            PresetError: ``preset.unknown``.
        """
        found = [entry for entry in self.by_id().values() if entry.preset.program == program]
        if not found:
            raise PresetError(
                "preset.unknown", f"No preset has the number {program}. `stylus-daw presets` lists the numbers."
            )
        return min(found, key=lambda entry: self._folders.index(entry.folder))


def _unknown(asked: str, found: Iterable[FoundPreset]) -> PresetError:
    names = [name for entry in found for name in (entry.preset.id, entry.preset.name)]
    guess = nearest(asked.strip().casefold(), names)
    hint = f' Did you mean "{guess}"?' if guess else ""
    return PresetError(
        "preset.unknown", f'No preset "{asked}".{hint} `stylus-daw presets` lists all {len(names) // 2} presets.'
    )


def _menu_order(preset: Preset) -> tuple[str, str, str]:
    return preset.group.casefold(), preset.name.casefold(), preset.id
