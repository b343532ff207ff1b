"""The training loop of the transcriber: resumable, with weights that follow slowly, looked at on held-out voices."""

from __future__ import annotations

import copy
import csv
import math
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, distributed, nn
from torch.multiprocessing.spawn import spawn
from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from training.train import has_fast_bf16
from training.transcriber.batches import Batch, Pool, draw
from training.transcriber.net import NoteNet, make_net
from training.transcriber.validation import look

PEAK_RATE, WARM_UP_STEPS, SEED, BATCH = 3e-3, 60, 20, 10
SAVE_MINUTES, LOOK_EVERY = 4.0, 50
"""Minutes between two states; steps after which shards that have appeared are taken in."""
ONSET_WEIGHT, FRAME_WEIGHT = 4.0, 1.5
"""How much more a missed one costs than a false one."""
WORKERS = 8


@dataclass(slots=True)
class Learner:
    """Everything that a state of the training holds."""

    net: NoteNet
    ema: NoteNet
    optimiser: torch.optim.Optimizer
    device: torch.device
    step: int = 0
    minutes: float = 0.0

    def learn(self, batch: Batch, rate: float) -> float:
        """One step; returns the loss."""
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        self.net.train()
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=has_fast_bf16(self.device)):
            keys, hits = self.net(batch.grid.to(self.device), batch.bands.to(self.device))
        loss = loss_of(keys.float(), hits.float(), batch, self.device)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        agree(self.net)
        nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self.optimiser.step()
        self.step += 1
        self._follow()
        return float(loss.detach())

    @torch.no_grad()
    def _follow(self) -> None:
        share = max(0.003, 9 / (10 + self.step))
        for slow, fast in zip(self.ema.parameters(), self.net.parameters(), strict=True):
            slow.lerp_(fast, share)
        for slow, fast in zip(self.ema.buffers(), self.net.buffers(), strict=True):
            slow.copy_(fast) if not slow.is_floating_point() else slow.lerp_(fast, share)

    def save(self, path: Path) -> None:
        state = {"net": self.net.state_dict(), "ema": self.ema.state_dict(), "optimiser": self.optimiser.state_dict()}
        temp = path.with_suffix(".tmp")
        torch.save({**state, "step": self.step, "minutes": self.minutes}, temp)
        temp.replace(path)

    def load(self, path: Path) -> None:
        state = torch.load(path, map_location=self.device, weights_only=True)
        self.net.load_state_dict(state["net"])
        self.ema.load_state_dict(state["ema"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.step, self.minutes = state["step"], state["minutes"]


def agree(net: nn.Module) -> None:
    """Every process goes on with the mean of all processes' gradients."""
    if distributed.is_initialized():
        gradients = [parameter.grad for parameter in net.parameters() if parameter.grad is not None]
        joined = torch.cat([gradient.flatten() for gradient in gradients])
        distributed.all_reduce(joined)
        parts = (joined / distributed.get_world_size()).split([gradient.numel() for gradient in gradients])
        for gradient, part in zip(gradients, parts, strict=True):
            gradient.copy_(part.view_as(gradient))


def make_learner(device: torch.device) -> Learner:
    torch.manual_seed(SEED)
    net = make_net()
    nn.Module.to(net, device)
    optimiser = torch.optim.AdamW(net.parameters(), PEAK_RATE, weight_decay=1e-2, betas=(0.9, 0.98))
    return Learner(net=net, ema=copy.deepcopy(net).eval(), optimiser=optimiser, device=device)


def begin_with(net: NoteNet, run: Path) -> None:
    """A run without a state of its own goes on from these weights; its clock and its steps begin at zero."""
    state = run / "state.pt"
    if state.exists():
        return
    run.mkdir(parents=True, exist_ok=True)
    learner = make_learner(torch.device("cpu"))
    for one in (learner.net, learner.ema):
        one.load_state_dict(net.state_dict())
    learner.save(state)


def loss_of(keys: Tensor, hits: Tensor, batch: Batch, device: torch.device) -> Tensor:
    """Cross entropy of onset, frame, offset and percussion; squared error of strength where a note is struck."""
    onset, frame, offset, strength = keys.unbind(1)
    wanted = {name: getattr(batch, name).to(device) for name in ("onset", "frame", "offset", "percussion")}
    struck, velocity = batch.struck.to(device), batch.strength.to(device)
    more, some = (torch.tensor(weight, device=device) for weight in (ONSET_WEIGHT, FRAME_WEIGHT))
    loss = 3 * cross_entropy(onset, wanted["onset"], pos_weight=more)
    loss = loss + cross_entropy(frame, wanted["frame"], pos_weight=some)
    loss = loss + cross_entropy(offset, wanted["offset"], pos_weight=some)
    loss = loss + 0.1 * cross_entropy(hits, wanted["percussion"], pos_weight=some)
    error = struck * (strength.sigmoid() - velocity).square()
    return loss + 0.2 * error.sum() / struck.sum().clamp_min(1)


def learning_rate(step: int, done: float) -> float:
    """Linear warm-up, then half a cosine over the whole time down to 1 %."""
    return PEAK_RATE * min(1.0, (step + 1) / WARM_UP_STEPS) * (0.01 + 0.495 * (1 + math.cos(math.pi * min(done, 1.0))))


class _Batches(IterableDataset[Batch]):
    def __init__(self, pool: Pool, size: int, seed: list[int]) -> None:
        self.pool, self.size, self.seed = pool, size, seed

    def __iter__(self) -> Iterator[Batch]:
        worker = get_worker_info()
        rng = np.random.default_rng([*self.seed, worker.id if worker else 0])
        while True:
            yield draw(self.pool, rng, self.size)


def learn(data: Path, run: Path, minutes: float, *, device: torch.device, jobs: int = 1) -> None:
    """Train until ``minutes`` have been spent in all, over any number of calls.

    Args:
        data: the shards.
        run: where state and log are.
        minutes: in all.
        device: of the net.
        jobs: processes of one thread each that share a step; a processor that others use too goes faster so.
    """
    run.mkdir(parents=True, exist_ok=True)
    if jobs == 1 or device.type != "cpu":
        _learn(data, run, minutes, device, rank=0)
        return
    with tempfile.TemporaryDirectory() as folder:
        meeting = (Path(folder) / "meeting").as_uri()
        spawn(_one_of, (jobs, meeting, data, run, minutes, device), nprocs=jobs)


def _one_of(rank: int, jobs: int, meeting: str, data: Path, run: Path, minutes: float, device: torch.device) -> None:
    torch.set_num_threads(1)
    distributed.init_process_group("gloo", init_method=meeting, rank=rank, world_size=jobs)
    _learn(data, run, minutes, device, rank=rank)
    distributed.destroy_process_group()


def _learn(data: Path, run: Path, minutes: float, device: torch.device, *, rank: int) -> None:
    learner, pool = make_learner(device), Pool()
    if (run / "state.pt").exists():
        learner.load(run / "state.pt")
        print(f"resumed at step {learner.step}, {learner.minutes:.1f} min", flush=True)
    print(f"{pool.extend(data)} scenes", flush=True)
    workers = 0 if device.type == "cpu" else WORKERS
    stream = _Batches(pool, BATCH, [SEED, learner.step, rank])
    batches = iter(DataLoader(stream, batch_size=None, num_workers=workers))
    before, saved, losses = time.monotonic() - 60 * learner.minutes, learner.minutes, []
    while learner.minutes < minutes:
        losses.append(learner.learn(next(batches), learning_rate(learner.step, learner.minutes / minutes)))
        learner.minutes = _of_all((time.monotonic() - before) / 60)
        if learner.step % LOOK_EVERY == 0:
            pool.extend(data)
        if learner.minutes - saved > SAVE_MINUTES or learner.minutes >= minutes:
            if rank == 0:
                learner.save(run / "state.pt")
                _log(run / "log.csv", learner, float(np.mean(losses)), data, len(pool.scenes))
            saved, losses = learner.minutes, []


def _of_all(minutes: float) -> float:
    """The first process's clock, for all."""
    if not distributed.is_initialized():
        return minutes
    told = torch.tensor([minutes], dtype=torch.float64)
    distributed.broadcast(told, 0)
    return float(told)


def _log(path: Path, learner: Learner, loss: float, data: Path, scenes: int) -> None:
    figures = {"step": learner.step, "minutes": round(learner.minutes, 1), "scenes": scenes, "loss": round(loss, 4)}
    row = {**figures, **look(learner.ema, data / "validation.npz", learner.device)}
    is_new = not path.exists()
    with path.open("a", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        if is_new:
            writer.writeheader()
        writer.writerow(row)
    print(row, flush=True)
