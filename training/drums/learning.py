"""The net in torch, and its training."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy

from stylus_daw.engine.guide.templates.drums import DRUMS, FRAMES, GROUPS
from training.drums.scenes import Hits
from training.recogniser.learning import learn_steps, warmed_cosine

CHANNELS, LAST, HIDDEN = 24, 48, 64
BATCH, PEAK, WARM_UP, WEIGHT_DECAY, SEED = 256, 2e-3, 50, 0.02, 21
DROPPED, FLOORED, FLOOR = 0.3, 0.3, 0.5
"""Of hidden units; share of hits whose silence is filled, and up to which value."""


class DrumNet(nn.Module):
    """As `stylus_daw.engine.guide.templates.drums` runs it without torch; layers bear the same names.

    >>> DrumNet().eval()(torch.zeros(2, 32, 16)).shape
    torch.Size([2, 6])
    """

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(1, CHANNELS, 3, padding=1)
        self.second = nn.Conv2d(CHANNELS, CHANNELS, 3, padding=1)
        self.third = nn.Conv2d(CHANNELS, LAST, 3, padding=1)
        self.hidden = nn.Linear(LAST * (GROUPS // 4) * (FRAMES // 4), HIDDEN)
        self.dropout = nn.Dropout(DROPPED)
        self.out = nn.Linear(HIDDEN, len(DRUMS))

    def forward(self, values: Tensor) -> Tensor:
        x = values[:, None]
        for layer in (self.first, self.second):
            x = nn.functional.max_pool2d(torch.relu(layer(x)), 2)
        x = torch.relu(self.third(x)).flatten(1)
        return self.out(self.dropout(torch.relu(self.hidden(x))))


def new_net() -> DrumNet:
    torch.manual_seed(SEED)
    return DrumNet()


def train(hits: Hits, net: DrumNet, state: Path, steps: int) -> None:
    """Trains for ``steps`` in all, resuming where it was interrupted."""
    optimiser = torch.optim.AdamW(net.parameters(), PEAK, weight_decay=WEIGHT_DECAY)
    learn_steps(
        net,
        optimiser,
        state,
        steps,
        rate=lambda step: warmed_cosine(step, steps, PEAK, WARM_UP),
        learn=lambda step: _learn(net, optimiser, hits, step),
    )


def _learn(net: DrumNet, optimiser: torch.optim.Optimizer, hits: Hits, step: int) -> float:
    rng = np.random.default_rng([SEED, step])
    torch.manual_seed(SEED + step)
    chosen = rng.integers(len(hits.values), size=BATCH)
    values = _floored(hits.values[chosen], rng)
    loss = cross_entropy(net(torch.from_numpy(values)), torch.from_numpy(hits.drums[chosen]))
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    optimiser.step()
    return float(loss.detach())


def _floored(values: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Some hits over a floor, as other sounds leave one. Shape kept."""
    floors = rng.uniform(0, FLOOR, (len(values), 1, 1)) * (rng.random((len(values), 1, 1)) < FLOORED)
    return np.maximum(values, floors).astype(np.float32)
