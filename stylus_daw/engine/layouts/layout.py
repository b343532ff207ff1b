"""A checkpoint on disk: what is said about one, and how one is refused. Imports no torch."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from stylus_daw.engine.layouts.family import Family
from stylus_daw.errors import CheckpointError
from stylus_daw.regular_file import read_regular

PICKLES = frozenset({".ckpt", ".pt", ".pth", ".bin", ".pkl", ".pickle"})
LORA_FILE = "pytorch_lora_weights.safetensors"
"""Its name on hubs."""

MOST_CONFIG_BYTES = 16 << 20  # a tokenizer's vocabulary, the largest, has about 1 MB

KNOWN = "Stable Diffusion 1.x, 2.x, XL base, Riffusion v1 or stylus-mini"


class Kind(Enum):
    """How a checkpoint is stored on disk."""

    MINI = "stylus-mini folder"
    FOLDER = "diffusers folder"
    FILE = "single file"
    LORA = "LoRA"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A checkpoint on disk.

    Attributes:
        path: the folder or file.
        weights: all files whose bytes decide what it does, in a fixed order; its SHA-256 goes over them.
        configs: folder with the configurations of its parts.
        noise: what itself or its owner says about its noise, over what the scheduler's configuration says.
    """

    path: Path
    kind: Kind
    family: Family
    weights: tuple[Path, ...]
    configs: Path
    noise: Mapping[str, Any] = field(default_factory=dict)

    @property
    def scheduler(self) -> dict[str, Any]:
        """The configuration of its noise, in the words of diffusers."""
        return {**read_config(self.configs / "scheduler" / "scheduler_config.json"), **self.noise}

    @property
    def has_no_net(self) -> bool:
        """Whether it is a stylus-mini without a net of its own: it runs without torch."""
        suffixes = {file.suffix for file in self.weights}
        return self.kind is Kind.MINI and bool(suffixes) and ".safetensors" not in suffixes

    @property
    def bytes(self) -> int:
        return sum(file.stat().st_size for file in self.weights)


def pickle_refused(what: str) -> CheckpointError:
    """The error for a pickle, with the reason."""
    text = (
        f"{what} is a pickle. Pickles can run code when they are opened, so they are refused. "
        "Get its .safetensors version, or convert it to safetensors."
    )
    return CheckpointError("checkpoint.pickle", text)


def read_config(path: Path) -> dict[str, Any]:
    """A JSON configuration.

    Raises:
        CheckpointError: missing or no JSON object.
    """
    try:
        content = json.loads(read_regular(path, MOST_CONFIG_BYTES))
    except FileNotFoundError as error:
        text = f"{path.parent} lacks {path.name}; the checkpoint is incomplete. Download it again."
        raise CheckpointError("checkpoint.incomplete", text) from error
    except (OSError, ValueError, RecursionError) as error:
        raise CheckpointError("checkpoint.broken", f"{path} cannot be read: {error}. Download it again.") from error
    if not isinstance(content, dict):
        raise CheckpointError("checkpoint.broken", f"{path} holds no JSON object. Download it again.")
    return content


def unknown_layout(path: Path, why: str) -> CheckpointError:
    """The error for a layout that the engine does not support."""
    return CheckpointError("checkpoint.layout", f"{path} {why}; stylus-daw supports {KNOWN}.")
