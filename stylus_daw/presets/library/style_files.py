"""Where the style audio of a preset is, checked against its hash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stylus_daw.errors import PresetError
from stylus_daw.jobs.style_part import StylePart
from stylus_daw.presets.library.folder import file_sha256, found_inside
from stylus_daw.presets.preset import Preset, PresetStyle


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleAudio:
    """A style reference on disk and its share of the blend; ``part``: of the file, None for all of it."""

    path: Path
    weight: float
    title: str
    tempo_bpm: float | None = None
    part: StylePart | None = None


def style_path(preset: Preset, style: PresetStyle, folders: Sequence[Path]) -> Path:
    """The style's file, in the first folder that has it.

    Raises:
        PresetError: the file is missing, outside its folder, or not the one that was saved.
    """
    path = next((path for folder in folders if (path := found_inside(folder, style.audio))), None)
    if path is None:
        raise PresetError(
            "preset.style_missing",
            f'The style file "{style.audio}" of the preset "{preset.name}" is missing. Put it back into '
            f"{folders[0]}, or save the preset again with another style.",
        )
    if style.sha256 and _hash(path) != style.sha256:
        raise PresetError(
            "preset.style_changed",
            f'The style file "{path}" is not the one that the preset "{preset.name}" was saved with. Save the '
            "preset again to use it.",
        )
    return path


def _hash(path: Path) -> str:
    try:
        return file_sha256(path)
    except OSError as error:
        raise PresetError("preset.style_unreadable", f'The style file "{path}" cannot be read: {error}.') from error
