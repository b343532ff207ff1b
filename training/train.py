"""Trains stylus-mini with the attention swap in the loop. Resumable; one command.

    python -m training.train --data training/runs/data --run training/runs/mini --minutes 95

The content's queries attend to the style's keys and values in every self-attention of the UNet, by
the very module that renders (``stylus_daw.engine.attention``), and the net learns the truth.
"""

from __future__ import annotations

import argparse
import copy
import csv
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from stylus_daw.engine.attention import Injection, Projections, Recording, Swap, install, joined
from stylus_daw.engine.machine.amx import has_bf16_products
from stylus_daw.engine.mini.net import PATCH, make_net, run_net
from training.rows import match_rows
from training.triples import BANDS, Batch, Pool, draw, identical

PEAK_RATE, WARM_UP_STEPS, SEED = 4e-4, 100, 20
IDENTITY_EVERY = 12
SAVE_MINUTES = 4.0
LOOK_EVERY = 200
"""Steps after which shards that have appeared are taken in."""
FINE_TOKENS = 1024
WORKERS_BESIDE_GPU = 8
VALIDATION_SHARD = "shard-000.npz"


@dataclass(slots=True)
class Trainer:
    """Everything that a checkpoint of the training holds."""

    net: nn.Module
    ema: nn.Module
    injection: Injection
    optimiser: torch.optim.Optimizer
    device: torch.device
    step: int = 0
    minutes: float = 0.0

    def learn(self, batch: Batch, rate: float) -> float:
        """One step; returns the L1 distance to the truth."""
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        result = restyle(self.net, self.injection, batch, self.device)
        loss, l1 = distance(result, batch.truth)
        self.descend(loss)
        return l1

    def descend(self, loss: Tensor) -> None:
        """One step down the loss; the averaged weights follow."""
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self.optimiser.step()
        self.step += 1
        self._follow()

    @torch.no_grad()
    def _follow(self) -> None:
        share = max(0.002, 9 / (10 + self.step))
        for slow, fast in zip(self.ema.parameters(), self.net.parameters(), strict=True):
            slow.lerp_(fast, share)

    def save(self, path: Path) -> None:
        state = {
            "net": self.net.state_dict(),
            "ema": self.ema.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "step": self.step,
            "minutes": self.minutes,
        }
        temp = path.with_suffix(".tmp")
        torch.save(state, temp)
        temp.replace(path)

    def load(self, path: Path) -> None:
        state = torch.load(path, map_location=self.device, weights_only=True)
        self.net.load_state_dict(state["net"])
        self.ema.load_state_dict(state["ema"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.step, self.minutes = state["step"], state["minutes"]


def make_trainer(device: torch.device, begin_with: Path | None = None) -> Trainer:
    """A trainer whose net starts at random, or with the weights of ``begin_with``."""
    torch.manual_seed(SEED)
    net = make_net()
    if begin_with is not None:
        net.load_state_dict({name: tensor.float() for name, tensor in load_file(begin_with).items()})
    nn.Module.to(net, device)
    ema = copy.deepcopy(net)
    optimiser = torch.optim.AdamW(net.parameters(), PEAK_RATE, weight_decay=1e-3, betas=(0.9, 0.98))
    return Trainer(net=net, ema=ema, injection=install(net), optimiser=optimiser, device=device)


def restyle(net: nn.Module, injection: Injection, batch: Batch, device: torch.device) -> Tensor:
    """The net's result for a batch. Shape: ``[styles * contents, 1, bands, frames]``."""
    matched = match_rows(batch.content, batch.content_mean, batch.content_spread, batch.style_mean, batch.style_spread)
    with torch.autocast(device.type, dtype=torch.bfloat16, enabled=has_fast_bf16(device)):
        with injection.record() as recording:
            run_net(net, batch.style, batch.style)  # type: ignore[arg-type]
        context = joined(some_moments(recording), groups=batch.style.shape[0])
        with injection.inject(Swap(styles=[(1.0, context)])):
            residual = run_net(net, batch.content, matched)  # type: ignore[arg-type]
    return matched + residual.float()


def has_fast_bf16(device: torch.device) -> bool:
    """Whether bfloat16 is faster than float32: on accelerators, and on processors that multiply it."""
    return device.type != "cpu" or has_bf16_products()


def some_moments(recording: Recording) -> dict[str, Projections]:
    """At the finest layers every other column of the style, the first or the second on: half the cost."""
    first = int(torch.randint(2, ()))

    def some(tensor: Tensor) -> Tensor:
        if tensor.shape[2] < FINE_TOKENS:
            return tensor
        return tensor.unflatten(2, (BANDS // PATCH, -1))[:, :, :, first::2].flatten(2, 3)

    return {name: Projections(some(p.query), some(p.key), some(p.value)) for name, p in recording.items()}


def distance(result: Tensor, truth: Tensor) -> tuple[Tensor, float]:
    """L1, plus the frame-wise log-spectral distance, plus L1 of averages over 80 ms and over 8 bands."""
    error = result - truth
    l1 = error.abs().mean()
    per_frame = (error.square().mean(2) + 1e-5).sqrt().mean()
    pooled = avg_pool2d(error, (1, 8)).abs().mean() + avg_pool2d(error, (8, 1)).abs().mean()
    return l1 + 0.5 * per_frame + 0.25 * pooled, float(l1.detach())


@torch.no_grad()
def validate(trainer: Trainer, batches: list[Batch]) -> dict[str, float]:
    """L1 of the EMA weights, of row matching and of the content itself, on unseen pieces."""
    injection = install(trainer.ema)
    ours, matched, kept = [], [], []
    for batch in batches:
        ours.append((restyle(trainer.ema, injection, batch, trainer.device) - batch.truth).abs().mean().item())
        rows = match_rows(batch.content, batch.content_mean, batch.content_spread, batch.style_mean, batch.style_spread)
        matched.append((rows - batch.truth).abs().mean().item())
        kept.append((batch.content - batch.truth).abs().mean().item())
    return {"val_l1": float(np.mean(ours)), "row_match": float(np.mean(matched)), "content": float(np.mean(kept))}


def learning_rate(step: int, done: float) -> float:
    """Linear warm-up, then half a cosine over the whole time down to 2 %."""
    return (
        PEAK_RATE
        * min(1.0, (step + 1) / WARM_UP_STEPS)
        * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(done, 1.0))))
    )


class _Batches(IterableDataset[Batch]):
    """Endless batches; every worker draws its own."""

    def __init__(self, pool: Pool, *, styles: int, contents: int, first_step: int) -> None:
        self.pool, self.styles, self.contents, self.first_step = pool, styles, contents, first_step

    def __iter__(self) -> Iterator[Batch]:
        worker = get_worker_info()
        rng = np.random.default_rng([SEED, self.first_step, worker.id if worker else 0])
        while True:
            yield draw(self.pool, rng, styles=self.styles, contents=self.contents)


def _batches(batches: _Batches, workers: int) -> Iterator[Batch]:
    """Drawn in processes of their own: an accelerator needs them faster than one core draws."""
    return iter(DataLoader(batches, batch_size=None, num_workers=workers))


def train(
    data: Path,
    run: Path,
    minutes: float,
    *,
    device: torch.device,
    styles: int,
    contents: int,
    workers: int = 0,
    begin_with: Path | None = None,
) -> None:
    run.mkdir(parents=True, exist_ok=True)
    trainer = make_trainer(device, begin_with)
    if (run / "state.pt").exists():
        trainer.load(run / "state.pt")
        print(f"resumed at step {trainer.step}, {trainer.minutes:.1f} min", flush=True)
    pool, checks, drawn = Pool(), None, iter(())
    clock = last_save = time.monotonic()
    recent: list[float] = []
    while trainer.minutes < minutes:
        if not pool.images or trainer.step % LOOK_EVERY == 0:
            before, count = len(pool.images), pool.extend(data, skip=(VALIDATION_SHARD,))
            if count > before:
                print(f"{count} renders", flush=True)
                drawn = _batches(_Batches(pool, styles=styles, contents=contents, first_step=trainer.step), workers)
            checks = checks or _checks(data, device)
        batch = _to(next(drawn), device)
        batch = identical(batch) if trainer.step % IDENTITY_EVERY == IDENTITY_EVERY - 1 else batch
        recent.append(trainer.learn(batch, learning_rate(trainer.step, trainer.minutes / minutes)))
        now = time.monotonic()
        trainer.minutes += (now - clock) / 60
        clock = now
        if trainer.step % 50 == 0:
            print(f"step {trainer.step} {trainer.minutes:.1f} min L1 {np.mean(recent[-50:]):.4f}", flush=True)
        if now - last_save > SAVE_MINUTES * 60 or trainer.minutes >= minutes:
            last_save = now
            trainer.save(run / "state.pt")
            _report(run, trainer, recent, checks)
            clock = time.monotonic()


def _checks(data: Path, device: torch.device) -> list[Batch] | None:
    if not (data / VALIDATION_SHARD).exists():
        return None
    pool = Pool()
    pool.add(data / VALIDATION_SHARD)
    rng = np.random.default_rng(5)
    return [_to(draw(pool, rng, augment=False), device) for _ in range(6)]


def _report(run: Path, trainer: Trainer, recent: list[float], checks: list[Batch] | None) -> None:
    row: dict[str, Any] = {
        "step": trainer.step,
        "minutes": round(trainer.minutes, 1),
        "l1": float(np.mean(recent[-200:])),
    }
    row |= validate(trainer, checks) if checks else {"val_l1": "", "row_match": "", "content": ""}
    print(row, flush=True)
    log = run / "log.csv"
    fresh = not log.exists()
    with log.open("a", newline="") as out:
        writer = csv.DictWriter(out, fieldnames=list(row))
        if fresh:
            writer.writeheader()
        writer.writerow(row)


def _to(batch: Batch, device: torch.device) -> Batch:
    return Batch(**{f.name: getattr(batch, f.name).to(device) for f in fields(batch)})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("training/runs/data"))
    parser.add_argument("--run", type=Path, default=Path("training/runs/mini"))
    parser.add_argument("--minutes", type=float, default=95.0)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--workers", type=int, help="processes that draw batches; default 8 beside a GPU, else none")
    parser.add_argument("--styles", type=int, default=4, help="styles per batch")
    parser.add_argument("--contents", type=int, default=4, help="contents per style")
    parser.add_argument("--begin-with", type=Path, help="a model.safetensors to start from instead of random weights")
    args = parser.parse_args()
    device = torch.device(args.device)
    workers = args.workers if args.workers is not None else WORKERS_BESIDE_GPU * (device.type != "cpu")
    train(
        args.data,
        args.run,
        args.minutes,
        device=device,
        styles=args.styles,
        contents=args.contents,
        workers=workers,
        begin_with=args.begin_with,
    )


if __name__ == "__main__":
    main()
