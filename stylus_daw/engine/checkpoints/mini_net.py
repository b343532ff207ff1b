"""The network of stylus-mini: a small UNet that is trained with the attention swap in the loop.

It predicts a residual on top of the content whose rows were matched to the style (AdaIN that knows
frequency: mean and spread of every mel row, over time):

    result = matched + net(content, matched | keys and values of the style)

The style goes through the same network with itself in both places; its projections are recorded.
Where style and content are the same the residual is trained to be zero, so that strength 0 and
self-style are the identity.
"""

from __future__ import annotations

from typing import Any

import torch
from diffusers.models.unets.unet_2d import UNet2DModel
from torch import Tensor
from torch.nn.functional import pixel_shuffle, pixel_unshuffle

PATCH = 4
COORDINATES = 4
STATISTICS_SPREAD_FLOOR = 0.02
STATISTICS_SPREAD_RANGE = (0.25, 4.0)

NET_CONFIG: dict[str, Any] = {
    "sample_size": [32, 32],
    "in_channels": 2 * PATCH * PATCH + COORDINATES,
    "out_channels": PATCH * PATCH,
    "layers_per_block": 1,
    "block_out_channels": [64, 128, 192],
    "attention_head_dim": 32,
    "norm_num_groups": 16,
    "down_block_types": ["DownBlock2D", "AttnDownBlock2D", "AttnDownBlock2D"],
    "up_block_types": ["AttnUpBlock2D", "AttnUpBlock2D", "AttnUpBlock2D"],
}
FRAMES_MULTIPLE = PATCH * 4


def make_net(config: dict[str, Any] = NET_CONFIG) -> UNet2DModel:
    """A fresh network; its last layer starts at zero, so that an untrained one is row matching."""
    net = UNet2DModel(**config)
    torch.nn.init.zeros_(net.conv_out.weight)
    assert net.conv_out.bias is not None
    torch.nn.init.zeros_(net.conv_out.bias)
    return net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]


def run_net(net: UNet2DModel, content: Tensor, matched: Tensor) -> Tensor:
    """The residual. Shape: two images ``[batch, 1, bands, frames]`` to one of that shape.

    ``frames`` must be a multiple of 16.
    """
    pair = torch.cat([pixel_unshuffle(content, PATCH), pixel_unshuffle(matched, PATCH)], 1)
    place = _coordinates(pair.shape[2], pair).expand(pair.shape[0], -1, -1, pair.shape[3])
    entry = torch.cat([pair, place], 1).contiguous(memory_format=torch.channels_last)
    timestep = torch.zeros(entry.shape[0], dtype=torch.long, device=entry.device)
    return pixel_shuffle(net(entry, timestep).sample, PATCH)


def match_rows(content: Tensor, mean: Tensor, spread: Tensor, style_mean: Tensor, style_spread: Tensor) -> Tensor:
    """Frequency-aware AdaIN on values. Statistics are ``[..., bands, 1]``, images ``[..., bands, frames]``."""
    low, high = STATISTICS_SPREAD_RANGE
    scale = (style_spread.clamp_min(STATISTICS_SPREAD_FLOOR) / spread.clamp_min(STATISTICS_SPREAD_FLOOR)).clamp(
        low, high
    )
    return ((content - mean) * scale + style_mean).clamp(-1.0, 1.0)


def _coordinates(rows: int, like: Tensor) -> Tensor:
    """Where in frequency a row lies, told to the network. Shape: ``[1, 4, rows, 1]``."""
    height = torch.linspace(-1.0, 1.0, rows, device=like.device, dtype=like.dtype)
    waves = [height, (torch.pi * height).cos(), (torch.pi * height).sin(), (2 * torch.pi * height).cos()]
    return torch.stack(waves)[None, :, :, None]
