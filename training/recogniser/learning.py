"""Trains the recogniser, and says how well it hears soundfonts that it has never heard."""

from __future__ import annotations

import math
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from training.recogniser.augmenting import draw_window
from training.recogniser.clips import Clips
from training.recogniser.image import sounding_windows
from training.recogniser.net import PROGRAMS, Recogniser
from training.train import has_fast_bf16
from training.voices import HELD_OUT_PROGRAMS

PEAK_RATE, WARM_UP_STEPS, BATCH, SMOOTHING = 2e-3, 100, 64, 0.1
FULL_FROM = 0.35
"""Share of the training after which equalisation is as heavy as it gets."""
FAMILY = 8
"""Programs of one General MIDI family."""


def train(clips: Clips, state: Path, minutes: float) -> Recogniser:
    """A recogniser after ``minutes``; what was interrupted goes on from ``state``."""
    torch.manual_seed(3)
    rng = np.random.default_rng(3)
    net = Recogniser().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimiser = torch.optim.AdamW(net.parameters(), PEAK_RATE, weight_decay=0.02)
    spent, step = _resume(state, net, optimiser)
    clock = saved = time.monotonic()
    while spent < minutes:
        done = spent / minutes
        loss = _learn(net, optimiser, clips, rng, _rate(step, done), min(1.0, done / FULL_FROM))
        step += 1
        now = time.monotonic()
        spent, clock = spent + (now - clock) / 60, now
        if step % 50 == 0:
            print(f"step {step} {spent:.1f} min loss {loss:.3f}", flush=True)
        if now - saved > 60 or spent >= minutes:
            saved = now
            _save(state, net, optimiser, spent, step)
    return net.eval()


def _learn(
    net: Recogniser,
    optimiser: torch.optim.Optimizer,
    clips: Clips,
    rng: np.random.Generator,
    rate: float,
    amount: float,
) -> float:
    for group in optimiser.param_groups:
        group["lr"] = rate
    chosen = rng.integers(len(clips.programs), size=BATCH)
    windows = torch.from_numpy(np.stack([draw_window(clips, int(i), rng, amount) for i in chosen]))
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=has_fast_bf16(torch.device("cpu"))):
        logits = net(windows)
    wanted = torch.from_numpy(clips.programs[chosen])
    loss = nn.functional.cross_entropy(logits.float(), wanted, label_smoothing=SMOOTHING)
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    optimiser.step()
    return float(loss.detach())


def _rate(step: int, done: float) -> float:
    """Linear warm-up, then half a cosine."""
    return (
        PEAK_RATE * min(1.0, (step + 1) / WARM_UP_STEPS) * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(done, 1))))
    )


def _resume(state: Path, net: nn.Module, optimiser: torch.optim.Optimizer) -> tuple[float, int]:
    if not state.exists():
        return 0.0, 0
    kept = torch.load(state, weights_only=True)
    net.load_state_dict(kept["net"])
    optimiser.load_state_dict(kept["optimiser"])
    return kept["minutes"], kept["step"]


def _save(state: Path, net: nn.Module, optimiser: torch.optim.Optimizer, minutes: float, step: int) -> None:
    temp = state.with_suffix(".tmp")
    kept = {"net": net.state_dict(), "optimiser": optimiser.state_dict(), "minutes": minutes, "step": step}
    torch.save(kept, temp)
    temp.replace(state)


@torch.no_grad()
def log_probabilities(net: Recogniser, image: np.ndarray) -> Tensor:
    """Mean over the windows of a clip. Shape: ``[bands, frames] -> [programs]``."""
    return net(torch.from_numpy(sounding_windows(image))).float().log_softmax(1).mean(0)


def accuracy(net: Recogniser, clips: Clips) -> dict[str, float]:
    """On clips: program and family right, and the right one of two programs (both of those the benchmark plays)."""
    heard = torch.stack([log_probabilities(net, clips.decibels(i)) for i in range(len(clips.programs))])
    wanted = torch.from_numpy(clips.programs)
    best = heard.argmax(1)
    benched = torch.tensor([PROGRAMS.index(p) for p in HELD_OUT_PROGRAMS])
    rows = torch.isin(wanted, benched)
    own = heard[rows].gather(1, wanted[rows, None])
    wins = (own > heard[rows][:, benched]).float().sum(1) / (len(benched) - 1)
    return {
        "clips": len(wanted),
        "program": (best == wanted).float().mean().item(),
        "family": (best // FAMILY == wanted // FAMILY).float().mean().item(),
        "one_of_two": wins.mean().item(),
    }
