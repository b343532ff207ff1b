"""One folder of presets: reading its files, and keeping style audio in it."""

from __future__ import annotations

import hashlib
import json
import shutil
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from stylus_daw.atomic import replacing
from stylus_daw.errors import PresetError
from stylus_daw.presets.preset import Preset, PresetStyle
from stylus_daw.regular_file import TooLargeError, open_regular, read_regular

STYLES_FOLDER = "styles"
MAX_FILE_BYTES = 64 << 20  # bytes: room for the states of several plugins
_HASH_LETTERS = 32  # of the SHA-256 in a file's name: 128 bits, so that none meet by chance


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenPreset:
    """A file that is not a preset, and why."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPreset:
    """A preset and the folder it lives in."""

    preset: Preset
    folder: Path


def read_preset(path: Path) -> Preset:
    """The preset of a JSON file, every style path checked to be inside its folder.

    Raises:
        PresetError: unreadable, not JSON, or not a preset; the message names the file.
    """
    try:
        preset = parse_preset(read_regular(path, MAX_FILE_BYTES))
        for style in preset.styles:
            inside(path.parent, style.audio)
    except PresetError as error:
        raise PresetError(error.code, f"{path.name}: {error.message}") from error
    except TooLargeError as error:
        raise PresetError("preset.size", f"{path.name}: more than {MAX_FILE_BYTES} bytes") from error
    except OSError as error:
        raise PresetError("preset.unreadable", f"{path.name} cannot be read: {error}") from error
    if path.stem != preset.id:
        raise PresetError("preset.id", f'{path.name} holds the id "{preset.id}"; rename it to {preset.id}.json.')
    return preset


def parse_preset(content: bytes) -> Preset:
    """The preset that some bytes hold.

    Raises:
        PresetError: not JSON in UTF-8, or not a preset.
    """
    try:
        return Preset.model_validate(json.loads(content.decode("utf-8-sig")))
    except (ValueError, RecursionError, OverflowError) as error:
        raise PresetError("preset.unreadable", f"it cannot be read as JSON: {error}") from error


def written_out(preset: Preset) -> str:
    """The preset as its file holds it.

    Raises:
        PresetError: ``preset.size``: its plugins' states are too large to be read again.
    """
    text = preset.to_json()
    if len(text.encode()) > MAX_FILE_BYTES:
        raise PresetError(
            "preset.size",
            f'"{preset.name}" takes {len(text) >> 20} MB; allowed: {MAX_FILE_BYTES >> 20} MB. Remove a plugin.',
        )
    return text


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with open_regular(path) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_entry(path: Path) -> FoundPreset | BrokenPreset:
    """A file of a preset folder, whatever it is."""
    try:
        return FoundPreset(preset=read_preset(path), folder=path.parent)
    except PresetError as error:
        return BrokenPreset(path=path, reason=error.message)


def inside(folder: Path, audio: str) -> Path:
    """The file's real path, links followed; refused where it leaves the folder."""
    path = (folder / audio).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise PresetError("preset.path", f'The style file "{audio}" is not inside {folder}. Copy it there.')
    return path


def found_inside(folder: Path, audio: str) -> Path | None:
    """The file of that name, however the disk composes its accents (macOS takes them apart); None: there is none.

    Raises:
        PresetError: see :func:`inside`.
    """
    names = (audio, unicodedata.normalize("NFC", audio), unicodedata.normalize("NFD", audio))
    return next((path for name in names if (path := inside(folder, name)).is_file()), None)


@contextmanager
def kept_styles(
    styles: Sequence[PresetStyle], sources: Sequence[Path], folder: Path
) -> Iterator[tuple[PresetStyle, ...]]:
    """The styles as the user's folder holds them: one file for each content, however many presets use it.

    Files that are new are taken away again when the block ends with an error.

    Raises:
        PresetError: a source is missing.
        OSError: a file cannot be read or written.
    """
    added: list[Path] = []
    try:
        yield tuple(_kept(style, source, folder, added) for style, source in zip(styles, sources, strict=True))
    except BaseException:
        for path in added:
            path.unlink(missing_ok=True)
        raise


def _kept(style: PresetStyle, source: Path, folder: Path, added: list[Path]) -> PresetStyle:
    if not source.is_file():
        raise PresetError("preset.style_missing", f'The style file "{source}" does not exist. Choose another.')
    digest = file_sha256(source)
    audio = f"{STYLES_FOLDER}/{digest[:_HASH_LETTERS]}{source.suffix.lower()}"
    target = folder / audio
    if not target.exists() or file_sha256(target) != digest:
        target.parent.mkdir(parents=True, exist_ok=True)
        with replacing(target) as stream, open_regular(source) as original:
            shutil.copyfileobj(original, stream)
        added.append(target)
    return style.model_copy(update={"audio": audio, "sha256": digest, "title": style.title or source.stem})
