"""What is next to a preset's JSON file under its id: a cover picture, a licence text."""

from __future__ import annotations

import shutil
from pathlib import Path

COVER, LICENCE = ".png", ".licence.txt"
FOLDER_LICENCES = "LICENCES.md"


def sidecars(folder: Path, preset_id: str) -> list[Path]:
    """Those that are there."""
    paths = (folder / f"{preset_id}{suffix}" for suffix in (COVER, LICENCE))
    return [path for path in paths if path.is_file() and not path.is_symlink()]


def copy_sidecars(folder: Path, preset_id: str, target: Path, new_id: str) -> None:
    """Copy them for a preset of another id.

    Raises:
        OSError: a file cannot be read or written.
    """
    for path in sidecars(folder, preset_id):
        shutil.copyfile(path, target / (new_id + path.name.removeprefix(preset_id)))


def move_sidecars(folder: Path, preset_id: str, target: Path, new_id: str | None = None) -> None:
    """Move them into another folder of the same disk.

    Raises:
        OSError: a file cannot be moved.
    """
    for path in sidecars(folder, preset_id):
        path.replace(target / ((new_id or preset_id) + path.name.removeprefix(preset_id)))


def cover_of(folder: Path, preset_id: str) -> Path | None:
    """The cover picture (PNG), if there is one."""
    return next((path for path in sidecars(folder, preset_id) if path.name.endswith(COVER)), None)


def licence_of(folder: Path, preset_id: str) -> Path | None:
    """The licence text: the preset's own, else the folder's."""
    own = next((path for path in sidecars(folder, preset_id) if path.name.endswith(LICENCE)), None)
    common = folder / FOLDER_LICENCES
    return own or (common if common.is_file() else None)
