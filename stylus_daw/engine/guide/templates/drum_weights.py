"""The weights of the net that names drums, as the package keeps them: a NumPy file, and what it is beside it."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stylus_daw.engine.shipped_weights import CONFIG, broken, checked_config, shipped_folder
from stylus_daw.regular_file import open_regular

WHAT, WEIGHTS = "The drum net", "model.npz"
SHAPES = {
    "first.weight": (24, 1, 3, 3),
    "first.bias": (24,),
    "second.weight": (24, 24, 3, 3),
    "second.bias": (24,),
    "third.weight": (48, 24, 3, 3),
    "third.bias": (48,),
    "hidden.weight": (64, 1536),
    "hidden.bias": (64,),
    "out.weight": (6, 64),
    "out.bias": (6,),
}
"""Of the layers, as ``training.drums.learning`` has them."""
UNREADABLE = (OSError, ValueError, LookupError, TypeError, AttributeError, EOFError, zipfile.BadZipFile, zlib.error)
"""What NumPy raises when a file is no collection of arrays."""


def embedded_folder() -> Path:
    """Where the package keeps the shipped weights."""
    return shipped_folder("drums")


def drum_files(folder: Path | None = None) -> tuple[Path, Path]:
    """The two files whose bytes decide which drums are heard; default: the shipped ones."""
    place = folder or embedded_folder()
    return place / CONFIG, place / WEIGHTS


def load_weights(folder: Path) -> dict[str, NDArray[np.float32]]:
    """By layer.

    Raises:
        CheckpointError: something is missing, unreadable or is not what was shipped.
    """
    checked_config(folder, WEIGHTS, WHAT)
    try:
        return _layers(folder / WEIGHTS)
    except UNREADABLE as error:
        raise broken(folder, WHAT, error) from error


def _layers(path: Path) -> dict[str, NDArray[np.float32]]:
    with open_regular(path) as source, np.load(source) as stored:
        layers = {name: stored[name].astype(np.float32) for name in SHAPES}
    for name, shape in SHAPES.items():
        if layers[name].shape != shape or not np.isfinite(layers[name]).all():
            raise ValueError(f"{name} is not {shape} of finite numbers, but {layers[name].shape}")
    return layers
