"""Identifies a folder: a diffusers Stable Diffusion or a stylus-mini. Reads configurations only; imports no torch."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stylus_daw.engine.guide.weights import guide_files
from stylus_daw.engine.layouts.family import MINI, RIFFUSION, SD_1, SD_2_BASE, SD_2_V, SDXL, Family
from stylus_daw.engine.layouts.file_layout import look_at_file
from stylus_daw.engine.layouts.layout import (
    LORA_FILE,
    PICKLES,
    Kind,
    Layout,
    pickle_refused,
    read_config,
    unknown_layout,
)
from stylus_daw.engine.layouts.part_weights import checked_weights
from stylus_daw.errors import CheckpointError

PARTS = ("unet", "vae", "text_encoder", "tokenizer", "scheduler")
XL_PARTS = ("unet", "vae", "scheduler")
WEIGHED_PARTS = ("unet", "vae", "text_encoder")


def look_at_folder(path: Path, family: Family | None = None) -> Layout:
    """Identifies a folder; see :func:`stylus_daw.engine.layouts.identify.identify`."""
    if not (path / "model_index.json").is_file():
        if (path / "config.json").is_file() and (path / "model.safetensors").is_file():
            weights = (path / "model.safetensors",)
            return Layout(path=path, kind=Kind.MINI, family=MINI, weights=weights, configs=path)
        if (path / "config.json").is_file() and read_config(path / "config.json").get("family") == MINI.id:
            return _without_net(path)
        if (path / LORA_FILE).is_file():
            return look_at_file(path / LORA_FILE, family)
        raise unknown_layout(path, "has neither model_index.json (diffusers) nor config.json with model.safetensors")
    index = read_config(path / "model_index.json")
    if "transformer" in index or ("unet" not in index and not (path / "unet").is_dir()):
        raise unknown_layout(path, f"is a {index.get('_class_name', 'pipeline without a UNet')}")
    _check_pickles(path)
    for part in needed_parts(index):
        if not (path / part).is_dir():
            text = f"{path} lacks the part {part!r}; it needs {', '.join(needed_parts(index))}."
            raise CheckpointError("checkpoint.incomplete", text)
    found = family or _family_of_folder(path)
    return Layout(path=path, kind=Kind.FOLDER, family=found, weights=_weights(path, index), configs=path)


def _without_net(path: Path) -> Layout:
    """A stylus-mini whose only weights are the transcriber's.

    Raises:
        CheckpointError: ``checkpoint.incomplete``: its configuration names a net, which is missing.
    """
    if "net" in read_config(path / "config.json"):
        text = f"{path} lacks model.safetensors, the weights of the net that its config.json names. Get it again."
        raise CheckpointError("checkpoint.incomplete", text)
    return Layout(path=path, kind=Kind.MINI, family=MINI, weights=guide_files(), configs=path)


def needed_parts(index: Mapping[str, Any]) -> tuple[str, ...]:
    """The parts of a diffusers folder that the engine reads, from its ``model_index.json``."""
    if not str(index.get("_class_name", "")).startswith("StableDiffusionXL"):
        return PARTS
    return XL_PARTS if has_zero_prompt(index) else (*PARTS, "text_encoder_2", "tokenizer_2")


def has_zero_prompt(index: Mapping[str, Any]) -> bool:
    """Whether the model was trained with zeros in place of an empty prompt (XL base): no text encoder is needed."""
    is_xl = str(index.get("_class_name", "")).startswith("StableDiffusionXL")
    return is_xl and bool(index.get("force_zeros_for_empty_prompt", True))


def _check_pickles(path: Path) -> None:
    for part in WEIGHED_PARTS:
        inside = list((path / part).glob("*")) if (path / part).is_dir() else []
        pickles = [file.name for file in inside if file.suffix in PICKLES]
        if pickles and not any(file.suffix == ".safetensors" for file in inside):
            raise pickle_refused(f"{path / part} holds its weights only as {pickles[0]}, which")


def _weights(path: Path, index: Mapping[str, Any]) -> tuple[Path, ...]:
    found: list[Path] = []
    for part in needed_parts(index):
        if part.startswith(WEIGHED_PARTS):
            found += checked_weights(path / part)
    return tuple(found)


def _family_of_folder(path: Path) -> Family:
    unet = read_config(path / "unet" / "config.json")
    if unet.get("in_channels", 4) != 4:
        raise unknown_layout(path, f"has a UNet of {unet['in_channels']} input channels (inpainting or editing)")
    if unet.get("addition_embed_type") == "text_time":
        return SDXL
    scheduler = read_config(path / "scheduler" / "scheduler_config.json")
    if unet.get("use_linear_projection"):
        return SD_2_V if scheduler.get("prediction_type") == "v_prediction" else SD_2_BASE
    return RIFFUSION if _is_called_riffusion(path, unet) else SD_1


def _is_called_riffusion(path: Path, unet: Mapping[str, Any]) -> bool:
    """Riffusion has exactly the layout of Stable Diffusion 1.5; only its name tells (in a hub cache, its owner's)."""
    owner = path.parent.parent.name if path.parent.name == "snapshots" else ""
    said = (path.name, owner, str(unet.get("_name_or_path", "")))
    return any("riffusion" in part.lower() for part in said)
