"""The transcriber's weights as the package keeps them: an ONNX file, and what counts as a note beside it."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from stylus_daw.engine.fingerprint import sha256_of_files
from stylus_daw.engine.machine.runtime import Network, Runtime
from stylus_daw.engine.notes.decoding import Thresholds
from stylus_daw.errors import CheckpointError
from stylus_daw.regular_file import read_regular

FAMILY = "transcriber"
CONFIG, WEIGHTS = "config.json", "model.onnx"
MOST_CONFIG_BYTES = 1 << 20


def embedded_folder() -> Path:
    """Where the package keeps the shipped weights."""
    return Path(str(files("stylus_daw"))) / "engine" / "weights" / FAMILY


def transcriber_files(folder: Path | None = None) -> tuple[Path, Path]:
    """The two files whose bytes decide what is heard; default: the shipped ones."""
    place = folder or embedded_folder()
    return place / CONFIG, place / WEIGHTS


def read_facts(folder: Path) -> dict[str, Any]:
    """What ``config.json`` tells about the weights: their number, and how they were trained."""
    config = json.loads(read_regular(folder / CONFIG, MOST_CONFIG_BYTES))
    return {name: config[name] for name in ("parameters", "training")}


def load_weights(folder: Path, runtime: Runtime) -> tuple[Network, Thresholds]:
    """The network, ready to run, and its thresholds.

    Raises:
        CheckpointError: something is missing, unreadable or is not what was shipped.
    """
    try:
        config = json.loads(read_regular(folder / CONFIG, MOST_CONFIG_BYTES))
        thresholds, told = Thresholds(**config["thresholds"]), config["sha256"]
        found = sha256_of_files([folder / WEIGHTS])
    except FileNotFoundError as error:
        raise CheckpointError(
            "checkpoint.incomplete", f"{folder} lacks {Path(error.filename or '').name}; reinstall stylus-daw."
        ) from error
    except (OSError, ValueError, RecursionError, KeyError, TypeError) as error:
        raise CheckpointError(
            "checkpoint.broken", f"The transcriber in {folder} cannot be loaded: {error}. Reinstall stylus-daw."
        ) from error
    if found != told:
        text = f"{folder / WEIGHTS} is damaged: its SHA-256 begins with {found[:12]}, not {told[:12]}."
        raise CheckpointError("checkpoint.broken", f"{text} Reinstall stylus-daw.")
    return runtime.open(folder / WEIGHTS), thresholds
