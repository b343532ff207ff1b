"""Stable Diffusion checkpoints with random weights, for speed: the numbers do not matter to it, their shapes do."""

from __future__ import annotations

from typing import Any, cast

import torch
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel

from stylus_daw.engine.diffusion.checkpoint import DiffusionCheckpoint
from stylus_daw.engine.diffusion.latents import LatentCodec
from stylus_daw.engine.inverting.prompt import Condition
from stylus_daw.engine.inverting.schedule import NoiseSchedule
from stylus_daw.engine.layouts.family import SD_1
from stylus_daw.engine.layouts.layout import read_config
from stylus_daw.engine.machine.device import Device

TINY_UNET = {
    "block_out_channels": (16, 32, 32, 32),
    "attention_head_dim": 2,
    "cross_attention_dim": 32,
    "norm_num_groups": 8,
}
TINY_VAE = {"block_out_channels": (8, 8, 8, 8), "norm_num_groups": 4}


def random_checkpoint(device: Device, *, is_full_size: bool, side: int = 64, seed: int = 0) -> DiffusionCheckpoint:
    """Stable Diffusion 1.5, or the same layout with few channels.

    Args:
        device: where.
        is_full_size: 860 M parameters, else about 0.3 M.
        side: of the latent; 64 makes tiles of 5.12 s.
        seed: of the weights.
    """
    torch.manual_seed(seed)
    unet = {**read_config(SD_1.facts / "unet" / "config.json"), "sample_size": side}
    vae = read_config(SD_1.facts / "vae" / "config.json")
    if not is_full_size:
        unet, vae = unet | TINY_UNET, vae | TINY_VAE
    width = int(cast(Any, unet["cross_attention_dim"]))
    model = _made(UNet2DConditionModel, unet).to(device.stored)
    return DiffusionCheckpoint(
        name="full-size Stable Diffusion 1.5" if is_full_size else "tiny Stable Diffusion",
        sha256=f"random {seed}",
        unet=device.placed(model),
        codec=LatentCodec(vae=device.placed(_made(AutoencoderKL, vae))),
        schedule=NoiseSchedule.from_config({}),
        device=device,
        condition=Condition(hidden=torch.randn(1, 77, width).to(device.torch)),
    )


def _made(kind: Any, config: dict[str, Any]) -> Any:
    return kind.from_config(config)
