"""The transcriber's weights: where the package keeps them, and how they are written and read."""

from __future__ import annotations

import json
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from stylus_daw.atomic import write_bytes_atomic
from stylus_daw.engine.notes.decoding import Thresholds
from stylus_daw.engine.notes.net import NET_CONFIG, NoteNet, make_net
from stylus_daw.errors import CheckpointError

FAMILY = "transcriber"


def embedded_folder() -> Path:
    """Where the package keeps the shipped weights."""
    return Path(str(files("stylus_daw"))) / "engine" / "weights" / FAMILY


def load_weights(folder: Path) -> tuple[NoteNet, Thresholds]:
    """The net in float32, and its thresholds.

    Raises:
        CheckpointError: something is missing, unreadable or does not fit.
    """
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
        net = make_net(config["net"])
        weights = load_file(folder / "model.safetensors")
        net.load_state_dict({name: _single(tensor) for name, tensor in weights.items()})
        return net.eval(), Thresholds(**config["thresholds"])
    except FileNotFoundError as error:
        raise CheckpointError(
            "checkpoint.incomplete", f"{folder} lacks {Path(error.filename or '').name}; reinstall stylus-daw."
        ) from error
    except (json.JSONDecodeError, KeyError, SafetensorError, RuntimeError, TypeError) as error:
        raise CheckpointError(
            "checkpoint.broken", f"The transcriber in {folder} cannot be loaded: {error}. Reinstall stylus-daw."
        ) from error


def save_weights(folder: Path, weights: dict[str, Tensor], thresholds: Thresholds, training: dict[str, Any]) -> None:
    """``model.safetensors`` in half precision and ``config.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    half = {name: (t.half() if t.is_floating_point() else t).contiguous() for name, t in weights.items()}
    temp = folder / "model.safetensors.tmp"
    save_file(half, temp, metadata={"format": "pt"})
    temp.replace(folder / "model.safetensors")
    write_config(folder, thresholds, {"parameters": sum(t.numel() for t in weights.values()), "training": training})


def read_facts(folder: Path) -> dict[str, Any]:
    """What ``config.json`` tells about the weights: their number, and how they were trained."""
    config = json.loads((folder / "config.json").read_text("utf-8"))
    return {name: config[name] for name in ("parameters", "training")}


def write_config(folder: Path, thresholds: Thresholds, facts: dict[str, Any]) -> None:
    """``config.json`` alone: what the thresholds are, beside the weights as they stand."""
    config = {"family": FAMILY, "version": 1, "net": NET_CONFIG, "thresholds": asdict(thresholds), **facts}
    write_bytes_atomic(folder / "config.json", (json.dumps(config, indent=2) + "\n").encode())


def _single(tensor: Tensor) -> Tensor:
    return tensor.float() if tensor.is_floating_point() else tensor
