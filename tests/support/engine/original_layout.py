"""From diffusers' names of tensors to those of the original Stable Diffusion files: the inverse of what loading does.

Written from the modules of the original code (ldm, sgm, open_clip), independently of diffusers' tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

TOP = {
    "time_embedding.linear_1": "time_embed.0",
    "time_embedding.linear_2": "time_embed.2",
    "add_embedding.linear_1": "label_emb.0.0",
    "add_embedding.linear_2": "label_emb.0.2",
    "conv_in": "input_blocks.0.0",
    "conv_norm_out": "out.0",
    "conv_out": "out.2",
    "mid_block.resnets.0": "middle_block.0",
    "mid_block.attentions.0": "middle_block.1",
    "mid_block.resnets.1": "middle_block.2",
}
RESNET = {
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "time_emb_proj": "emb_layers.1",
    "conv_shortcut": "skip_connection",
}
VAE_ATTENTION = {"group_norm": "norm", "to_q": "q", "to_k": "k", "to_v": "v", "to_out.0": "proj_out"}
OPEN_CLIP = {
    "embeddings.position_embedding.weight": "positional_embedding",
    "embeddings.token_embedding.weight": "token_embedding.weight",
}
OPEN_CLIP_LAYER = {
    "layer_norm1": "ln_1",
    "layer_norm2": "ln_2",
    "mlp.fc1": "mlp.c_fc",
    "mlp.fc2": "mlp.c_proj",
    "self_attn.out_proj": "attn.out_proj",
}


def write_single_file(folder: Path, file: Path, family: str, metadata: dict[str, str] | None = None) -> Path:
    """One ``.safetensors`` with all that lies in a diffusers folder, as the original authors publish it."""
    parts = {part.name: load_file(next(part.glob("*.safetensors"))) for part in folder.iterdir() if _is_weighed(part)}
    tensors = {f"model.diffusion_model.{old}": parts["unet"][new] for new, old in unet_names(parts["unet"]).items()}
    tensors |= {f"first_stage_model.{name}": tensor for name, tensor in vae_tensors(parts["vae"]).items()}
    tensors |= text_tensors(parts, family)
    tensors["alphas_cumprod"] = torch.zeros(1000)
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, file, metadata)
    return file


def unet_names(names: Iterable[str]) -> dict[str, str]:
    """Names of a UNet with two layers per block, each with its original name."""
    known = list(names)
    attending = {name.split(".")[1] for name in known if name.startswith("up_blocks.") and ".attentions." in name}
    return {name: _unet_name(name, attending) for name in known}


def _unet_name(name: str, attending: set[str]) -> str:
    for new, old in TOP.items():
        if name.startswith(f"{new}."):
            name = name.replace(new, old, 1)
    found = re.match(r"(down|up)_blocks\.(\d)\.(resnets|attentions|downsamplers|upsamplers)\.(\d)\.", name)
    if found:
        way, block, kind, layer = found.groups()
        rest, first = name[found.end() :], 3 * int(block)
        module = {"resnets": "0", "attentions": "1"}.get(kind)
        if kind == "downsamplers":
            name = f"input_blocks.{first + 3}.0.op.{rest.removeprefix('conv.')}"
        elif kind == "upsamplers":
            name = f"output_blocks.{first + 2}.{2 if block in attending else 1}.{rest}"
        elif way == "down":
            name = f"input_blocks.{first + int(layer) + 1}.{module}.{rest}"
        else:
            name = f"output_blocks.{first + int(layer)}.{module}.{rest}"
    if re.match(r"(input|output)_blocks\.\d+\.0\.|middle_block\.[02]\.", name):
        for new, old in RESNET.items():
            name = name.replace(f".{new}.", f".{old}.")
    return name


def vae_tensors(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    last = max(int(name.split(".")[2]) for name in tensors if name.startswith("decoder.up_blocks."))
    renamed = {}
    for name, tensor in tensors.items():
        new = re.sub(r"up_blocks\.(\d)", lambda found: f"up.{last - int(found[1])}", name)
        new = re.sub(r"down_blocks\.(\d)", r"down.\1", new)
        new = re.sub(r"mid_block\.resnets\.(\d)", lambda found: f"mid.block_{int(found[1]) + 1}", new)
        new = new.replace("mid_block.attentions.0", "mid.attn_1").replace("resnets", "block")
        new = new.replace("downsamplers.0", "downsample").replace("upsamplers.0", "upsample")
        new = new.replace("conv_norm_out", "norm_out").replace("conv_shortcut", "nin_shortcut")
        if ".mid.attn_1." in new:
            for diffusers, original in VAE_ATTENTION.items():
                new = new.replace(f".{diffusers}.", f".{original}.")
            tensor = tensor[:, :, None, None] if tensor.ndim == 2 else tensor
        renamed[new] = tensor
    return renamed


def text_tensors(parts: Mapping[str, Mapping[str, Tensor]], family: str) -> dict[str, Tensor]:
    if family.startswith("sd-2"):
        return _prefixed("cond_stage_model.model.", open_clip_tensors(parts["text_encoder"], unused_layers=1))
    first = {f"text_model.{name.removeprefix('text_model.')}": tensor for name, tensor in parts["text_encoder"].items()}
    first["text_model.embeddings.position_ids"] = torch.arange(77)[None]
    if family != "sdxl":
        return _prefixed("cond_stage_model.transformer.", first)
    second = _prefixed("conditioner.embedders.1.model.", open_clip_tensors(parts["text_encoder_2"]))
    return {**_prefixed("conditioner.embedders.0.transformer.", first), **second}


def open_clip_tensors(tensors: Mapping[str, Tensor], unused_layers: int = 0) -> dict[str, Tensor]:
    """2.x keeps the last layer of its encoder in the file but does not use it."""
    plain = {name.removeprefix("text_model."): tensor for name, tensor in tensors.items()}
    out = {OPEN_CLIP[name]: plain[name] for name in OPEN_CLIP}
    out |= {f"ln_final.{kind}": plain[f"final_layer_norm.{kind}"] for kind in ("weight", "bias")}
    if "text_projection.weight" in plain:
        out["text_projection"] = plain["text_projection.weight"].T
    layers = 1 + max(int(name.split(".")[2]) for name in plain if name.startswith("encoder.layers."))
    for layer in range(layers):
        out |= _prefixed(f"transformer.resblocks.{layer}.", _open_clip_layer(plain, layer))
    for extra in range(unused_layers):
        out |= _prefixed(f"transformer.resblocks.{layers + extra}.", _open_clip_layer(plain, 0))
    return {**out, "logit_scale": torch.tensor(1.0)}


def _open_clip_layer(plain: Mapping[str, Tensor], layer: int) -> dict[str, Tensor]:
    out = {}
    for kind in ("weight", "bias"):
        three = [plain[f"encoder.layers.{layer}.self_attn.{which}_proj.{kind}"] for which in "qkv"]
        out[f"attn.in_proj_{kind}"] = torch.cat(three)
        for new, old in OPEN_CLIP_LAYER.items():
            out[f"{old}.{kind}"] = plain[f"encoder.layers.{layer}.{new}.{kind}"].clone()
    return out


def _prefixed(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {f"{prefix}{name}": tensor for name, tensor in tensors.items()}


def _is_weighed(part: Path) -> bool:
    return part.is_dir() and any(part.glob("*.safetensors"))
