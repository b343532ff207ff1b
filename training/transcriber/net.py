"""The transcriber's network: harmonics stacked per key, a wide view in time at 40 ms, the answer at 10 ms.

Shapes are ``[batch, channels, keys, frames]`` once bins have become keys.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from stylus_daw.engine.notes.features import BANDS, BINS, PER_SEMITONE, WINDOWS
from stylus_daw.engine.notes.note import HEADS, KEYS
from stylus_daw.engine.notes.transcriber import COARSE

HARMONICS = (-36, 0, 36, 57, 72, 84, 93, 108)
"""Bins from a key to its partials 1/2, 1, 2, 3, 4, 5, 6 and 8."""
NET_CONFIG: dict[str, Any] = {"fine": 32, "wide": 96, "dilations": [1, 2, 4, 8], "later": 2, "hits": 32}


class NoteNet(nn.Module):
    """Logits of onset, frame, offset and strength per key, and of percussion."""

    def __init__(self, *, fine: int, wide: int, dilations: list[int], later: int, hits: int) -> None:
        super().__init__()
        channels = len(WINDOWS) * len(HARMONICS)
        self.entry = nn.Conv2d(channels, fine, (5, 3), stride=(PER_SEMITONE, 1), padding=(1, 1))
        self.hits = nn.Sequential(
            nn.Conv1d(BANDS, hits, 5, padding=2),
            nn.BatchNorm1d(hits),
            nn.ReLU(),
            nn.Conv1d(hits, hits, 5, padding=2),
            nn.BatchNorm1d(hits),
            nn.ReLU(),
        )
        self.hits_to_keys = nn.Conv1d(hits, fine, 1)
        self.near = _Block(fine)
        self.down = nn.Conv2d(fine, wide, (1, COARSE), stride=(1, COARSE))
        self.wide = nn.Sequential(*(_far(wide, number, dilation) for number, dilation in enumerate(dilations)))
        self.up = nn.Conv2d(wide, fine, 1)
        self.later = nn.Sequential(*(_Block(fine) for _ in range(later)))
        self.norm = nn.BatchNorm2d(fine)
        self.heads = nn.Conv2d(fine, HEADS, 1)
        self.percussion = nn.Sequential(
            nn.Conv1d(hits + fine, hits, 3, padding=1), nn.ReLU(), nn.Conv1d(hits, 1, 3, padding=1)
        )

    def forward(self, grid: Tensor, bands: Tensor) -> tuple[Tensor, Tensor]:
        """``[n, windows, bins, frames]`` and ``[n, bands, frames]`` to ``[n, 4, keys, frames]``, ``[n, frames]``.

        ``frames`` must be a multiple of 4.
        """
        hits = self.hits(bands)
        keys = self.entry(_stacked(grid)) + self.hits_to_keys(hits)[:, :, None]
        keys = self.near(keys)
        far = self.up(self.wide(self.down(keys)))
        keys = self.later(keys + functional.interpolate(far, scale_factor=(1.0, COARSE), mode="nearest"))
        keys = torch.relu(self.norm(keys))
        drums = self.percussion(torch.cat([hits, keys.mean(2)], 1))
        return self.heads(keys), drums[:, 0]


class _Block(nn.Module):
    """A residual block: neighbours in key and time, then all channels."""

    def __init__(self, channels: int, *, dilation: int = 1) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.BatchNorm2d(channels),
            nn.ReLU(),
            nn.Conv2d(channels, channels, 3, padding=(1, dilation), dilation=(1, dilation)),
            nn.ReLU(),
            nn.Conv2d(channels, channels, 1),
        )

    def forward(self, keys: Tensor) -> Tensor:
        return keys + self.layers(keys)


def _far(channels: int, number: int, dilation: int) -> nn.Module:
    """A block of the wide view; every other one looks at the octaves first, which costs as much as the rest."""
    block = _Block(channels, dilation=dilation)
    return block if number % 2 else nn.Sequential(_Octaves(channels), block)


class _Octaves(nn.Module):
    """Every key sees an octave up and down."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.mix = nn.Conv2d(channels, channels, (25, 1), padding=(12, 0), groups=channels)

    def forward(self, keys: Tensor) -> Tensor:
        return keys + self.mix(keys)


def _stacked(grid: Tensor) -> Tensor:
    """Each partial of a key in a channel of its own. Shape: ``[n, windows, bins, t] -> [n, windows * 8, 264, t]``."""
    low, high = -min(HARMONICS), max(HARMONICS)
    padded = functional.pad(grid, (0, 0, low, max(0, high + PER_SEMITONE * KEYS - BINS)))
    return torch.cat([padded[:, :, low + h : low + h + PER_SEMITONE * KEYS] for h in HARMONICS], 1)


def make_net(config: dict[str, Any] = NET_CONFIG) -> NoteNet:
    """A fresh network."""
    net = NoteNet(**config)
    return net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
