"""Identifies what is at a path: which family, laid out how, with which weights. Imports no torch."""

from __future__ import annotations

from pathlib import Path

from stylus_daw.engine.layouts.family import Family
from stylus_daw.engine.layouts.file_layout import look_at_file
from stylus_daw.engine.layouts.folder_layout import look_at_folder
from stylus_daw.engine.layouts.layout import PICKLES, Layout, pickle_refused, unknown_layout


def identify(path: Path, *, family: Family | None = None, configs: Path | None = None) -> Layout:
    """Identifies what is at ``path``.

    Args:
        path: an existing folder or file.
        family: what its owner says it is; needed only if it cannot be seen.
        configs: a diffusers folder (weights not needed) with the configurations of a single file of unusual size.

    Raises:
        CheckpointError: a pickle, incomplete, or of no family that the engine knows.
    """
    if path.is_dir():
        return look_at_folder(path, family)
    if path.suffix.lower() in PICKLES:
        raise pickle_refused(str(path))
    if path.suffix.lower() != ".safetensors":
        raise unknown_layout(path, "is neither a folder nor a .safetensors file")
    return look_at_file(path, family, configs)
