"""Whether bfloat16 or float32 is faster on this processor: what the device module's choice rests on.

    python -m bench.speed.precision --out bench/speed/precision.md

Each precision renders the same region in turn, several times; ratios hold better than seconds.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import time
from pathlib import Path

import numpy as np
import torch
from diffusers.models.unets.unet_2d import UNet2DModel

from stylus_daw.engine.machine.amx import has_amx
from stylus_daw.engine.machine.device import DTYPES
from stylus_daw.engine.mini.net import make_net, run_net

TILES, BANDS, FRAMES = 8, 128, 256


def seconds_of(net: UNet2DModel, precision: torch.dtype, images: torch.Tensor) -> float:
    """One pass over the tiles."""
    began = time.perf_counter()
    with torch.inference_mode(), torch.autocast("cpu", dtype=precision, enabled=precision is not torch.float32):
        run_net(net, images, images)
    return time.perf_counter() - began


def measure(runs: int) -> dict[str, float]:
    """Median seconds per precision; the runs of both take turns."""
    net = make_net().eval()
    images = torch.from_numpy(np.random.default_rng(1).uniform(-1, 1, (TILES, 1, BANDS, FRAMES)).astype(np.float32))
    names = ("fp32", "bf16")
    times: dict[str, list[float]] = {name: [] for name in names}
    for run in range(runs + 1):
        for name in names:
            seconds = seconds_of(net, DTYPES[name], images)
            if run:
                times[name].append(seconds)
    return {name: statistics.median(values) for name, values in times.items()}


def page(seconds: dict[str, float], runs: int) -> str:
    ratio = seconds["bf16"] / seconds["fp32"]
    rows = "\n".join(f"| {name} | {value:.2f} | {value / seconds['fp32']:.2f} |" for name, value in seconds.items())
    amx = "usable" if has_amx() else "not usable"
    return f"""# float32 or bfloat16 on the processor

Made by `python -m bench.speed.precision --runs {runs}`. {platform.machine()}, {torch.get_num_threads()} threads,
AMX {amx}. One pass of stylus-mini over {TILES} tiles of {FRAMES} frames; medians of {runs} runs that take turns.

| precision | s | relative to fp32 |
|---|---|---|
{rows}

bfloat16 takes {ratio:.2f} times as long as float32 here. The device module takes bfloat16 on processors with AMX,
float32 on all others; `STYLUS_PRECISION` overrides it.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--out", type=Path, default=Path("bench/speed/precision.md"))
    args = parser.parse_args()
    args.out.write_text(page(measure(args.runs), args.runs), "utf-8")
    print(args.out.read_text("utf-8"))


if __name__ == "__main__":
    main()
