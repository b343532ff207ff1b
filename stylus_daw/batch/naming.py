"""What the stems of a batch are called: a template, filled for each file."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from string import Formatter

from stylus_daw.errors import RequestError, quoted
from stylus_daw.exchange.file_names import cut_to, file_name

DEFAULT_TEMPLATE = "{folder}/{name} - {sound}"
FIELDS = {
    "name": "the source's name without its suffix",
    "folder": "the folders between the source and the folder that was named",
    "sound": "the preset's name, or the styles' names",
    "index": "the file's number in the batch, from 1; {index:04d} is 0001",
}
"""What a template may hold."""
SUFFIX = ".wav"
MOST_PART_BYTES = 240  # of a folder or a stem: file systems take 255, and a number and the suffix follow
NOWHERE_ON_WINDOWS = '<>:"|?*'


def filled(template: str, values: Mapping[str, str | int | Path]) -> str:
    """The stem's path below the output folder, with forward slashes.

    >>> filled("{folder}/{name}_{index:03d}", {"name": "Kick: in", "folder": Path("a/b"), "sound": "x", "index": 7})
    'a/b/Kick_ in_007.wav'

    Raises:
        RequestError: an unknown field, or a path that leads out of the output folder.
    """
    safe = {field: _safe(value) for field, value in values.items()}
    try:
        parts = [_part(parsed, safe) for parsed in Formatter().parse(template)]
    except (ValueError, KeyError, OverflowError, MemoryError) as error:
        named = ", ".join(f"{{{field}}}" for field in FIELDS)
        text = f"The name {quoted(template)} cannot be filled ({error}); allowed: {named}. Write two braces for one."
        raise RequestError("batch.name", text) from error
    written = "/".join(cut_to(part, MOST_PART_BYTES - len(SUFFIX)) for part in "".join(parts).split("/"))
    return checked_place(written if template.startswith("/") else written.lstrip("/"))  # a file may have no folders


def checked_place(written: str) -> str:
    """A path below the output folder, as ``a/b.wav``.

    >>> checked_place("./a//b"), checked_place("Kick.WAV")
    ('a/b.wav', 'Kick.WAV')

    Raises:
        RequestError: it is empty or leads out of the output folder.
    """
    place = PurePosixPath(written.replace("\\", "/"))
    leads_out = place.is_absolute() or PureWindowsPath(written).anchor or ".." in place.parts
    if leads_out or not place.name or _is_hidden(place) or any(letter < " " for letter in written):
        text = (
            f"{quoted(written)} is not a name below the output folder. Leave out .., drives and a leading slash or dot."
        )
        raise RequestError("batch.name", text)
    if bad := sorted(set(written) & set(NOWHERE_ON_WINDOWS)):
        text = f"{quoted(written)} holds {' '.join(bad)}, which Windows allows in no name. Choose another one."
        raise RequestError("batch.name", text)
    if not place.stem.strip():
        text = f"{quoted(written)} is a name of blanks only. Choose another one."
        raise RequestError("batch.name", text)
    if any(len(part.encode("utf-8", "replace")) > MOST_PART_BYTES for part in place.parts):
        text = f"{quoted(written)} is too long; allowed: {MOST_PART_BYTES} bytes for each name. Shorten it."
        raise RequestError("batch.name", text)
    return str(place if place.suffix.lower() == SUFFIX else place.with_name(place.name + SUFFIX))


def same_place(place: str) -> str:
    """What two places have in common where a file system cannot tell them apart.

    >>> same_place("Cafe\\u0301.wav") == same_place("CAF\\u00c9.WAV")
    True
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", place).casefold())


def free_place(place: str, is_taken: Callable[[str], bool]) -> str:
    """The place, or ``name 2.wav``, ``name 3.wav``, … where it is taken."""
    path, number, free = PurePosixPath(place), 1, place
    while is_taken(free):
        number += 1
        free = str(path.with_name(f"{path.stem} {number}{path.suffix}"))
    return free


def _is_hidden(place: PurePosixPath) -> bool:
    """The batch's own work folder is one of those."""
    return any(part.startswith(".") for part in place.parts)


def _safe(value: str | int | Path) -> str | int:
    if isinstance(value, Path):
        return "/".join(_visible(part) for part in value.parts)
    return _visible(value) if isinstance(value, str) else value


def _visible(said: str) -> str:
    """A name that no file browser hides.

    >>> _visible("..and/or")
    '_.and_or'
    """
    name = file_name(said)
    return f"_{name[1:]}" if name.startswith(".") else name


def _part(parsed: tuple[str, str | None, str | None, str | None], values: Mapping[str, str | int]) -> str:
    text, field, shape, conversion = parsed
    if field is None:
        return text
    if field not in values or conversion:
        raise KeyError(field)
    return text + format(values[field], shape or "")
