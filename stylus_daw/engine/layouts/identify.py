"""Identifies what is at a path: which family, laid out how, with which weights. Imports no torch."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from stylus_daw.engine.inverting.noise_config import check_noise
from stylus_daw.engine.layouts.family import SD_2_BASE, SD_2_V, Family
from stylus_daw.engine.layouts.file_layout import look_at_file
from stylus_daw.engine.layouts.folder_layout import look_at_folder
from stylus_daw.engine.layouts.layout import PICKLES, Kind, Layout, pickle_refused, unknown_layout
from stylus_daw.engine.layouts.trained_noise import check_told


def identify(path: Path, *, family: Family | None = None, configs: Path | None = None, prediction: str = "") -> Layout:
    """Identifies what is at ``path``.

    Args:
        path: an existing folder or file.
        family: what its owner says it is; needed only if it cannot be seen.
        configs: a diffusers folder (weights not needed) with the configurations of a single file of unusual size.
        prediction: what its owner says that it predicts; needed only if it cannot be seen.

    Raises:
        CheckpointError: a pickle, incomplete, or of no family or noise that the engine knows.
    """
    layout = _look_at(path, family, configs)
    if layout.kind in {Kind.MINI, Kind.LORA}:
        return layout
    if prediction:
        layout = replace(layout, noise={**layout.noise, "prediction_type": prediction})
    elif layout.kind is Kind.FILE and layout.family not in {SD_2_BASE, SD_2_V}:
        check_told(path, layout.noise)
    check_noise(layout.scheduler, layout.path.name)
    return layout


def _look_at(path: Path, family: Family | None, configs: Path | None) -> Layout:
    if path.is_dir():
        return look_at_folder(path, family)
    if path.suffix.lower() in PICKLES:
        raise pickle_refused(str(path))
    if path.suffix.lower() != ".safetensors":
        raise unknown_layout(path, "is neither a folder nor a .safetensors file")
    return look_at_file(path, family, configs)
