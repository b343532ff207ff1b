"""Dropped: what a bunch of dropped files is. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from stylus_daw.audio.formats.kinds import looks_like_audio
from stylus_daw.presets.bundles.bundle import SUFFIX as BUNDLE
from stylus_daw.regular_file import is_regular_file

PRESET = ".json"
MOST = 200
"""Files that one drop may bring: more is a slip of the hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """Files by what is done with them.

    Attributes:
        audio: to restyle or to take as a style, folders opened, each sorted by name.
        bundles, presets: to import.
        others: what nothing can be done with.
        too_many: there was more audio than one drop may bring.
    """

    audio: tuple[Path, ...] = ()
    bundles: tuple[Path, ...] = ()
    presets: tuple[Path, ...] = ()
    others: tuple[Path, ...] = ()
    too_many: bool = False

    @classmethod
    def of(cls, paths: Iterable[Path]) -> Dropped:
        """Look at what was dropped. Reads folders: call it away from the window's thread."""
        files = list(dict.fromkeys(_opened(paths)))
        audio = [path for path in files if looks_like_audio(path)]
        bundles = [path for path in files if path.suffix.lower() == BUNDLE]
        presets = [path for path in files if path.suffix.lower() == PRESET]
        known = {*audio, *bundles, *presets}
        return cls(
            audio=tuple(audio[:MOST]),
            bundles=tuple(bundles),
            presets=tuple(presets),
            others=tuple(path for path in files if path not in known),
            too_many=len(audio) > MOST,
        )


def may_help(paths: Iterable[Path]) -> bool:
    """Something among them could be taken; quick enough for a drag that passes over the window."""
    return any(_is_wanted(path) or path.suffix.lower() in (PRESET, "") for path in paths)


def has_presets(paths: Iterable[Path]) -> bool:
    """There are presets or bundles among them, by their names; as quick as `may_help`."""
    return any(path.suffix.lower() in (BUNDLE, PRESET) for path in paths)


def _opened(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            inside = (found for found in sorted(path.rglob("*")) if _is_wanted(found))
            yield from (found for found in inside if not found.name.startswith(".") and is_regular_file(found))
        else:
            yield path


def _is_wanted(path: Path) -> bool:
    return looks_like_audio(path) or path.suffix.lower() == BUNDLE
