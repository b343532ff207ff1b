"""The weights of the net that names drums, as the package keeps them: a NumPy file, and what it is beside it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stylus_daw.engine.fingerprint import sha256_of_files
from stylus_daw.errors import CheckpointError
from stylus_daw.regular_file import open_regular, read_regular

CONFIG, WEIGHTS = "config.json", "model.npz"
MOST_CONFIG_BYTES = 1 << 20


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
        told = json.loads(read_regular(folder / CONFIG, MOST_CONFIG_BYTES))["sha256"]
        found = sha256_of_files([folder / WEIGHTS])
    except FileNotFoundError as error:
        raise CheckpointError(
            "checkpoint.incomplete", f"{folder} lacks {Path(error.filename or '').name}; reinstall stylus-daw."
        ) from error
    except (OSError, ValueError, RecursionError, KeyError, TypeError) as error:
        raise CheckpointError(
            "checkpoint.broken", f"The drum net in {folder} cannot be loaded: {error}. Reinstall stylus-daw."
        ) from error
    if found != told:
        text = f"{folder / WEIGHTS} is damaged: its SHA-256 begins with {found[:12]}, not {told[:12]}."
        raise CheckpointError("checkpoint.broken", f"{text} Reinstall stylus-daw.")
    with open_regular(folder / WEIGHTS) as source, np.load(source) as stored:
        return {name: stored[name].astype(np.float32) for name in stored.files}
