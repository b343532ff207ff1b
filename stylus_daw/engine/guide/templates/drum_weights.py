"""The weights of the net that names drums, as the package keeps them: a NumPy file, and what it is beside it."""

from __future__ import annotations

import json
import zipfile
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stylus_daw.engine.fingerprint import sha256_of_files
from stylus_daw.errors import CheckpointError
from stylus_daw.regular_file import open_regular, read_regular

CONFIG, WEIGHTS = "config.json", "model.npz"
MOST_CONFIG_BYTES = 1 << 20
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
    return Path(__file__).parents[2] / "weights" / "drums"


def drum_files(folder: Path | None = None) -> tuple[Path, Path]:
    """The two files whose bytes decide which drums are heard; default: the shipped ones."""
    place = folder or embedded_folder()
    return place / CONFIG, place / WEIGHTS


def load_weights(folder: Path) -> dict[str, NDArray[np.float32]]:
    """By layer.

    Raises:
        CheckpointError: something is missing, unreadable or is not what was shipped.
    """
    try:
        told = str(json.loads(read_regular(folder / CONFIG, MOST_CONFIG_BYTES))["sha256"])
        found = sha256_of_files([folder / WEIGHTS])
    except FileNotFoundError as error:
        raise CheckpointError(
            "checkpoint.incomplete", f"{folder} lacks {Path(error.filename or '').name}; reinstall stylus-daw."
        ) from error
    except (OSError, ValueError, RecursionError, KeyError, TypeError) as error:
        raise _broken(folder, error) from error
    if found != told:
        text = f"{folder / WEIGHTS} is damaged: its SHA-256 begins with {found[:12]}, not {told[:12]}."
        raise CheckpointError("checkpoint.broken", f"{text} Reinstall stylus-daw.")
    try:
        return _layers(folder / WEIGHTS)
    except UNREADABLE as error:
        raise _broken(folder, error) from error


def _layers(path: Path) -> dict[str, NDArray[np.float32]]:
    with open_regular(path) as source, np.load(source) as stored:
        layers = {name: stored[name].astype(np.float32) for name in SHAPES}
    for name, shape in SHAPES.items():
        if layers[name].shape != shape or not np.isfinite(layers[name]).all():
            raise ValueError(f"{name} is not {shape} of finite numbers, but {layers[name].shape}")
    return layers


def _broken(folder: Path, error: Exception) -> CheckpointError:
    text = f"The drum net in {folder} cannot be loaded: {error}. Reinstall stylus-daw."
    return CheckpointError("checkpoint.broken", text)
