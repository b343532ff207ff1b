"""Edits presets of a library: names, tags, copies, consent.

A factory preset is never changed: the change goes into a copy of the user's that replaces it,
and deleting that copy brings the factory preset back.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Any

from stylus_daw.errors import PresetError
from stylus_daw.presets.library.library import PresetLibrary
from stylus_daw.presets.library.sidecars import copy_sidecars
from stylus_daw.presets.preset import Preset, slug

MAX_TAG = 40  # characters: what fits into a row of the list


def duplicate(library: PresetLibrary, asked: str, name: str | None = None) -> Preset:
    """A copy of the user's own, with an id and a number of its own.

    Args:
        library: where.
        asked: id, name or number.
        name: of the copy; left out, the name with a number: ``Choir Pad 2``.

    Raises:
        PresetError: unknown, a name that another preset has, or a folder that cannot be written.
    """
    original = library.get(asked)
    chosen = _checked_name(library, name) if name is not None else free_name(library, original.name)
    copy = _changed(original, name=chosen, id=library.free_id(slug(chosen)), program=None)
    kept = library.save(copy, [style.path for style in library.styles(original)])
    _with_sidecars(library, original, kept)
    return kept


def rename(library: PresetLibrary, asked: str, name: str) -> Preset:
    """Another name; id and number stay, so that sessions and controllers find it as before.

    Raises:
        PresetError: unknown, or a name that another preset has.
    """
    preset = library.get(asked)
    return _saved(library, preset, name=_checked_name(library, name, but=preset.id))


def tag(library: PresetLibrary, asked: str, *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> Preset:
    """Add tags and take tags away; upper and lower case are the same.

    Raises:
        PresetError: unknown, too many tags, or a tag that is empty or too long.
    """
    preset = library.get(asked)
    gone = {one.strip().casefold() for one in remove}
    tags = {one.casefold(): one for one in preset.tags if one.casefold() not in gone}
    for one in add:
        tags.setdefault(_checked_tag(one).casefold(), one.strip())
    return _saved(library, preset, tags=tuple(tags.values()))


def consent(library: PresetLibrary, asked: str) -> Preset:
    """The user trusts the plugins of an imported preset: from here on it renders.

    Raises:
        PresetError: unknown, or a folder that cannot be written.
    """
    preset = library.get(asked)
    return _saved(library, preset, untrusted_plugins=False) if preset.untrusted_plugins else preset


def free_name(library: PresetLibrary, wanted: str) -> str:
    """The name, or the name with the first number that no preset has."""
    taken = {name.casefold() for _, name in library.list()}
    candidates = (wanted if number == 1 else f"{wanted[:74]} {number}" for number in count(1))
    return next(candidate for candidate in candidates if candidate.casefold() not in taken)


def _saved(library: PresetLibrary, preset: Preset, **changes: Any) -> Preset:
    was_own = library.is_own(preset.id)
    folder = library.folder_of(preset.id)
    kept = library.save(_changed(preset, **changes))
    if not was_own:
        copy_sidecars(folder, preset.id, library.user_folder, kept.id)
    return kept


def _with_sidecars(library: PresetLibrary, original: Preset, copy: Preset) -> None:
    try:
        copy_sidecars(library.folder_of(original.id), original.id, library.user_folder, copy.id)
    except OSError as error:
        raise PresetError("preset.write", f'The picture of "{copy.name}" could not be copied: {error}.') from error


def _changed(preset: Preset, **changes: Any) -> Preset:
    """Validated again, unlike ``model_copy``."""
    return Preset.model_validate(preset.model_dump(mode="json") | changes)


def _checked_name(library: PresetLibrary, name: str, *, but: str = "") -> str:
    wanted = name.strip()
    other = next((one for one in library.all() if one.name.casefold() == wanted.casefold() and one.id != but), None)
    if other:
        raise PresetError(
            "preset.name", f'Another preset ({other.id}) has the name "{other.name}". Choose another name.'
        )
    return wanted


def _checked_tag(written: str) -> str:
    tag = written.strip()
    if not 0 < len(tag) <= MAX_TAG or not tag.isprintable():
        raise PresetError("preset.tag", f"{written!r:.60} is not a valid tag; allowed: 1 to {MAX_TAG} characters.")
    return tag
