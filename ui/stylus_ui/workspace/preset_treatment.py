"""The treatment that a preset stands for, with the library's style files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from stylus_daw.presets.library.style_files import StyleAudio
from stylus_daw.presets.preset import Preset
from stylus_ui.workspace.workpiece import StyleSlot, Treatment


def treatment_of(preset: Preset, styles: Sequence[StyleAudio]) -> Treatment:
    """The treatment of a preset; ``styles`` are ``library.styles(preset)``."""
    return Treatment(
        styles=tuple(
            StyleSlot(path=style.path, weight=style.weight, title=style.title, part=style.part) for style in styles
        ),
        settings=preset.to_settings(),
        chain=preset.chain,
    )


def relocated(treatment: Treatment, kept: Mapping[Path, StyleAudio]) -> Treatment:
    """The same treatment, with the library's copies of its style files."""
    slots = [
        replace(slot, path=style.path, title=style.title) if (style := kept.get(slot.path)) else slot
        for slot in treatment.styles
    ]
    return replace(treatment, styles=tuple(slots))
