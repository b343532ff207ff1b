"""Reads a bundle that may come from anywhere: everything is checked before anything is written.

The only module that calls `zipfile` for reading. What `zipfile` extracts by itself (paths, links) is never
used: members are read by name, up to the size that they announce, and are named by us.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import stat
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from struct import error as StructError

from stylus_daw.errors import PresetError
from stylus_daw.presets.bundles.bundle import (
    MANIFEST,
    MAX_BUNDLE_BYTES,
    MAX_MEMBERS,
    MAX_RATIO,
    PRESET,
    RATIO_FREE_BYTES,
    STYLE,
    Manifest,
    limit_of,
)
from stylus_daw.presets.library.folder import parse_preset
from stylus_daw.presets.preset import Preset

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    StructError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
    OSError,
)
_ENCRYPTED = 0x1  # ZIP's flag bit
_MAX_DIRECTORY_BYTES = 128 << 10  # bytes: far more than the allowed members need


class _Cautious(io.FileIO):
    """A file that does not read a table of contents of millions of members into memory."""

    largest_read = _MAX_DIRECTORY_BYTES

    def read(self, size: int | None = -1, /) -> bytes:
        left = os.fstat(self.fileno()).st_size - self.tell()
        wanted = left if size is None or size < 0 else min(size, left)
        if wanted > self.largest_read:
            raise zipfile.BadZipFile("its table of contents is too large")
        return super().read(max(0, wanted))


def read_bundle(path: Path) -> tuple[Preset, dict[str, bytes]]:
    """The preset of a bundle, and every other member by name.

    Raises:
        PresetError: ``bundle.…``, or what is wrong with the preset; nothing was written.
    """
    files = _unzipped(path)
    _check_manifest(path, files)
    try:
        preset = parse_preset(files[PRESET])
    except PresetError as error:
        raise _refusal(path, error.code, error.message.rstrip(".")) from error
    return _with_hashes(path, preset, files), files


def _unzipped(path: Path) -> dict[str, bytes]:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise _refusal(path, "bundle.kind", "it is not a file")
        if status.st_size > MAX_BUNDLE_BYTES:
            raise _refusal(path, "bundle.size", f"it is larger than {MAX_BUNDLE_BYTES >> 20} MB")
        with _Cautious(path) as stream, zipfile.ZipFile(stream) as archive:
            stream.largest_read = MAX_BUNDLE_BYTES
            return _members(path, archive)
    except FileNotFoundError as error:
        raise PresetError("bundle.missing", f"'{path}' does not exist. Check the path.") from error
    except _BROKEN as error:
        reason = f"it is not a complete ZIP file ({str(error)[:200] or type(error).__name__})"
        raise _refusal(path, "bundle.damaged", reason) from error


def _members(path: Path, archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = [entry for entry in archive.infolist() if not _is_mac_extra(entry)]
    top = _top_folder(entries)
    if len(entries) > MAX_MEMBERS:
        raise _refusal(path, "bundle.count", f"it has {len(entries)} members; allowed: {MAX_MEMBERS}")
    for entry in entries:
        _check_entry(path, entry, top)
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names):
        raise _refusal(path, "bundle.names", "it contains a name twice")
    if sum(entry.file_size for entry in entries) > MAX_BUNDLE_BYTES:
        raise _refusal(path, "bundle.size", f"it unpacks to more than {MAX_BUNDLE_BYTES >> 20} MB")
    return {entry.filename.removeprefix(top): _content(path, archive, entry) for entry in entries}


def _is_mac_extra(entry: zipfile.ZipInfo) -> bool:
    """What the Finder adds when it packs again: folders, its notes, resource forks. Never read."""
    parts = PurePosixPath(entry.orig_filename).parts
    is_folder = entry.orig_filename.endswith("/") and not entry.file_size
    return is_folder or parts[:1] == ("__MACOSX",) or bool(parts and parts[-1].startswith((".DS_Store", "._")))


def _top_folder(entries: list[zipfile.ZipInfo]) -> str:
    """``Name/`` where the Finder has packed a folder with its name: inside it are the members. Else nothing."""
    top = entries[0].orig_filename.partition("/")[0] + "/" if entries else ""
    names = {entry.orig_filename for entry in entries}
    is_name = top not in ("/", "./", "../") and f"{top}{MANIFEST}" in names
    return top if is_name and all(name.startswith(top) for name in names) else ""


def _check_entry(path: Path, entry: zipfile.ZipInfo, top: str) -> None:
    name = entry.orig_filename.removeprefix(top)
    limit = limit_of(name)
    mode = entry.external_attr >> 16
    if limit is None or entry.filename != entry.orig_filename:
        raise _refusal(path, "bundle.names", f"no bundle has a member named {name!r:.100}")
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise _refusal(path, "bundle.kind", f"{name} is a link or a device, not a file")
    if entry.flag_bits & _ENCRYPTED or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _refusal(path, "bundle.kind", f"{name} is encrypted or packed in a way that is not allowed")
    if entry.file_size > limit:
        raise _refusal(path, "bundle.size", f"{name} has {entry.file_size} bytes; allowed: {limit}")
    if entry.file_size > RATIO_FREE_BYTES and entry.file_size > MAX_RATIO * entry.compress_size:
        raise _refusal(path, "bundle.ratio", f"{name} unpacks to more than {MAX_RATIO} times its size")


def _content(path: Path, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Never more than the member announced; `zipfile` compares the CRC at its end."""
    with archive.open(entry) as stream:
        content = stream.read(entry.file_size)
        if len(content) != entry.file_size or stream.read(1):
            raise _refusal(path, "bundle.damaged", f"{entry.filename} is not as long as it states")
    return content


def _check_manifest(path: Path, files: Mapping[str, bytes]) -> None:
    for name in (MANIFEST, PRESET):
        if name not in files:
            raise _refusal(path, "bundle.names", f"{name} is missing")
    listed = {file.name: file for file in _manifest(path, files[MANIFEST]).files}
    if set(listed) != set(files) - {MANIFEST}:
        odd = sorted(set(listed) ^ (set(files) - {MANIFEST}))[0]
        raise _refusal(path, "bundle.names", f"manifest and members disagree about {odd!r:.100}")
    for name, file in listed.items():
        if len(files[name]) != file.size or hashlib.sha256(files[name]).hexdigest() != file.sha256:
            raise _refusal(path, "bundle.hash", f"{name} does not match the manifest")


def _manifest(path: Path, content: bytes) -> Manifest:
    try:
        return Manifest.model_validate(json.loads(content.decode("utf-8-sig")))
    except (ValueError, RecursionError, OverflowError) as error:
        raise _refusal(path, "bundle.manifest", f"its manifest cannot be read as JSON: {error}") from error
    except PresetError as error:
        raise _refusal(path, "bundle.manifest", error.message.rstrip(".")) from error


def _with_hashes(path: Path, preset: Preset, files: Mapping[str, bytes]) -> Preset:
    """The preset whose styles are exactly the members, each with its hash and a title."""
    named = {style.audio for style in preset.styles}
    held = {name for name in files if STYLE.fullmatch(name)}
    if named != held:
        odd = sorted(named ^ held)[0]
        raise _refusal(path, "bundle.styles", f"the preset and the members disagree about the style {odd!r:.100}")
    styles = []
    for style in preset.styles:
        digest = hashlib.sha256(files[style.audio]).hexdigest()
        if style.sha256 not in (None, digest):
            raise _refusal(path, "bundle.hash", f"{style.audio} is not the style that the preset was saved with")
        title = style.title or PurePosixPath(style.audio).stem
        styles.append(style.model_copy(update={"sha256": digest, "title": title}))
    return preset.model_copy(update={"styles": tuple(styles)})


def _refusal(path: Path, code: str, reason: str) -> PresetError:
    return PresetError(code, f"'{path.name}' was not imported: {reason}. Ask for the file again.")
