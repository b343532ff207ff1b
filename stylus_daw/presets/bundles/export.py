"""Exports a preset as a bundle."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from pathlib import Path

import numpy as np

from stylus_daw import __version__
from stylus_daw.atomic import replacing
from stylus_daw.audio.files import probe, read, write_audio
from stylus_daw.errors import PresetError, quoted
from stylus_daw.presets.bundles.bundle import (
    COVER,
    LICENCE,
    MANIFEST,
    MAX_BUNDLE_BYTES,
    PRESET,
    RATIO_FREE_BYTES,
    STYLE_BYTES,
    SUFFIX,
    BundledFile,
    Manifest,
    is_portable,
)
from stylus_daw.presets.cover import cover_picture
from stylus_daw.presets.library.library import PresetLibrary
from stylus_daw.presets.png import MAX_BYTES, check_png
from stylus_daw.presets.preset import Preset, PresetStyle, slug
from stylus_daw.regular_file import TooLargeError, read_regular

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first date that ZIP knows: the same preset gives the same bytes
_PLAIN_FILE = 0o644 << 16  # permissions, where ZIP keeps them


def export_bundle(
    library: PresetLibrary, asked: str, target: Path, *, cover: Path | None = None, replaces: bool = True
) -> Path:
    """Write a preset, its audio, picture and licence as one file; the same preset gives the same bytes.

    Args:
        library: where the preset lives.
        asked: id, name or number.
        target: a file, or a folder that gets ``<id>.styluspreset``; the suffix is added where it lacks.
        cover: a PNG; left out, the preset's own picture, else one of its first style.
        replaces: whether a file that is there may be.

    Raises:
        PresetError: unknown, a file that is there already, a missing style, a model that is a folder, a cover that is
            not a PNG, a place that cannot be written.
        AudioFileError: a style cannot be read.
    """
    preset = library.get(asked)
    checkpoint = preset.to_settings().checkpoint
    if not is_portable(checkpoint):
        raise PresetError(
            "bundle.checkpoint",
            f'"{preset.name}" uses the model {quoted(checkpoint):.80}, a folder of this computer, and would '
            "not work elsewhere. Duplicate it with the checkpoint stylus-mini first.",
        )
    path = _target(target, preset)
    if path.exists() and not replaces:
        raise PresetError("bundle.exists", f"{quoted(path)} exists already. Name another file, or add --force.")
    contents = _contents(library, preset, cover)
    try:
        with replacing(path) as stream, zipfile.ZipFile(stream, "w") as archive:
            for name, content in contents.items():
                archive.writestr(_entry(name, content), content)
    except OSError as error:
        raise PresetError("bundle.write", f"'{path}' cannot be written: {error}. Choose another place.") from error
    return path


def _contents(library: PresetLibrary, preset: Preset, cover: Path | None) -> dict[str, bytes]:
    """Name and bytes of every member, the manifest first."""
    paths = [style.path for style in library.styles(preset)]
    styles: list[PresetStyle] = []
    files: dict[str, bytes] = {}
    for number, (style, path) in enumerate(zip(preset.styles, paths, strict=True), start=1):
        name = f"styles/{number}-{slug(style.title or path.stem)[:60].strip('-')}.flac"
        files[name] = _flac(path)
        styles.append(style.model_copy(update={"audio": name, "sha256": _sha256(files[name])}))
    carried = preset.model_copy(update={"styles": tuple(styles), "program": None, "untrusted_plugins": False})
    files[PRESET] = carried.to_json().encode()
    files[COVER] = _cover(library, preset, paths[0], cover)
    files[LICENCE] = _licence(library, carried).encode()
    _check_size(preset, files)
    return {MANIFEST: _manifest(files).encode()} | files


def _manifest(files: dict[str, bytes]) -> str:
    listed = [BundledFile(name=name, size=len(body), sha256=_sha256(body)) for name, body in sorted(files.items())]
    return Manifest(made_with=f"stylus-daw {__version__}", files=tuple(listed)).model_dump_json(indent=2) + "\n"


def _flac(path: Path) -> bytes:
    """A FLAC as it is; anything else as 24-bit FLAC, turned down where it is over full scale.

    The engine brings every style to one level, so that a style that was turned down sounds the same.
    """
    if probe(path).format == "FLAC":
        return path.read_bytes()
    clip = read(path)
    peak = float(np.abs(clip.samples).max())
    with tempfile.TemporaryDirectory() as folder:
        flac = Path(folder) / "style.flac"
        write_audio(flac, clip.with_samples(clip.samples / np.float32(peak)) if peak > 1 else clip)
        return flac.read_bytes()


def _cover(library: PresetLibrary, preset: Preset, style: Path, cover: Path | None) -> bytes:
    path = cover or library.cover(preset.id)
    if path is None:
        return cover_picture(preset.id, style)
    try:
        content = read_regular(path, MAX_BYTES)
    except TooLargeError as error:
        text = f"'{path}' is larger than {MAX_BYTES >> 20} MB. Choose a smaller picture."
        raise PresetError("preset.cover", text) from error
    except OSError as error:
        raise PresetError("preset.cover", f"The cover picture '{path}' cannot be read: {error}.") from error
    check_png(content)
    return content


def _licence(library: PresetLibrary, preset: Preset) -> str:
    """What the preset says, and the text that is next to it."""
    said = [f"{preset.name}: {preset.licence or 'no licence was given'}"]
    said += [f"{style.audio} ({style.title}): {style.licence or 'no licence was given'}" for style in preset.styles]
    text = library.licence(preset.id)
    if text is None:
        return "\n".join(said) + "\n"
    own = text.read_text(encoding="utf-8", errors="replace")
    return own if own.startswith(said[0]) else "\n".join([*said, "", own])


def _check_size(preset: Preset, files: dict[str, bytes]) -> None:
    largest = max(files, key=lambda name: len(files[name]))
    if len(files[largest]) > STYLE_BYTES or sum(map(len, files.values())) > MAX_BUNDLE_BYTES:
        raise PresetError(
            "bundle.size",
            f'"{preset.name}" is too large for a bundle: {largest} has {len(files[largest]) >> 20} MB; allowed: '
            f"{STYLE_BYTES >> 20} MB, all together {MAX_BUNDLE_BYTES >> 20} MB. Use a shorter style.",
        )


def _target(target: Path, preset: Preset) -> Path:
    if target.is_dir():
        return target / f"{preset.id}{SUFFIX}"
    return target if target.suffix.lower() == SUFFIX else target.with_name(target.name + SUFFIX)


def _entry(name: str, content: bytes) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.external_attr = _PLAIN_FILE
    entry.create_system = 3
    is_text = not name.endswith((".flac", ".png")) and len(content) <= RATIO_FREE_BYTES
    entry.compress_type = zipfile.ZIP_DEFLATED if is_text else zipfile.ZIP_STORED
    return entry


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
