"""Imports a bundle into a library.

Everything is checked in memory and in a folder of its own inside the user's presets; then the files
take their places, the preset's JSON last: it is there whole, or not at all. Names on disk are made
here, from hashes and ids, never from names in the bundle.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stylus_daw.audio.files import probe, read
from stylus_daw.errors import AudioFileError, PresetError
from stylus_daw.presets.bundles.bundle import COVER, LICENCE, is_portable
from stylus_daw.presets.bundles.reading import read_bundle
from stylus_daw.presets.library.editing import free_name
from stylus_daw.presets.library.library import PresetLibrary
from stylus_daw.presets.library.sidecars import COVER as COVER_SUFFIX
from stylus_daw.presets.library.sidecars import LICENCE as LICENCE_SUFFIX
from stylus_daw.presets.png import check_png
from stylus_daw.presets.preset import Preset, slug

MAX_STYLE_SECONDS = 900.0  # s that a style file may announce
HEARD_SECONDS = 60.0  # s that are decoded as a check: what the engine uses
LEFTOVER_SECONDS = 3600.0  # s after which an import that was killed is cleaned up
_FOLDER = ".incoming-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """An imported preset. ``is_new``: False if the library held the same preset already."""

    preset: Preset
    is_new: bool


def import_bundle(library: PresetLibrary, path: Path) -> Imported:
    """Take a preset from a bundle; it gets an id, a name and a number that are free.

    A preset that brings plugins is marked ``untrusted_plugins``: it renders after the user's consent
    (:func:`stylus_daw.presets.library.editing.consent`), and nothing of a plugin is loaded here.

    Raises:
        PresetError: the bundle is refused, and why; or the user's folder cannot be written. The library is
            as before.
    """
    preset, files = read_bundle(path)
    _check_texts(preset)
    _check_checkpoint(preset)
    if COVER in files:
        check_png(files[COVER])
    with _scratch(library.user_folder) as folder:
        styles = _unpacked_styles(preset, files, folder)
        same = _same(library, preset)
        if same is not None:
            return Imported(preset=same, is_new=False)
        renamed = _renamed(library, preset)
        with _sidecars(folder, library.user_folder, renamed, files):
            kept = library.save(renamed, styles)
    return Imported(preset=kept, is_new=True)


def _unpacked_styles(preset: Preset, files: Mapping[str, bytes], folder: Path) -> list[Path]:
    """Each style as a file, checked to be FLAC that can be heard."""
    paths = []
    for number, style in enumerate(preset.styles):
        path = folder / f"{number}.flac"
        path.write_bytes(files[style.audio])
        _check_audio(style.audio, path)
        paths.append(path)
    return paths


def _remove_leftovers(user_folder: Path) -> None:
    """Of an import that was killed an hour ago or longer."""
    for folder in user_folder.glob(f"{_FOLDER}*"):
        if time.time() - folder.stat().st_mtime > LEFTOVER_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def _check_audio(name: str, path: Path) -> None:
    try:
        info = probe(path)
        if info.format != "FLAC" or info.seconds > MAX_STYLE_SECONDS:
            said = f"{info.format}, {info.seconds:.0f} s"
            raise PresetError("bundle.audio", f"{name} is {said}; allowed: FLAC, up to {MAX_STYLE_SECONDS:.0f} s.")
        read(path, length=min(info.frames, round(HEARD_SECONDS * info.rate)))
    except AudioFileError as error:
        raise PresetError("bundle.audio", f"{name} cannot be played: {error.message}") from error


def _same(library: PresetLibrary, preset: Preset) -> Preset | None:
    """The library's preset that is this one, whatever its id, number, consent, and a number after its name."""
    wanted = _identity(preset)
    names = re.compile(re.escape(preset.name) + r"( \d+)?")
    return next((one for one in library.all() if names.fullmatch(one.name) and _identity(one) == wanted), None)


def _identity(preset: Preset) -> dict[str, Any]:
    content = preset.model_dump(mode="json", exclude={"id", "name", "program", "untrusted_plugins", "styles"})
    styles = [(style.sha256, style.weight, style.title, style.licence, style.part) for style in preset.styles]
    return content | {"styles": styles}


def _renamed(library: PresetLibrary, preset: Preset) -> Preset:
    changes = {
        "id": library.free_id(slug(preset.id)),
        "name": free_name(library, preset.name),
        "program": None,
        "untrusted_plugins": bool(preset.plugins),
    }
    return preset.model_copy(update=changes)


@contextmanager
def _sidecars(scratch: Path, folder: Path, preset: Preset, files: Mapping[str, bytes]) -> Iterator[None]:
    """Picture and licence are next to the preset before it appears; they go again if it does not."""
    placed = []
    for name, suffix in ((COVER, COVER_SUFFIX), (LICENCE, LICENCE_SUFFIX)):
        if name in files:
            (scratch / name).write_bytes(files[name])
            placed.append((scratch / name).replace(folder / f"{preset.id}{suffix}"))
    try:
        yield
    except BaseException:
        for path in placed:
            path.unlink(missing_ok=True)
        raise


def _check_texts(preset: Preset) -> None:
    """Control characters would reach terminals and windows."""
    notes = preset.notes.replace("\n", " ").replace("\t", " ")
    for text in _texts(preset.model_copy(update={"notes": notes}).model_dump(mode="json")):
        if text and not text.isprintable():
            raise PresetError("bundle.text", f"The preset's text {text!r:.80} contains control characters.")


def _texts(part: Any) -> Iterator[str]:
    """Every text in it, names of parameters included."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, Mapping):
        yield from part
        for inner in part.values():
            yield from _texts(inner)
    elif isinstance(part, list | tuple):
        for inner in part:
            yield from _texts(inner)


def _check_checkpoint(preset: Preset) -> None:
    checkpoint = preset.to_settings().checkpoint
    if not is_portable(checkpoint):
        raise PresetError(
            "bundle.checkpoint",
            f"The preset names the model {checkpoint!r:.80}; allowed in a bundle: a name such as "
            "stylus-mini, no folder.",
        )


@contextmanager
def _scratch(user_folder: Path) -> Iterator[Path]:
    """A folder on the library's own disk, gone afterwards."""
    try:
        user_folder.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(user_folder)
        with tempfile.TemporaryDirectory(prefix=_FOLDER, dir=user_folder) as folder:
            yield Path(folder)
    except OSError as error:
        raise PresetError("preset.write", f"The preset could not be imported into {user_folder}: {error}.") from error
