"""A farm on this machine, with real processes over TLS; and one of a hundred workers, simulated from it.

    python -m bench.farm --out bench/farm/farm.md

Every worker has one CPU thread, so that two workers have two cores as one has one. The page says how busy the machine
was besides: with other work on it, ratios and times are worse than the farm's own. Each round measures all numbers of
workers one after the other, so that what else the machine does meets all of them.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import tempfile
from dataclasses import replace
from pathlib import Path

from bench.farm.measures import (
    TRANSFER_BYTES,
    Work,
    cancelled,
    lost_by_a_kill,
    median_ms,
    overheads,
    rendered,
    throughput,
    timed,
    transfers,
)
from bench.farm.rig import rig
from bench.farm.simulation import Costs, bend, speedup
from stylus_daw.app import RENDERER
from stylus_daw.farm.client.farm_worker import LANES_EACH, FarmWorker
from stylus_daw.jobs.process.worker import RenderWorker

ROUNDS = 3  # of each number of workers; their median counts
LONG_S = 300.0  # s of the long region
TINY_JOBS = 100
ASKED = {1: "", 2: ">= 1.7", 4: ">= 2 workers"}
WORKERS = (1, 2, 5, 10, 20, 50, 100)
WIRE_BYTES_PER_S = 110e6  # of a gigabit network, after its own overhead
GPU_TIMES = 20  # how much faster than one CPU thread a GPU is taken to render: assumed, for none was here
REGION_BYTES = 2 * 4 * 48_000  # per second of audio: stereo, 32-bit float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("bench/farm/farm.md"))
    parser.add_argument("--jobs", type=int, default=24)
    parser.add_argument("--seconds", type=float, default=10.0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        lines = measure(Path(name), asked.jobs, asked.seconds)
    asked.out.write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines))


def measure(folder: Path, jobs: int, seconds: float) -> list[str]:
    began = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    work, tiny = Work(folder=folder / "work", seconds=seconds), Work(folder=folder / "tiny", seconds=0.5, strength=0.0)
    rounds: dict[int, list[float]] = {workers: [] for workers in ASKED}
    for turn, workers in enumerate([*ASKED] * ROUNDS):
        with rig(folder / f"farm-{turn}", workers) as made:
            rounds[workers].append(throughput(made, work, jobs, seed=10 * turn + 100).rate)
            print(f"{workers} workers: {rounds[workers][-1]:.3f} jobs/s", flush=True)
    rates = {workers: statistics.median(seen) for workers, seen in rounds.items()}
    long = {workers: _long_region(folder, workers) for workers in (1, 2)}
    os.environ["OMP_NUM_THREADS"] = "1"
    with rig(folder / "farm", 1) as made:
        there, back = transfers(made, folder)
        client, local = FarmWorker(made.settings), RenderWorker(RENDERER)
        extra_s = overheads(client, local, tiny, seed=11)
        local.close()
        client.close()
        passed = throughput(made, tiny, TINY_JOBS, seed=21)
        freed_s = cancelled(made, Work(folder=folder / "work", seconds=60.0), seed=31)
        lost_s = lost_by_a_kill(made, work, seed=41)
    costs = Costs(
        render_s=1 / rates[1],
        wire_s=2 * seconds * REGION_BYTES / WIRE_BYTES_PER_S,
        client_s=passed.client_s,
        scheduler_s=passed.scheduler_s,
        latency_s=max(0.0, median_ms(extra_s) / 1_000 - passed.client_s - passed.scheduler_s),
    )
    return [
        *_head(jobs, seconds, began),
        *_throughput(rates, rounds),
        *_long(long),
        *_rest(extra_s, there, back, freed_s, lost_s),
        *_simulated(costs, seconds),
    ]


def _long_region(folder: Path, workers: int) -> float:
    """Seconds for one long region, with the model loaded."""
    work = Work(folder=folder / "long", seconds=LONG_S)
    with rig(folder / f"farm-long-{workers}", workers) as made:
        client = FarmWorker(made.settings)
        try:
            for request in Work(folder=folder / "warm", seconds=5.0).requests(workers * 2, seed=51):
                rendered(client, request)
            requests = work.requests(ROUNDS, seed=61)
            return statistics.median(timed(lambda one=one: rendered(client, one)) for one in requests)
        finally:
            client.close()


def _head(jobs: int, seconds: float, began: float) -> list[str]:
    load = " ".join(f"{one:.1f}" for one in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"
    return [
        "# A farm",
        "",
        "By `python -m bench.farm`: real processes of `stylus-daw farm` over TLS on one machine, with stylus-mini.",
        f"{platform.machine()}, {os.cpu_count()} cores, shared with other work where the load average says so: before "
        f"the first farm {began:.1f}, at the end {load} (the farm's own is about {max(ASKED)}).",
        f"Jobs: {jobs} regions of {seconds:g} s, stereo, each another sound, one style; models loaded before. Each "
        f"worker has one CPU thread. Medians of {ROUNDS} rounds, of rates and of ratios within a "
        "round; in brackets, the slowest and the fastest.",
        "",
    ]


def _throughput(rates: dict[int, float], rounds: dict[int, list[float]]) -> list[str]:
    times = {workers: _times(rounds[workers], rounds[1]) for workers in rounds}
    met = {1: True, 2: times[2] >= 1.7, 4: _times(rounds[4], rounds[2]) >= 1.0}
    lines = ["| workers | jobs per minute | times one worker | asked | |", "|---|---|---|---|---|"]
    for workers, rate in rates.items():
        said = "" if met[workers] else "**not met**"
        span = f"{60 * min(rounds[workers]):.1f} to {60 * max(rounds[workers]):.1f}"
        lines.append(f"| {workers} | {60 * rate:.1f} ({span}) | {times[workers]:.2f} | {ASKED[workers]} | {said} |")
    more = _times(rounds[4], rounds[2])
    return [*lines, "", f"Four workers on two cores do {more:.2f} times the work of two.", ""]


def _times(rates: list[float], others: list[float]) -> float:
    """The median over the rounds, each of which compares what was measured one after the other."""
    return statistics.median(one / other for one, other in zip(rates, others, strict=True))


def _long(seconds: dict[int, float]) -> list[str]:
    return [
        f"One region of {LONG_S / 60:g} minutes takes {seconds[1]:.1f} s on one worker, and {seconds[2]:.1f} s "
        f"({seconds[1] / seconds[2]:.2f} times as fast) where two hear it and one of them renders it.",
        "",
    ]


def _rest(extra_s: list[float], there: float, back: float, freed_s: float, lost_s: float) -> list[str]:
    size, extra = f"{TRANSFER_BYTES / 1e6:.0f} MB", median_ms(extra_s) / 1_000
    rows = [
        (f"longer than on this machine, per job (median of {len(extra_s)})", extra, 0.15),
        (f"{size} to a worker", there, 2.0),
        (f"{size} back", back, 2.0),
        ("from a cancel to a worker that waits", freed_s, 4.0),
        ("lost when a worker is killed (SIGKILL), besides what it had rendered", lost_s, 6.0),
    ]
    lines = ["| | measured, s | asked, s | |", "|---|---|---|---|"]
    for name, measured, most in rows:
        lines.append(f"| {name} | {measured:.2f} | <= {most:g} | {'' if measured <= most else '**not met**'} |")
    note = "The last row compares two renders; below 0, the machine was busier during the undisturbed one."
    return [*lines, "", note, ""]


def _simulated(costs: Costs, seconds: float) -> list[str]:
    gpu = replace(costs, render_s=costs.render_s / GPU_TIMES)
    shared = replace(gpu, wire_s=0.0)
    cases = {"CPU workers": costs, "GPU workers": gpu, "GPU workers, shared folder": shared}
    lines = [
        "## Up to a hundred workers, simulated",
        "",
        f"From the figures above, for regions of {seconds:g} s. One client, {LANES_EACH} jobs in flight per worker.",
        "",
        f"* Rendering: {costs.render_s:.2f} s on a CPU thread.",
        f"* A GPU is taken to be {GPU_TIMES} times faster, which is an assumption.",
        f"* File and stem on a gigabit network: {1_000 * costs.wire_s:.0f} ms.",
        f"* The client's processor, for messages, hashes and files: {1_000 * costs.client_s:.1f} ms "
        f"(over {TINY_JOBS} short jobs).",
        f"* The scheduler's processor: {1_000 * costs.scheduler_s:.1f} ms.",
        f"* Waiting: {1_000 * costs.latency_s:.0f} ms.",
        "",
        "| workers | " + " | ".join(f"{name}: times one" for name in cases) + " |",
        "|---" * (1 + len(cases)) + "|",
    ]
    for workers in WORKERS:
        cells = (f"{speedup(workers, case, LANES_EACH):.1f}" for case in cases.values())
        lines.append(f"| {workers} | {' | '.join(cells)} |")
    bends = {name: bend(case) for name, case in cases.items()}
    said = [f"* {name}: one client feeds about {most:.0f}; then {what}." for name, (most, what) in bends.items()]
    return [
        *lines,
        "",
        *said,
        "",
        "What mends it: a shared folder takes the network away from the client; further clients have a network and a "
        "core each; longer regions cost the same messages. The simulation knows neither retries nor machines of "
        "unequal speed, and takes the scheduler's cost per job as independent of the number of workers.",
    ]


if __name__ == "__main__":
    main()
