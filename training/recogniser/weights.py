"""Weights of a judge as they are committed: half precision, with a card beside them."""

from __future__ import annotations

import json
from pathlib import Path

from safetensors.torch import load_file, save_file

from training.recogniser.net import Recogniser


def write_weights(net: Recogniser, path: Path, card: dict) -> None:
    """``path`` and, with another suffix, the card: what it was trained on, and its own accuracy."""
    path.parent.mkdir(parents=True, exist_ok=True)
    weights = {name: t.half() if t.is_floating_point() else t for name, t in net.state_dict().items()}
    save_file({name: t.contiguous() for name, t in weights.items()}, path)
    path.with_suffix(".json").write_text(json.dumps(card, indent=2) + "\n", "utf-8")


def read_weights(net: Recogniser, path: Path) -> Recogniser:
    """The net with the weights of a file, ready to listen."""
    net.load_state_dict({name: t.float() if t.is_floating_point() else t for name, t in load_file(path).items()})
    return net.eval()


def read_card(path: Path) -> dict:
    """The card that lies beside weights."""
    return json.loads(path.with_suffix(".json").read_text("utf-8"))
