"""What a single ``.safetensors`` holds. Reads its header only; imports no torch."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stylus_daw.engine.layouts.family import LCM_LORA, RIFFUSION, SD_1, SD_2_BASE, SD_2_V, SDXL, Family
from stylus_daw.engine.layouts.header import Header, read_header
from stylus_daw.engine.layouts.layout import Kind, Layout, unknown_layout
from stylus_daw.engine.layouts.trained_noise import noise_of_file
from stylus_daw.engine.layouts.unused_tensors import check_used
from stylus_daw.errors import CheckpointError

# How the modules of the original code (ldm, sgm) are called.
LDM_UNET, LDM_VAE = "model.diffusion_model.", "first_stage_model."
CLIP_1, CLIP_2 = "cond_stage_model.transformer.", "cond_stage_model.model."
CLIP_XL, CLIP_XL_2 = "conditioner.embedders.0.transformer.", "conditioner.embedders.1.model."
CLIP_REFINER = "conditioner.embedders.0.model."


def look_at_file(path: Path, family: Family | None = None, configs: Path | None = None) -> Layout:
    """Identifies a file; see :func:`stylus_daw.engine.layouts.identify.identify`."""
    header = read_header(path)
    if is_lora(header):
        return _look_at_lora(path, family)
    _check_file(path, header)
    _check_tensors(path, header)
    noise = noise_of_file(path, header)
    found = family or _family_of_file(path, header, noise)
    if found in {SD_2_BASE, SD_2_V}:  # the families differ in what they predict
        noise.pop("prediction_type", None)
    return Layout(path=path, kind=Kind.FILE, family=found, weights=(path,), configs=configs or found.facts, noise=noise)


def is_lora(header: Header) -> bool:
    """Whether a file holds a LoRA and nothing else."""
    return bool(header.tensors) and all("lora" in name or name.endswith("alpha") for name in header.tensors)


def _look_at_lora(path: Path, family: Family | None) -> Layout:
    """The engine uses one kind of LoRA, which needs only a few steps."""
    if family is not LCM_LORA and "lcm" not in str(path).lower():
        text = f"is a LoRA without LCM in its name; if it is one for Stable Diffusion 1.x, add --family {LCM_LORA.id}"
        raise unknown_layout(path, text)
    return Layout(path=path, kind=Kind.LORA, family=LCM_LORA, weights=(path,), configs=LCM_LORA.facts)


def _family_of_file(path: Path, header: Header, noise: Mapping[str, Any]) -> Family:
    if header.has(CLIP_XL_2):
        return SDXL
    if header.has(CLIP_2):
        return _second_generation(path, header.metadata, noise.get("prediction_type"))
    return RIFFUSION if "riffusion" in path.name.lower() else SD_1


def _second_generation(path: Path, metadata: Mapping[str, str], prediction: str | None) -> Family:
    """2.x base or v-prediction: the weights look the same, so the metadata or the name must tell."""
    said = " ".join([metadata.get("modelspec.architecture", ""), path.name]).lower()
    if prediction is not None:
        return SD_2_V if prediction == "v_prediction" else SD_2_BASE
    if "768" in said:
        return SD_2_V
    if "512" in said or "base" in said:
        return SD_2_BASE
    text = (
        f"{path.name} is a Stable Diffusion 2.x, but neither its metadata nor its name says whether it predicts noise "
        f"or velocity. Register it with: stylus-daw models add NAME {path} --family {SD_2_V.id} (768 pixels, "
        f"v-prediction) or --family {SD_2_BASE.id} (512 pixels)."
    )
    raise CheckpointError("checkpoint.ambiguous", text)


def _check_file(path: Path, header: Header) -> None:
    if not header.has(LDM_UNET):
        raise unknown_layout(path, f"has no tensors {LDM_UNET}… (the original layout)")
    if header.has(CLIP_REFINER) and not header.has(CLIP_XL_2):
        raise unknown_layout(path, "is an XL refiner, which cannot start from an image alone; use the base")
    entry = header.tensors.get(f"{LDM_UNET}input_blocks.0.0.weight")
    if entry is not None and entry.shape[1] != 4:
        raise unknown_layout(path, f"has a UNet of {entry.shape[1]} input channels (inpainting or editing)")
    if not header.has(LDM_VAE):
        raise _lacking(path, "VAE")
    if not any(header.has(prefix) for prefix in (CLIP_1, CLIP_2, CLIP_XL_2)):
        raise _lacking(path, "text encoder")


def _check_tensors(path: Path, header: Header) -> None:
    for prefix in (LDM_UNET, LDM_VAE):
        check_used(path, header, is_plain=True, prefix=prefix)
    for prefix in (CLIP_1, CLIP_2, CLIP_XL, CLIP_XL_2):
        check_used(path, header, is_plain=False, prefix=prefix)


def _lacking(path: Path, part: str) -> CheckpointError:
    return CheckpointError("checkpoint.incomplete", f"{path.name} does not contain a {part}. Download the full file.")
