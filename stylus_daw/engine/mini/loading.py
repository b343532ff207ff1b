"""Loads a stylus-mini: the shipped one, or one with a net of its own, which needs torch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from stylus_daw.engine.checkpoint import Base
from stylus_daw.engine.fingerprint import sha256_of_files
from stylus_daw.engine.guide.templates.drums import embedded_net
from stylus_daw.engine.guide.weights import guide_files
from stylus_daw.engine.layouts.layout import MOST_CONFIG_BYTES
from stylus_daw.engine.machine.heavy import require_torch
from stylus_daw.engine.machine.runtime import choose_runtime
from stylus_daw.engine.mini.checkpoint import MiniCheckpoint
from stylus_daw.engine.notes.transcriber import Listen, embedded, transcribe
from stylus_daw.errors import CheckpointError
from stylus_daw.regular_file import read_regular


def load_mini(folder: Path, device: str = "auto", listen: Listen = transcribe) -> MiniCheckpoint:
    """Load ``config.json`` and, where it names a net, ``model.safetensors``; ``listen`` hears the notes.

    Raises:
        CheckpointError: something is missing, unreadable or does not fit, or it needs torch.
        RequestError: there is no such device.
    """
    config = read_mini_config(folder)
    if "net" in config:
        require_torch(f"{folder} brings a network of its own, which")
        from stylus_daw.engine.mini.with_net import load_net

        return load_net(folder, config, device, listen)
    runtime = choose_runtime(device)
    embedded(runtime)  # what is missing shows now, and not in the middle of a render
    embedded_net()
    sha256 = sha256_of_files(guide_files())
    return MiniCheckpoint(runtime=runtime, sha256=sha256, config=config, listen=listen)


def read_mini_config(folder: Path) -> dict[str, Any]:
    """``config.json`` of a stylus-mini.

    Raises:
        CheckpointError: it is missing, unreadable or names a base that is not known.
    """
    try:
        config = json.loads(read_regular(folder / "config.json", MOST_CONFIG_BYTES))
        Base(config.get("base", Base.ROWS))
    except FileNotFoundError as error:
        text = f"{folder} lacks config.json; reinstall stylus-daw."
        raise CheckpointError("checkpoint.incomplete", text) from error
    except (OSError, ValueError, RecursionError, AttributeError) as error:
        text = f"The checkpoint in {folder} cannot be loaded: {error}. Reinstall it."
        raise CheckpointError("checkpoint.broken", text) from error
    return config
