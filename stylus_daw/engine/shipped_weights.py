"""Weights that are shipped with the package: a ``config.json`` beside them tells their SHA-256."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from stylus_daw.engine.fingerprint import sha256_of_files
from stylus_daw.errors import CheckpointError
from stylus_daw.regular_file import read_regular

CONFIG = "config.json"
MOST_CONFIG_BYTES = 1 << 20


def shipped_folder(family: str) -> Path:
    """Where the package keeps the weights of that name."""
    return Path(__file__).parent / "weights" / family


def read_config(folder: Path) -> Any:
    """What ``config.json`` holds; whatever reading and parsing raises."""
    return json.loads(read_regular(folder / CONFIG, MOST_CONFIG_BYTES))


def checked_config(folder: Path, weights: str, what: str) -> dict[str, Any]:
    """``config.json`` of weights that are what was shipped.

    Args:
        folder: of both files.
        weights: name of theirs.
        what: they are, for the error: "The transcriber".

    Raises:
        CheckpointError: one of them is missing, unreadable or is not what was shipped.
    """
    try:
        config = read_config(folder)
        told = str(config["sha256"])
        found = sha256_of_files([folder / weights])
    except FileNotFoundError as error:
        text = f"{folder} lacks {Path(error.filename or '').name}; reinstall stylus-daw."
        raise CheckpointError("checkpoint.incomplete", text) from error
    except (OSError, ValueError, RecursionError, KeyError, TypeError) as error:
        raise broken(folder, what, error) from error
    if found != told:
        text = f"{folder / weights} is damaged: its SHA-256 begins with {found[:12]}, not {told[:12]}."
        raise CheckpointError("checkpoint.broken", f"{text} Reinstall stylus-daw.")
    return config


def broken(folder: Path, what: str, error: Exception) -> CheckpointError:
    """The error for weights that cannot be loaded."""
    return CheckpointError("checkpoint.broken", f"{what} in {folder} cannot be loaded: {error}. Reinstall stylus-daw.")
