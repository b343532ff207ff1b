"""Which layers of a UNet take the swap: the self-attention of its decoder, chosen by resolution.

Stylus (arXiv 2411.15913) names 32x32 and 64x64 on Stable Diffusion 1.5: six layers. These are the two
finest resolutions at which its decoder attends, and we read it so for every family (decision 0031):

=====================  ======  ==================  ======
family                 latent  the two finest      layers
=====================  ======  ==================  ======
Stable Diffusion 1.x   64      32, 64              3 + 3
2.x base               64      32, 64              3 + 3
2.1, v-prediction      96      48, 96              3 + 3
XL base                128     32, 64              30 + 6
=====================  ======  ==================  ======

XL does not attend at its full 128; it has ten transformer layers per block at 32 and two at 64.
"""

from __future__ import annotations

from collections.abc import Callable

from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel

FINEST = 2  # resolutions: as Stylus on 1.5


def decoder_resolutions(unet: UNet2DConditionModel) -> dict[str, int]:
    """Side of the latent, in tokens, at every decoder block that attends, coarse to fine."""
    kinds = unet.config["up_block_types"]
    side = int(unet.config["sample_size"])
    return {
        f"up_blocks.{index}": side // 2 ** (len(kinds) - 1 - index)
        for index, kind in enumerate(kinds)
        if "CrossAttn" in kind
    }


def injected_layers(unet: UNet2DConditionModel, finest: int = FINEST) -> Callable[[str], bool]:
    """Chooses, by name, the self-attention of the ``finest`` resolutions at which the decoder attends."""
    prefixes = tuple(f"{block}." for block in list(decoder_resolutions(unet))[-finest:])
    return lambda name: name.startswith(prefixes) and name.endswith("attn1")


def projected_numbers(unet: UNet2DConditionModel, finest: int = FINEST) -> int:
    """Count of numbers in the queries, keys and values of one tile's injected layers, at one timestep."""
    chosen, sides = injected_layers(unet, finest), decoder_resolutions(unet)
    layers = {name: module for name, module in unet.named_modules() if chosen(name)}
    return sum(3 * sides[_block(name)] ** 2 * module.to_q.out_features for name, module in layers.items())


def _block(layer: str) -> str:
    return ".".join(layer.split(".")[:2])
