"""How much arithmetic full-size Stable Diffusion 1.5 needs, ours and as published: counted, nothing is computed.

What remains of a speed-up on hardware that one tile already fills, in the same precision: neither batches nor half
precision help there. Used by ``bench.diffusion.recipe``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from torch.utils.flop_counter import FlopCounterMode

from stylus_daw.engine.attention import Swap, install
from stylus_daw.engine.diffusion.checkpoint import STEPS
from stylus_daw.engine.diffusion.injected_layers import injected_layers
from stylus_daw.engine.diffusion.tiles import LatentTiles
from stylus_daw.engine.layouts.family import SD_1
from stylus_daw.engine.layouts.layout import read_config

SIDE, FACTOR, PROMPT = 64, 8, 77
FRAMES_PER_MINUTE = 6_000
PUBLISHED_PLAIN, PUBLISHED_SWAPPED = 99, 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Operations of one tile, in 10^12 floating-point operations."""

    plain: float
    swapped: float
    encode: float
    decode: float


def arithmetic() -> list[str]:
    """A table: per minute of audio, the style already inverted in ours."""
    work, tiles = _work(), len(LatentTiles(frames=FRAMES_PER_MINUTE, side=SIDE * FACTOR, factor=FACTOR))
    pairs = FRAMES_PER_MINUTE / (SIDE * FACTOR)
    published = pairs * (
        PUBLISHED_PLAIN * work.plain + PUBLISHED_SWAPPED * work.swapped + 2 * work.encode + work.decode
    )
    lines = [
        "\n## Full size, by arithmetic\n\nStable Diffusion 1.5, per minute of audio, counted by "
        "`bench/diffusion/arithmetic.py`; the styles' inversion is not in ours. The VAE's share is that of ours.\n",
        "| | 10^12 operations | of them VAE | published / ours |\n|---|---|---|---|",
        f"| published | {published:.0f} | {100 * pairs * (2 * work.encode + work.decode) / published:.0f} % | 1 |",
    ]
    for quality, steps in STEPS.items():
        vae = tiles * (work.encode + work.decode)
        total = tiles * ((steps + 1) * work.plain + steps * work.swapped) + vae
        again = tiles * (steps * work.swapped + work.decode)
        lines += [
            _row(f"{quality.value}, {steps} steps", total, vae / total, published),
            _row(f"{quality.value}, another strength", again, tiles * work.decode / again, published),
        ]
    return lines


def _row(name: str, total: float, vae_share: float, published: float) -> str:
    return f"| {name} | {total:.0f} | {100 * vae_share:.0f} % | {published / total:.1f} |"


@torch.inference_mode()
def _work() -> Work:
    with torch.device("meta"):
        unet: Any = UNet2DConditionModel.from_config(read_config(SD_1.facts / "unet" / "config.json"))
        vae: Any = AutoencoderKL.from_config(read_config(SD_1.facts / "vae" / "config.json"))
        latent, image = torch.empty(1, 4, SIDE, SIDE), torch.empty(1, 3, SIDE * FACTOR, SIDE * FACTOR)
        timestep, prompt = torch.zeros(1), torch.empty(1, PROMPT, unet.config["cross_attention_dim"])
        injection = install(unet, injected_layers(unet))
        predict = partial(unet, latent, timestep, encoder_hidden_states=prompt)
        with injection.record() as seen:
            plain = _counted(predict)
        with injection.inject(Swap(content=seen, styles=[(1.0, seen)], strength=0.9, structure=0.75)):
            swapped = _counted(predict)
        encode, decode = _counted(partial(vae.encode, image)), _counted(partial(vae.decode, latent))
        return Work(plain=plain, swapped=swapped, encode=encode, decode=decode)


def _counted(work: Callable[[], object]) -> float:
    with FlopCounterMode(display=False) as counter:
        work()
    return counter.get_total_flops() / 1e12


if __name__ == "__main__":
    print(_work())
    print("\n".join(arithmetic()))
