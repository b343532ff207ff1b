"""Loads a Stable Diffusion of any family, from a folder or a single file. Nothing is downloaded."""

from __future__ import annotations

import logging

from safetensors import SafetensorError
from torch import nn

from stylus_daw.engine.diffusion import xl
from stylus_daw.engine.diffusion.checkpoint import DiffusionCheckpoint
from stylus_daw.engine.diffusion.latents import LatentCodec
from stylus_daw.engine.diffusion.power_curve import PowerCurve
from stylus_daw.engine.diffusion.riffusion import InvertedPowerCurve
from stylus_daw.engine.inverting.prompt import Condition, one_encoder
from stylus_daw.engine.inverting.schedule import NoiseSchedule
from stylus_daw.engine.layouts.family import SDXL, Family
from stylus_daw.engine.layouts.folder_layout import has_zero_prompt
from stylus_daw.engine.layouts.layout import Layout, read_config
from stylus_daw.engine.layouts.source import Source, source_of
from stylus_daw.engine.machine.device import Device
from stylus_daw.errors import CheckpointError

log = logging.getLogger(__name__)


def load_stable_diffusion(layout: Layout, device: Device, *, name: str, sha256: str) -> DiffusionCheckpoint:
    """Load UNet, VAE and the empty prompt's embedding.

    Raises:
        CheckpointError: a part is missing or does not load.
    """
    try:
        return _assembled(layout, device, name, sha256)
    except CheckpointError:
        raise
    except (OSError, ValueError, RuntimeError, KeyError, TypeError, SafetensorError) as error:
        text = f"The checkpoint in {layout.path} cannot be loaded as {layout.family.title}: {error}"
        raise CheckpointError("checkpoint.broken", text) from error


def curve_of(family: Family) -> PowerCurve:
    """The value curve that a family was trained with, or that Stylus uses for it."""
    return InvertedPowerCurve() if family.sees_loud_as_dark else PowerCurve()


def _assembled(layout: Layout, device: Device, name: str, sha256: str) -> DiffusionCheckpoint:
    source = source_of(layout)
    unet = device.placed(source.unet(device))
    codec = LatentCodec(vae=device.placed(source.vae()), is_upright=layout.family.sees_loud_as_dark)
    log.info("%s is %s, a %s", name, layout.family.title, layout.kind.value)
    return DiffusionCheckpoint(
        name=name,
        sha256=sha256,
        unet=unet,
        codec=codec,
        schedule=NoiseSchedule.from_config(layout.scheduler),
        condition=_condition(layout, source, unet, codec, device),
        device=device,
        curve=curve_of(layout.family),
    )


def _condition(layout: Layout, source: Source, unet: nn.Module, codec: LatentCodec, device: Device) -> Condition:
    if layout.family is not SDXL:
        return one_encoder(source, device)
    index = read_config(layout.configs / "model_index.json")
    side = int(unet.config["sample_size"]) * codec.factor  # type: ignore[index, operator]
    return xl.condition(source, unet, device, has_zero_prompt=has_zero_prompt(index), side=side)
