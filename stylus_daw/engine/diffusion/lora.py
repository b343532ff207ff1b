"""A LoRA beside the weights of a UNet, switched on and off without touching the weights.

``W x`` becomes ``W x + scale B (A x)`` while it is on (arXiv 2106.09685); ``A`` and ``B`` are convolutions
if ``W`` is one. Reads the layouts of kohya (``lora_unet_….lora_down.weight``) and of diffusers
(``unet.….lora_A.weight``). A tensor that does not fit anywhere is an error.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch.nn.functional as F
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from stylus_daw.engine.fingerprint import sha256_of_files
from stylus_daw.engine.machine.aligned import aligned
from stylus_daw.errors import CheckpointError
from stylus_daw.regular_file import open_regular

KOHYA = re.compile(r"lora_unet_(?P<place>.+)\.(?P<part>lora_down\.weight|lora_up\.weight|alpha)")
DIFFUSERS = re.compile(
    r"(unet\.)?(?P<place>.+)\.(?P<part>(lora_A|lora_B|lora\.down|lora\.up)(\.default)?\.weight|alpha)"
)
PARTS = {"lora_down": "down", "lora_A": "down", "lora.down": "down", "lora_up": "up", "lora_B": "up", "lora.up": "up"}


class Lora:
    """The hooks in a UNet. Off until :meth:`on`.

    Attributes:
        sha256: hash of its file.
        size: number of layers that it changes.
        tensors: what it adds to them, two for each layer.
    """

    def __init__(self, targets: Mapping[nn.Module, Mapping[str, Tensor]], sha256: str = "") -> None:
        self._is_on = False
        self.sha256 = sha256
        self.size = len(targets)
        self.tensors = tuple(parts[half] for parts in targets.values() for half in ("down", "up"))
        for module, parts in targets.items():
            module.register_forward_hook(self._hook(parts))

    @contextmanager
    def on(self) -> Iterator[None]:
        """In this context, the UNet is the adapted one."""
        self._is_on = True
        try:
            yield
        finally:
            self._is_on = False

    def _hook(self, parts: Mapping[str, Tensor]) -> Any:
        down, up, scale = parts["down"], parts["up"], float(parts["scale"])

        def add(module: nn.Module, arguments: tuple[Tensor, ...], output: Tensor) -> Tensor | None:
            return output + scale * _through(module, arguments[0], down, up) if self._is_on else None

        return add


def attach(unet: nn.Module, path: Path) -> Lora:
    """Put a LoRA into a UNet, switched off.

    Args:
        unet: placed, in its precision.
        path: a ``.safetensors`` file.

    Raises:
        CheckpointError: unreadable, for another model, or incomplete.
    """
    try:
        with open_regular(path):  # what loads it would wait for a pipe
            tensors = load_file(path)
    except (OSError, SafetensorError) as error:
        raise CheckpointError("lora.broken", f"The LoRA {path} cannot be read: {error}. Download it again.") from error
    places = {_flat(name): module for name, module in unet.named_modules() if isinstance(module, nn.Linear | nn.Conv2d)}
    found: dict[str, dict[str, Tensor]] = defaultdict(dict)
    for name, tensor in tensors.items():
        place, part = _parsed(name)
        if place not in places:
            raise _misfit(path, f"its tensor {name} does not fit this model")
        found[place][part] = tensor
    targets: dict[nn.Module, dict[str, Tensor]] = {
        places[place]: _checked(path, place, places[place], parts) for place, parts in found.items()
    }
    return Lora(targets, sha256_of_files([path]))


def _parsed(name: str) -> tuple[str, str]:
    match = KOHYA.fullmatch(name) or DIFFUSERS.fullmatch(name)
    if match is None:
        return name, ""
    part = match["part"].removesuffix(".weight").removesuffix(".default")
    return _flat(match["place"]), PARTS.get(part, part)


def _flat(name: str) -> str:
    return name.replace(".", "_")


def _checked(path: Path, place: str, module: Any, parts: dict[str, Tensor]) -> dict[str, Tensor]:
    """Both halves and their scale, if they fit the layer. Shapes: ``[rank, in, ...]``, ``[out, rank, ...]``, ``[]``."""
    if not {"down", "up"} <= parts.keys():
        raise _misfit(path, f"it lacks a part of {place}")
    down, up = parts["down"], parts["up"]
    rank, weight = down.shape[0], module.weight
    if (up.shape[0], up.shape[1], down.shape[1]) != (weight.shape[0], rank, weight.shape[1]):
        shapes = f"{tuple(down.shape)} x {tuple(up.shape)}"
        raise _misfit(path, f"{place} has weights of {tuple(weight.shape)}, the LoRA of {shapes}")
    scale = parts["alpha"].float() / rank if "alpha" in parts else down.new_ones(()).float()
    return {"down": _like(down, weight), "up": _like(up, weight), "scale": scale}


def _like(part: Tensor, weight: Tensor) -> Tensor:
    """Some files write linear layers as 1 x 1 convolutions, or the reverse. Shape: as ``weight`` has dimensions."""
    wanted = weight.dim()
    if part.dim() == 4 and wanted == 2:
        part = part[:, :, 0, 0]
    elif part.dim() == 2 and wanted == 4:
        part = part[:, :, None, None]
    return aligned(part.to(weight.device, weight.dtype))


def _through(module: Any, x: Tensor, down: Tensor, up: Tensor) -> Tensor:
    """``B (A x)``. Shape: that of the module's output."""
    if isinstance(module, nn.Conv2d):
        padding: Any = module.padding if down.shape[-1] > 1 else 0
        return F.conv2d(F.conv2d(x, down, stride=module.stride, padding=padding), up)
    return F.linear(F.linear(x, down), up)


def _misfit(path: Path, why: str) -> CheckpointError:
    return CheckpointError("lora.misfit", f"{path.name} is a LoRA for another model: {why}.")
