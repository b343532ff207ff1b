"""Trains the recogniser, and says how well it hears soundfonts that it has never heard."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from training.recogniser.augmenting import Equalising, draw_window
from training.recogniser.clips import Clips
from training.recogniser.image import Decibels, sounding_windows
from training.recogniser.net import BENCHMARKED, PROGRAMS, Recogniser
from training.train import has_fast_bf16

BATCH, WEIGHT_DECAY, SAVE_EVERY, PRINT_EVERY = 64, 0.02, 50, 25
FAMILY = 8
"""Programs of one General MIDI family."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A part of the training.

    Attributes:
        name: of its state on disk.
        rows: of the programs that are told apart.
        steps: of 64 windows.
        peak: learning rate; warmed up over ``warm_up`` steps, then half a cosine.
        smoothing: of the labels.
        full_from: share of the steps after which equalisation is as heavy as it gets.
        equalising: how it is drawn.
        seed: of everything.
    """

    name: str
    rows: Sequence[int]
    steps: int
    peak: float
    warm_up: int
    smoothing: float
    full_from: float
    equalising: Equalising
    seed: int

    def rate(self, step: int) -> float:
        cosine = 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * step / self.steps))
        return self.peak * min(1.0, (step + 1) / self.warm_up) * cosine

    def amount(self, step: int) -> float:
        """Of equalisation, 0..1."""
        return min(1.0, step / self.steps / self.full_from) if self.full_from else 1.0


def stages(broad: int, narrow: int) -> tuple[Stage, Stage]:
    """First all programs, then those that the benchmark plays, under match equalisers besides."""
    return (
        Stage(
            name="broad",
            rows=range(len(PROGRAMS)),
            steps=broad,
            peak=2e-3,
            warm_up=100,
            smoothing=0.1,
            full_from=0.35,
            equalising=Equalising(borrowed_share=0.3, borrowed_bands=9),
            seed=3,
        ),
        Stage(
            name="narrow",
            rows=BENCHMARKED,
            steps=narrow,
            peak=1.5e-3,
            warm_up=20,
            smoothing=0.0,
            full_from=0.0,
            equalising=Equalising(borrowed_share=0.5, borrowed_bands=5),
            seed=4,
        ),
    )


def train(clips: Clips, net: Recogniser, stage: Stage, run: Path) -> None:
    """Trains the net through a stage, resuming one that was interrupted and loading one that is done."""
    state = run / f"{stage.name}.pt"
    torch.manual_seed(stage.seed)
    known, optimiser = clips.of(stage.rows), torch.optim.AdamW(net.parameters(), stage.peak, weight_decay=WEIGHT_DECAY)
    for step in range(resume(state, net, optimiser), stage.steps):
        loss = _learn(net.train(), optimiser, known, stage, step)
        if step % PRINT_EVERY == PRINT_EVERY - 1:
            print(f"{stage.name} step {step + 1} of {stage.steps} loss {loss:.3f}", flush=True)
        if step % SAVE_EVERY == SAVE_EVERY - 1 or step == stage.steps - 1:
            save(state, net, optimiser, step + 1)
    net.eval()


def _learn(net: Recogniser, optimiser: torch.optim.Optimizer, clips: Clips, stage: Stage, step: int) -> float:
    for group in optimiser.param_groups:
        group["lr"] = stage.rate(step)
    rng = np.random.default_rng([stage.seed, step])
    chosen = rng.integers(len(clips.programs), size=BATCH)
    windows = [draw_window(clips, int(i), rng, stage.equalising, stage.amount(step)) for i in chosen]
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=has_fast_bf16(torch.device("cpu"))):
        logits = net(torch.from_numpy(np.stack(windows)))
    rows = torch.tensor(list(stage.rows))
    wanted = torch.searchsorted(rows, torch.from_numpy(clips.programs[chosen]))
    loss = nn.functional.cross_entropy(logits.float()[:, rows], wanted, label_smoothing=stage.smoothing)
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    optimiser.step()
    return float(loss.detach())


def learn_steps(
    net: nn.Module,
    optimiser: torch.optim.Optimizer,
    state: Path,
    steps: int,
    *,
    rate: Callable[[int], float],
    learn: Callable[[int], float],
) -> None:
    """Learns until ``steps`` are done, going on from ``state`` and keeping it; the net listens afterwards.

    Args:
        net, optimiser: what ``state`` holds.
        state: a file.
        steps: in all.
        rate: of learning, by step.
        learn: does a step and returns its loss.
    """
    losses = []
    for step in range(resume(state, net, optimiser), steps):
        for settings in optimiser.param_groups:
            settings["lr"] = rate(step)
        net.train()
        losses.append(learn(step))
        if step % PRINT_EVERY == PRINT_EVERY - 1:
            print(f"step {step + 1} of {steps} loss {np.mean(losses[-PRINT_EVERY:]):.3f}", flush=True)
        if step % SAVE_EVERY == SAVE_EVERY - 1 or step == steps - 1:
            save(state, net, optimiser, step + 1)
    net.eval()


def warmed_cosine(step: int, steps: int, peak: float, warm_up: int) -> float:
    """Learning rate that rises over ``warm_up`` steps to ``peak`` and falls to a hundredth of it."""
    return peak * min(1.0, (step + 1) / warm_up) * (0.505 + 0.495 * math.cos(math.pi * step / steps))


def resume(state: Path, net: nn.Module, optimiser: torch.optim.Optimizer) -> int:
    """The first step that is not done."""
    if not state.exists():
        return 0
    kept = torch.load(state, weights_only=True)
    net.load_state_dict(kept["net"])
    optimiser.load_state_dict(kept["optimiser"])
    return kept["step"]


def save(state: Path, net: nn.Module, optimiser: torch.optim.Optimizer, step: int) -> None:
    """Where a training stands, whole or not at all."""
    temp = state.with_suffix(".tmp")
    torch.save({"net": net.state_dict(), "optimiser": optimiser.state_dict(), "step": step}, temp)
    temp.replace(state)


@torch.no_grad()
def log_probabilities(net: Recogniser, image: Decibels) -> Tensor:
    """Of the benchmark's programs, mean over a clip's windows. Shape: ``[bands, frames] -> [BENCHMARKED]``."""
    logits = net(torch.from_numpy(sounding_windows(image))).float()
    return logits[:, torch.tensor(BENCHMARKED)].log_softmax(1).mean(0)


def accuracy(net: Recogniser, clips: Clips) -> dict[str, float]:
    """On clips of the benchmark's programs: the program, its family, and the right one of two programs."""
    known = clips.of(BENCHMARKED)
    heard = torch.stack([log_probabilities(net, known.decibels(i)) for i in range(len(known.programs))])
    rows = torch.tensor(BENCHMARKED)
    wanted = torch.searchsorted(rows, torch.from_numpy(known.programs))
    best = heard.argmax(1)
    own = heard.gather(1, wanted[:, None])
    return {
        "clips": len(wanted),
        "program": (best == wanted).float().mean().item(),
        "family": (rows[best] // FAMILY == rows[wanted] // FAMILY).float().mean().item(),
        "one_of_two": ((own > heard).float().sum(1) / (len(rows) - 1)).mean().item(),
    }
