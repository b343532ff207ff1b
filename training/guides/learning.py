"""Trains the net on top of the guide: truth = guide + net(content, guide | keys and values of the style)."""

from __future__ import annotations

import csv
import time
from pathlib import Path
from typing import cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d

from stylus_daw.engine.attention import Injection, Swap, install, joined
from stylus_daw.engine.mini.net import run_net
from training.guides.pool import GuideBatch, GuidePool
from training.train import Trainer, distance, has_fast_bf16, learning_rate, make_trainer, some_moments

ENVELOPE_BANDS = 8
ENVELOPE_SCALES = (1, 2, 4, 8)
"""Frames over which rises and falls are compared: 10 to 80 ms."""
ENVELOPE_WEIGHT = 0.5
CHECK_EVERY, LOOK_EVERY, PRINT_EVERY = 60, 60, 20


def guided(net: nn.Module, injection: Injection, batch: GuideBatch) -> Tensor:
    """The net's result. Shape: ``[contents, 1, bands, frames]``."""
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=has_fast_bf16(torch.device("cpu"))):
        with injection.record() as recording:
            run_net(net, batch.style, batch.style)  # type: ignore[arg-type]
        context = joined(some_moments(recording), groups=batch.style.shape[0])
        with injection.inject(Swap(styles=[(1.0, context)])):
            residual = run_net(net, batch.content, batch.guide)  # type: ignore[arg-type]
    return batch.guide + residual.float()


def envelope_distance(result: Tensor, truth: Tensor) -> Tensor:
    """How differently groups of bands rise and fall, over four spans of time.

    An average of two instruments has neither's attack; this is where it costs. Images ``[n, 1, bands, frames]``.
    """
    ours, theirs = (avg_pool2d(image, (ENVELOPE_BANDS, 1)) for image in (result, truth))
    total = ours.new_zeros(())
    for scale in ENVELOPE_SCALES:
        rise, wanted = (image[..., scale:] - image[..., :-scale] for image in (ours, theirs))
        total = total + (rise - wanted).abs().mean()
    return total / len(ENVELOPE_SCALES)


def begin_at_guide(trainer: Trainer) -> None:
    """The last layer starts at zero: the net has learnt to see, and what it adds to a guide it learns anew.

    What it added to row-matched content were the content's envelopes, among others, and a guide has the style's.
    """
    for net in (trainer.net, trainer.ema):
        for parameter in cast("nn.Module", net.conv_out).parameters():
            nn.init.zeros_(parameter)


def learn(trainer: Trainer, batch: GuideBatch, rate: float) -> float:
    """One step; gives the L1 distance to the truth."""
    for group in trainer.optimiser.param_groups:
        group["lr"] = rate
    result = guided(trainer.net, trainer.injection, batch)
    loss, l1 = distance(result, batch.truth)
    loss = loss + ENVELOPE_WEIGHT * envelope_distance(result, batch.truth)
    trainer.descend(loss)
    return l1


@torch.no_grad()
def check(trainer: Trainer, batches: list[GuideBatch]) -> dict[str, float]:
    """L1 and envelope distance of the averaged weights and of the bare guide, on held-out voices."""
    rows = []
    injection = install(trainer.ema)
    for batch in batches:
        result = guided(trainer.ema, injection, batch)
        pairs = ((result, batch.truth), (batch.guide, batch.truth))
        rows.append([f(a, b).item() for a, b in pairs for f in (_l1, envelope_distance)])
    means = np.mean(rows, axis=0)
    return dict(zip(("val_l1", "val_envelope", "guide_l1", "guide_envelope"), means.round(4).tolist(), strict=True))


def _l1(result: Tensor, truth: Tensor) -> Tensor:
    return (result - truth).abs().mean()


def train(
    data: Path,
    run: Path,
    begin_with: Path,
    minutes: float,
    *,
    styles: int,
    peak: float,
    voices: int | None = None,
) -> None:
    """For ``minutes``, resuming a run that was interrupted. ``run/best.pt`` is the best on held-out voices."""
    run.mkdir(parents=True, exist_ok=True)
    trainer = make_trainer(torch.device("cpu"), begin_with)
    begin_at_guide(trainer)
    if (run / "state.pt").exists():
        trainer.load(run / "state.pt")
    pool, unseen = GuidePool(most_voices=voices), GuidePool()
    unseen.extend(data, held_out=True)
    checks, recent = unseen.all(8), []
    clock = time.monotonic()
    while trainer.minutes < minutes:
        if trainer.step % LOOK_EVERY == 0 or not len(pool):
            print(f"{pool.extend(data)} triples of {len(pool.voices)} voices", flush=True)
        batch = pool.draw(np.random.default_rng([31, trainer.step]), styles)
        recent.append(learn(trainer, batch, peak * learning_rate(trainer.step, trainer.minutes / minutes)))
        now = time.monotonic()
        trainer.minutes, clock = trainer.minutes + (now - clock) / 60, now
        if trainer.step % PRINT_EVERY == 0:
            print(f"step {trainer.step} {trainer.minutes:.1f} min L1 {np.mean(recent[-60:]):.4f}", flush=True)
        if trainer.step % CHECK_EVERY == 0 or trainer.minutes >= minutes:
            _keep(run, trainer, check(trainer, checks), float(np.mean(recent[-60:])))
            clock = time.monotonic()


def _keep(run: Path, trainer: Trainer, figures: dict[str, float], l1: float) -> None:
    """Save, and keep the best of all so far apart."""
    row = {"step": trainer.step, "minutes": round(trainer.minutes, 1), "l1": round(l1, 4), **figures}
    print(row, flush=True)
    earlier = _log(run)
    if not earlier or figures["val_l1"] < min(float(r["val_l1"]) for r in earlier):
        trainer.save(run / "best.pt")
    trainer.save(run / "state.pt")
    with (run / "log.csv").open("a", newline="") as out:
        writer = csv.DictWriter(out, fieldnames=list(row))
        if not earlier:
            writer.writeheader()
        writer.writerow(row)


def _log(run: Path) -> list[dict[str, str]]:
    if not (run / "log.csv").exists():
        return []
    with (run / "log.csv").open(newline="") as rows:
        return list(csv.DictReader(rows))
