"""Bundles made, changed and refused; and everything below a folder, to see what an import left."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from stylus_daw.errors import PresetError
from stylus_daw.presets.bundles.importing import import_bundle
from stylus_daw.presets.library.library import PresetLibrary
from stylus_daw.presets.preset import Preset

Members = dict[str, bytes]


def tone(path: Path, hz: float = 440.0, **options: Any) -> Path:
    seconds = np.arange(2_000) / 8_000
    soundfile.write(path, options.pop("gain", 0.5) * np.sin(2 * np.pi * hz * seconds), 8_000, **options)
    return path


def preset(**changes: Any) -> Preset:
    styles = [{"audio": "a.flac", "title": "Low", "licence": "CC0-1.0"}, {"audio": "b.flac", "weight": 0.25}]
    written = {"version": 3, "id": "choir", "name": "Choir", "notes": "Two\nlines", "tags": ["wide"], "styles": styles}
    return Preset.model_validate(written | changes)


def snapshot(folder: Path) -> dict[str, str | bytes]:
    """Everything below a folder, links not followed."""
    found: dict[str, str | bytes] = {}
    for path in sorted(folder.rglob("*")):
        kind = "link" if path.is_symlink() else "folder" if path.is_dir() else path.read_bytes()
        found[path.relative_to(folder).as_posix()] = kind
    return found


def members(path: Path) -> Members:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write(path: Path, files: Members, change: Callable[[zipfile.ZipInfo], object] = lambda entry: None) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            change(entry)
            archive.writestr(entry, content)
    return path


def vouched(files: Members) -> Members:
    """With a manifest that fits."""
    listed = [
        {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in files.items()
        if name != "manifest.json"
    ]
    return files | {"manifest.json": json.dumps({"format": "styluspreset", "version": 1, "files": listed}).encode()}


def with_preset(files: Members, **changes: Any) -> Members:
    return vouched(files | {"preset.json": json.dumps(json.loads(files["preset.json"]) | changes).encode()})


def refused(library: PresetLibrary, path: Path, code: str) -> str:
    """The reason, after nothing was written."""
    before = snapshot(library.user_folder)
    with pytest.raises(PresetError) as caught:
        import_bundle(library, path)
    assert caught.value.code == code
    assert snapshot(library.user_folder) == before
    return caught.value.message
