"""Weights of the drum net as the package keeps them: half precision in a NumPy file, with a card beside it."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import numpy as np

from stylus_daw.atomic import write_bytes_atomic
from stylus_daw.engine.fingerprint import sha256_of_files
from stylus_daw.engine.guide.templates.drum_weights import drum_files
from training.drums.learning import DrumNet


def write_weights(net: DrumNet, folder: Path, card: dict) -> None:
    """Both files: what the net was trained on and its own accuracy stand in the card."""
    folder.mkdir(parents=True, exist_ok=True)
    config, weights = drum_files(folder)
    packed = BytesIO()
    np.savez_compressed(packed, **{name: t.numpy().astype(np.float16) for name, t in net.state_dict().items()})
    write_bytes_atomic(weights, packed.getvalue())
    told = {"parameters": sum(t.numel() for t in net.parameters()), "sha256": sha256_of_files([weights])}
    write_bytes_atomic(config, (json.dumps({**told, "training": card}, indent=2) + "\n").encode())
