"""The transcriber's weights as the package keeps them: an ONNX file, and what counts as a note beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from stylus_daw.engine.machine.runtime import Network, Runtime
from stylus_daw.engine.notes.decoding import Thresholds
from stylus_daw.engine.shipped_weights import CONFIG, broken, checked_config, read_config, shipped_folder

FAMILY = "transcriber"
WHAT, WEIGHTS = "The transcriber", "model.onnx"


def embedded_folder() -> Path:
    """Where the package keeps the shipped weights."""
    return shipped_folder(FAMILY)


def transcriber_files(folder: Path | None = None) -> tuple[Path, Path]:
    """The two files whose bytes decide what is heard; default: the shipped ones."""
    place = folder or embedded_folder()
    return place / CONFIG, place / WEIGHTS


def read_facts(folder: Path) -> dict[str, Any]:
    """What ``config.json`` tells about the weights: their number, and how they were trained."""
    config = read_config(folder)
    return {name: config[name] for name in ("parameters", "training")}


def load_weights(folder: Path, runtime: Runtime) -> tuple[Network, Thresholds]:
    """The network, ready to run, and its thresholds.

    Raises:
        CheckpointError: something is missing, unreadable or is not what was shipped.
    """
    config = checked_config(folder, WEIGHTS, WHAT)
    try:
        thresholds = Thresholds(**config["thresholds"])
    except (KeyError, TypeError, ValueError) as error:
        raise broken(folder, WHAT, error) from error
    return runtime.open(folder / WEIGHTS), thresholds
