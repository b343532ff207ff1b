"""What is measured on the farm."""

from __future__ import annotations

import hashlib
import signal
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import psutil
import soundfile

from bench.farm.rig import Rig
from bench.material.signals import random_melody
from stylus_daw.farm.client.connection import FarmConnection
from stylus_daw.farm.client.farm_worker import LANES_EACH, FarmWorker
from stylus_daw.farm.files.transfer import download, upload
from stylus_daw.farm.worker_said import WorkerSaid
from stylus_daw.jobs.job import JobDone, JobEnding, RenderRequest, StyleFile
from stylus_daw.jobs.queue import Worker

RATE = 48_000
TRANSFER_BYTES = 100_000_000
OVERHEAD_JOBS = 40
POLL_S = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Requests of one kind, each with another sound."""

    folder: Path
    seconds: float
    strength: float = 1.0

    def requests(self, count: int, seed: int) -> list[RenderRequest]:
        style = self._sound("style", 4.0, 0)
        made = []
        for number in range(count):
            source = self._sound(f"{seed}-{number}", self.seconds, seed * 10_000 + number + 1)
            stem = source.with_suffix(".stem.wav")
            request = RenderRequest(source=source, stem=stem, styles=(StyleFile(path=style),))
            made.append(replace(request, settings=replace(request.settings, strength=self.strength)))
        return made

    def _sound(self, name: str, seconds: float, seed: int) -> Path:
        """Notes of a random melody, stereo."""
        self.folder.mkdir(exist_ok=True)
        path = self.folder / f"{name}.wav"
        soundfile.write(path, random_melody(RATE, seconds, seed).samples.T, RATE, subtype="FLOAT")
        return path


def rendered(worker: Worker, request: RenderRequest, cancelled: threading.Event | None = None) -> JobEnding:
    return worker.render(request.source.stem, request, lambda event: None, cancelled or threading.Event())


def timed(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """Many jobs through a farm.

    Attributes:
        rate: jobs per second.
        client_s: processor time of the client's process, per job.
        scheduler_s: processor time of the scheduler, per job.
    """

    rate: float
    client_s: float
    scheduler_s: float


def throughput(rig: Rig, work: Work, jobs: int, seed: int) -> Passed:
    """With every worker of the rig. Models and style are loaded before."""
    workers, scheduler = len(rig.workers), psutil.Process(rig.scheduler_pid)
    client = FarmWorker(rig.settings)
    try:
        _all(client, work.requests(workers * 2, seed + 1), workers * LANES_EACH)
        requests = work.requests(jobs, seed)
        busy = time.process_time(), sum(scheduler.cpu_times()[:2])
        seconds = timed(lambda: _all(client, requests, workers * LANES_EACH))
        after = time.process_time(), sum(scheduler.cpu_times()[:2])
        return Passed(
            rate=jobs / seconds, client_s=(after[0] - busy[0]) / jobs, scheduler_s=(after[1] - busy[1]) / jobs
        )
    finally:
        client.close()


def overheads(farm: Worker, local: Worker, work: Work, seed: int) -> list[float]:
    """Seconds that a job takes longer on the farm than here; jobs that the model has nothing to do with."""
    rendered(local, work.requests(1, seed)[0])
    rendered(farm, work.requests(1, seed + 1)[0])
    there, here = work.requests(OVERHEAD_JOBS, seed + 2), work.requests(OVERHEAD_JOBS, seed + 3)

    def longer(pair: tuple[RenderRequest, RenderRequest]) -> float:
        return timed(lambda: rendered(farm, pair[0])) - timed(lambda: rendered(local, pair[1]))

    return [longer(pair) for pair in zip(there, here, strict=True)]


def transfers(rig: Rig, folder: Path) -> tuple[float, float]:
    """Seconds for 100 MB to a worker, and back."""
    path = folder / "100MB"
    path.write_bytes(np.random.default_rng(5).bytes(TRANSFER_BYTES))
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    connection = FarmConnection(rig.settings)
    try:
        worker = connection.workers("stylus-mini")[0].address
        there = timed(lambda: connection.client.sync(upload, connection.client, worker, sha256, path))
        back = timed(lambda: sum(map(len, download(connection.client, worker, sha256, TRANSFER_BYTES))))
        return there, back
    finally:
        connection.close()


def cancelled(rig: Rig, work: Work, seed: int) -> float:
    """Seconds between a cancel in the middle of a render and a worker that waits again."""
    client, stop = FarmWorker(rig.settings), threading.Event()
    (request,) = work.requests(1, seed)
    try:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(rendered, client, request, stop)
            _until(lambda: _fraction(client) > 0.2)
            began = time.perf_counter()
            stop.set()
            _until(lambda: not _busy(client))
            return time.perf_counter() - began
    finally:
        client.close()


def lost_by_a_kill(rig: Rig, work: Work, seed: int) -> float:
    """Seconds that a job takes longer when its worker is killed, beyond what it had rendered by then.

    The rig has one worker, which is killed; a second one stands by.
    """
    client = FarmWorker(rig.settings)
    calm, struck = work.requests(2, seed)
    try:
        alone = timed(lambda: rendered(client, calm))
        rig.add_workers(1)
        with ThreadPoolExecutor(1) as pool:
            began = time.perf_counter()
            ending = pool.submit(rendered, client, struck)
            _until(lambda: _fraction(client) > 0.2)
            busy = next(said.name for said in _said(client) if said.now)
            killed_at = time.perf_counter() - began
            rig.workers[int(busy.removeprefix("w"))].send_signal(signal.SIGKILL)
            if not isinstance(ending.result(), JobDone):
                raise RuntimeError(f"lost: {ending.result()}")
            return time.perf_counter() - began - killed_at - alone
    finally:
        client.close()


def median_ms(seconds: Sequence[float]) -> float:
    return 1_000 * statistics.median(seconds)


def _all(client: FarmWorker, requests: Sequence[RenderRequest], lanes: int) -> None:
    with ThreadPoolExecutor(lanes) as pool:
        endings = list(pool.map(lambda request: rendered(client, request), requests))
    if failed := [ending for ending in endings if not isinstance(ending, JobDone)]:
        raise RuntimeError(f"{len(failed)} of {len(endings)} failed: {failed[0]}")


def _said(client: FarmWorker) -> tuple[WorkerSaid, ...]:
    connection = client.connected()
    connection.forget_workers()
    return connection.workers("stylus-mini")


def _fraction(client: FarmWorker) -> float:
    return max((float(said.now.get("fraction", 0.0)) for said in _said(client)), default=0.0)


def _busy(client: FarmWorker) -> bool:
    return any(said.now for said in _said(client))


def _until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 120
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError("it did not come true")
        time.sleep(POLL_S)
