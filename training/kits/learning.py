"""Trains a judge: two loops of one kit lie near each other, whatever they play and however they are equalised."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, permutations
from pathlib import Path

import numpy as np
import torch
from scipy.ndimage import uniform_filter1d
from torch import Tensor, nn

from training.kits.loops import KITS_PER_GROUP, PATTERNS
from training.recogniser.augmenting import Equalising, draw_window, random_curve
from training.recogniser.clips import Clips
from training.recogniser.image import DEPTH_DB, HEADROOM_DB, Decibels, sounding_windows, window_values
from training.recogniser.learning import WEIGHT_DECAY, learn_steps, warmed_cosine
from training.recogniser.net import Recogniser

WIDTHS, PLACES = (16, 24, 48, 64), 48
"""Channels of the net; dimensions of the space in which it places loops."""
GROUPS_PER_STEP, PEAK, WARM_UP, FULL_FROM, TEMPERATURE = 2, 2e-3, 40, 0.35, 0.1
EQUALISING = Equalising(share=0.8, borrowed_share=0.4, borrowed_bands=5)
BLURRED, MOST_FRAMES, FLOORED, FLOOR_DB = 0.6, 5, 0.7, (35.0, 60.0)
"""Share of windows smeared over up to 100 ms, and of those that never fall silent; how far under the level."""


def new_judge() -> Recogniser:
    """The recogniser's net, smaller, with places for programs."""
    return Recogniser(WIDTHS, PLACES).to(memory_format=torch.channels_last)  # type: ignore[call-overload]


@torch.no_grad()
def place(net: Recogniser, image: Decibels) -> Tensor:
    """Where a clip lies, on the unit sphere. Shape: ``[bands, frames] -> [PLACES]``."""
    places = nn.functional.normalize(net(torch.from_numpy(sounding_windows(image))), dim=1)
    return nn.functional.normalize(places.mean(0), dim=0)


def train(groups: Sequence[Clips], net: Recogniser, state: Path, steps: int) -> None:
    """Trains for ``steps`` in all, resuming where it was interrupted."""
    torch.manual_seed(5)
    optimiser = torch.optim.AdamW(net.parameters(), PEAK, weight_decay=WEIGHT_DECAY)
    learn_steps(
        net,
        optimiser,
        state,
        steps,
        rate=lambda step: warmed_cosine(step, steps, PEAK, WARM_UP),
        learn=lambda step: _learn(net, optimiser, groups, step, min(1.0, step / steps / FULL_FROM)),
    )


def _learn(
    net: Recogniser, optimiser: torch.optim.Optimizer, groups: Sequence[Clips], step: int, amount: float
) -> float:
    rng = np.random.default_rng([5, step])
    picked = [groups[i] for i in rng.choice(len(groups), GROUPS_PER_STEP, replace=False)]
    windows = np.concatenate([_two_of_each(group, rng, amount) for group in picked])
    places = nn.functional.normalize(net(torch.from_numpy(windows)), dim=1)
    loss = torch.stack([_loss(of_group) for of_group in places.chunk(len(picked))]).mean()
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    optimiser.step()
    return float(loss.detach())


def _two_of_each(group: Clips, rng: np.random.Generator, amount: float) -> Decibels:
    """Two patterns by each kit, equalised apart. Shape: ``[2 kits, bands, frames]``, first ones first."""
    patterns = np.stack([rng.permutation(PATTERNS)[:2] for _ in range(KITS_PER_GROUP)], axis=1)
    chosen = (np.arange(KITS_PER_GROUP) * PATTERNS + patterns).reshape(-1)
    windows = (draw_window(group, int(i), rng, EQUALISING, amount) for i in chosen)
    return np.stack([weathered(window, rng) for window in windows])


def weathered(window: Decibels, rng: np.random.Generator) -> Decibels:
    """What processing leaves on any loop: smeared attacks, silence that is not quite silent. Shape kept.

    A judge that knows a kit by the depth of its silence knows no kit.
    """
    decibels = window * np.float32(DEPTH_DB + HEADROOM_DB) - np.float32(DEPTH_DB)
    if rng.random() < BLURRED:
        smeared = uniform_filter1d(10.0 ** (decibels / 10.0), int(rng.integers(2, MOST_FRAMES + 1)), axis=1)
        decibels = 10.0 * np.log10(smeared)
    if rng.random() < FLOORED:
        decibels = np.maximum(decibels, -rng.uniform(*FLOOR_DB) + rng.normal(0, 3, decibels.shape))
    return window_values(decibels.astype(np.float32))


def _loss(places: Tensor) -> Tensor:
    """Each window must find the other one of its kit among all of the group. Shape: ``[2 kits, PLACES] -> []``."""
    alike = places @ places.T / TEMPERATURE
    alike = alike.masked_fill(torch.eye(len(places), dtype=torch.bool), -1e4)
    return nn.functional.cross_entropy(alike, torch.arange(len(places)).roll(len(places) // 2))


def accuracy(net: Recogniser, clips: Clips) -> dict[str, float]:
    """On kits of one soundfont, each on the same patterns: how often a loop finds its kit among two.

    Both play another pattern than the loop, the same one. ``equalised``: under a random curve.
    """
    rng = np.random.default_rng(6)
    decibels = [clips.decibels(i) for i in range(len(clips.programs))]
    curved = [image + random_curve(rng, len(image))[:, None] for image in decibels]
    plain, equalised = (torch.stack([place(net, image) for image in images]) for images in (decibels, curved))
    return {
        "loops": len(decibels),
        "one_of_two": _one_of_two(plain, plain),
        "equalised": _one_of_two(equalised, plain),
    }


def _one_of_two(loops: Tensor, known: Tensor) -> float:
    """Shape: ``[kits * PATTERNS, PLACES]`` twice."""
    alike = (loops @ known.T).reshape(-1, PATTERNS, len(known) // PATTERNS, PATTERNS)
    kits = range(alike.shape[0])
    cases = [(a, b, p, q) for a, b in permutations(kits, 2) for p, q in combinations(range(PATTERNS), 2)]
    return float(np.mean([bool(alike[a, p, a, q] > alike[a, p, b, q]) for a, b, p, q in cases]))
