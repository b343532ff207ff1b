"""The recogniser: a small residual CNN over windows of a mel image."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn

from training.voices import HELD_OUT_PROGRAMS

PROGRAMS = tuple(range(120))
"""General MIDI without its sound effects."""
BENCHMARKED = tuple(PROGRAMS.index(program) for program in sorted(HELD_OUT_PROGRAMS))
"""Rows of the programs that the benchmark plays: the engine was trained on none of them."""
WIDTHS = (24, 40, 80, 128)


class Block(nn.Module):
    """Two 3x3 convolutions beside a shortcut; halves bands and frames."""

    def __init__(self, entering: int, leaving: int) -> None:
        super().__init__()
        self.path = nn.Sequential(
            nn.Conv2d(entering, leaving, 3, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(leaving),
            nn.ReLU(),
            nn.Conv2d(leaving, leaving, 3, padding=1, bias=False),
            nn.BatchNorm2d(leaving),
        )
        self.shortcut = nn.Sequential(nn.AvgPool2d(2, ceil_mode=True), nn.Conv2d(entering, leaving, 1, bias=False))

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(self.path(x) + self.shortcut(x))


class Recogniser(nn.Module):
    """Logits of all programs, from the image, its course over time (which no equaliser changes) and the height.

    Shape: ``[n, bands, frames] -> [n, outputs]``.

    Args:
        widths: channels of the entry and after each block.
        outputs: what there is to tell apart; the programs.

    >>> Recogniser().eval()(torch.zeros(2, 128, 100)).shape
    torch.Size([2, 120])
    """

    def __init__(self, widths: tuple[int, ...] = WIDTHS, outputs: int = len(PROGRAMS)) -> None:
        super().__init__()
        first, *_ = widths
        convolution = nn.Conv2d(3, first, (7, 5), stride=(4, 2), padding=(3, 2), bias=False)
        self.entry = nn.Sequential(convolution, nn.BatchNorm2d(first))
        self.blocks = nn.Sequential(*(Block(a, b) for a, b in pairwise(widths)))
        self.head = nn.Sequential(nn.Dropout(0.3), nn.Linear(2 * widths[-1], outputs))

    def forward(self, windows: Tensor) -> Tensor:
        height = torch.linspace(-1, 1, windows.shape[1], device=windows.device)[None, :, None].expand_as(windows)
        course = windows - windows.mean(2, keepdim=True)
        x = self.blocks(torch.relu(self.entry(torch.stack([windows, course, height], 1))))
        return self.head(torch.cat([x.mean((2, 3)), x.amax((2, 3))], 1))
