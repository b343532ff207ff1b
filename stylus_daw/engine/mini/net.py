"""The network of stylus-mini: a small UNet that is trained with the attention swap in the loop.

It predicts a residual on top of the content whose rows were matched to the style (frequency-aware AdaIN:
mean and spread of every mel row, over time):

    result = matched + net(content, matched | keys and values of the style)

The style goes through the same network, with itself as both inputs, and its projections are recorded.
If style and content are the same, the residual is trained to be zero, so that a sound styled by itself
stays the same.
"""

from __future__ import annotations

from typing import Any

import torch
from diffusers.models.unets.unet_2d import UNet2DModel
from torch import Tensor, nn
from torch.nn.functional import pixel_shuffle, pixel_unshuffle

from stylus_daw.engine.image.values import GEOMETRY

PATCH = 4  # bands and frames that are folded into channels, so that attention sees 32 rows; not swept
COORDINATES = 4  # numbers that tell each row its frequency

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
FRAMES_MULTIPLE = PATCH * 4  # frames: two downsamplings behind the patches
MIXERS_AT_ENTRY, MIXERS_AT_EXIT, MIXER_HEADS = 1, 1, 4  # blocks and heads: decision 0029; their number was not swept


def make_net(config: dict[str, Any] = NET_CONFIG) -> UNet2DModel:
    """A fresh network; its last layer starts at zero, so that an untrained one is row matching."""
    net = UNet2DModel(**config)
    _zero(net.conv_out)
    channels = config["block_out_channels"][0]
    net.conv_in = nn.Sequential(net.conv_in, *_mixers(MIXERS_AT_ENTRY, channels))  # type: ignore[assignment]
    net.conv_norm_out = nn.Sequential(*_mixers(MIXERS_AT_EXIT, channels), net.conv_norm_out)  # type: ignore[assignment]
    return net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]


def _mixers(count: int, channels: int) -> list[FrequencyMixer]:
    return [FrequencyMixer(channels, rows=GEOMETRY.bands // PATCH) for _ in range(count)]


def _zero(layer: nn.Module) -> None:
    for parameter in layer.parameters():
        nn.init.zeros_(parameter)


class FrequencyMixer(nn.Module):
    """A transformer block along the frequency axis, for each moment by itself, at full resolution.

    In the swap, the content's queries see the style only. Here the content's own rows see each other, so that partials
    appear where its fundamental calls for them. It starts as the identity (decision 0029).

    Args:
        channels: of the images ``[batch, channels, rows, columns]`` that it maps to that shape.
        rows: their height.
    """

    def __init__(self, channels: int, *, rows: int, heads: int = MIXER_HEADS) -> None:
        super().__init__()
        self.heads = heads
        self.norm, self.norm_wide = nn.LayerNorm(channels), nn.LayerNorm(channels)
        self.place = nn.Parameter(0.02 * torch.randn(rows, channels))
        self.bias = nn.Parameter(torch.zeros(heads, rows, rows))
        self.project = nn.Linear(channels, 3 * channels)
        self.out = nn.Linear(channels, channels)
        self.wide = nn.Sequential(nn.Linear(channels, 2 * channels), nn.GELU(), nn.Linear(2 * channels, channels))
        _zero(self.out)
        _zero(self.wide[2])

    def forward(self, images: Tensor) -> Tensor:
        """Shape: ``[batch, channels, rows, columns]``, kept."""
        tokens = images.permute(0, 2, 3, 1)
        tokens = tokens + self._attend(self.norm(tokens) + self.place[:, None])
        tokens = tokens + self.wide(self.norm_wide(tokens))
        return tokens.permute(0, 3, 1, 2)

    def _attend(self, tokens: Tensor) -> Tensor:
        """Along the rows. Shape: ``[batch, rows, columns, channels]``, kept."""
        parts = self.project(tokens).unflatten(-1, (3, self.heads, -1))
        query, key, value = parts.permute(3, 0, 2, 4, 1, 5)
        scores = (query * query.shape[-1] ** -0.5) @ key.transpose(-1, -2) + self.bias
        return self.out((scores.softmax(-1) @ value).permute(0, 3, 1, 2, 4).flatten(-2))


def run_net(net: UNet2DModel, content: Tensor, matched: Tensor) -> Tensor:
    """The residual. Shape: two images ``[batch, 1, bands, frames]`` to one of that shape.

    ``frames`` must be a multiple of 16.
    """
    pair = torch.cat([pixel_unshuffle(content, PATCH), pixel_unshuffle(matched, PATCH)], 1)
    place = _coordinates(pair.shape[2], pair).expand(pair.shape[0], -1, -1, pair.shape[3])
    entry = torch.cat([pair, place], 1).contiguous(memory_format=torch.channels_last)
    timestep = torch.zeros(entry.shape[0], dtype=torch.long, device=entry.device)
    return pixel_shuffle(net(entry, timestep).sample, PATCH)


def _coordinates(rows: int, like: Tensor) -> Tensor:
    """Where in frequency a row lies, told to the network. Shape: ``[1, 4, rows, 1]``."""
    height = torch.linspace(-1.0, 1.0, rows, device=like.device, dtype=like.dtype)
    waves = [height, (torch.pi * height).cos(), (torch.pi * height).sin(), (2 * torch.pi * height).cos()]
    return torch.stack(waves)[None, :, :, None]
