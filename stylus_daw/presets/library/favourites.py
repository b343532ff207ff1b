"""The user's favourites: a text file with one id per line, factory presets and own ones alike."""

from __future__ import annotations

from pathlib import Path

from stylus_daw.atomic import write_text_atomic
from stylus_daw.errors import PresetError, unwritable
from stylus_daw.presets.preset import SLUG

FAVOURITES_FILE = "favourites.txt"


def read_favourites(folder: Path) -> frozenset[str]:
    """The ids in the file; lines that are not ids are skipped.

    Raises:
        PresetError: the file is there and cannot be read.
    """
    path = folder / FAVOURITES_FILE
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split()
    except (FileNotFoundError, NotADirectoryError):
        return frozenset()
    except OSError as error:
        raise PresetError("preset.favourites", f"The favourites cannot be read: {error}.") from error
    return frozenset(line for line in lines if SLUG.fullmatch(line))


def mark_favourite(folder: Path, preset_id: str, *, is_favourite: bool) -> None:
    """Enter an id, or strike it out.

    Raises:
        PresetError: the file cannot be written.
    """
    now = read_favourites(folder)
    wanted = now | {preset_id} if is_favourite else now - {preset_id}
    if wanted == now:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_text_atomic(folder / FAVOURITES_FILE, "".join(f"{one}\n" for one in sorted(wanted)))
    except OSError as error:
        raise PresetError(
            "preset.write", f"The favourites cannot be written in {folder}: {unwritable(error)}"
        ) from error
