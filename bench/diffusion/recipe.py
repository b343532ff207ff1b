"""Ours against the published recipe, on the same random weights, the same machine, in the same run.

    python -m bench.diffusion.recipe                                            tiny checkpoint, any machine
    python -m bench.diffusion.recipe --full-size --seconds 60 --out mine.md     Stable Diffusion 1.5, a GPU

The published recipe (arXiv 2411.15913): pairs of 5.12 s, one after the other, float32, batch 1, 50 DDIM steps of
inversion and of sampling, 49 for the style, projections kept, nothing reused: 149 calls of the UNet per pair. Ours:
normal quality, the style already inverted. Both encode and decode; mel images and reconstruction are the same for
both and left out. Runs alternate; medians.
"""

from __future__ import annotations

import argparse
import itertools
import platform
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from bench.diffusion.arithmetic import arithmetic
from bench.diffusion.random_checkpoint import random_checkpoint
from stylus_daw.audio.spectrogram import Image
from stylus_daw.engine.attention import Recording
from stylus_daw.engine.diffusion.checkpoint import DiffusionCheckpoint
from stylus_daw.engine.inverting.sampling import Streams, sample
from stylus_daw.engine.inverting.steppers import stepper
from stylus_daw.engine.inverting.streams import Stream
from stylus_daw.engine.machine.device import Device, Wishes, choose_device
from stylus_daw.engine.progress import ignore
from stylus_daw.engine.request import Quality, Sampler, StyleSettings

STEPS, STYLE_STEPS = 50, 49
FRAMES_PER_SECOND = 100
SMALL_CARD_GB = 4.0
TINY_SIDE = 16
"""Of the latent; tiles of 1.28 s, so that a CPU is done in a minute. A pair of the recipe is one tile."""


@dataclass(slots=True)
class Calls:
    """What went through the UNet."""

    calls: int = 0
    tiles: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table: per minute of audio."""

    name: str
    seconds: float
    calls: float
    tiles: float


@contextmanager
def counted(checkpoint: DiffusionCheckpoint) -> Iterator[Calls]:
    calls = Calls()

    def count(module: object, arguments: tuple[Tensor, ...]) -> None:
        calls.calls += 1
        calls.tiles += len(arguments[0])

    handle = checkpoint.unet.register_forward_pre_hook(count)
    try:
        yield calls
    finally:
        handle.remove()


@torch.inference_mode()
def published(checkpoint: DiffusionCheckpoint, content: Image, style: Image) -> Image:
    """One pair as published: 149 calls."""
    network, schedule, codec = checkpoint.network, checkpoint.schedule, checkpoint.codec
    timesteps = schedule.timesteps(1.0, STEPS)

    def inverted(image: Image, steps: int) -> Stream:
        stations, kept = [codec.encode(image[None])], dict[int, Recording]()
        for index, (now, then) in enumerate(itertools.pairwise(timesteps[: steps + 1]), 1):
            output, kept[index] = network.recorded(stations[-1], now)
            stations.append(schedule.step(stations[-1], output, now, then))
        kept[STEPS] = kept[steps]
        return Stream(timesteps=timesteps, stations=stations, end=stations[-1], keeps=True, kept=kept)

    streams = Streams(content=[inverted(content, STEPS)], styles=[(1.0, inverted(style, STYLE_STEPS))])
    result = sample(
        network,
        stepper(Sampler.DDIM, schedule, timesteps),
        streams,
        latent=streams.content[0].end,
        knobs=checkpoint.knobs(StyleSettings(steps=STEPS)),
        on_step=lambda tiles: None,
    )
    return codec.decode(result)[0]


def ours(checkpoint: DiffusionCheckpoint, content: Image, style: Image, quality: Quality = Quality.NORMAL) -> Image:
    return checkpoint.restyle(content, [(1.0, style)], checkpoint.knobs(StyleSettings(quality=quality)), ignore)


def compare(device: Device, *, is_full_size: bool, seconds: float, pairs: int, runs: int) -> list[str]:
    """The table."""
    side = 64 if is_full_size else TINY_SIDE
    plain = random_checkpoint(_with(device, precision="fp32"), is_full_size=is_full_size, side=side)
    fast = random_checkpoint(device, is_full_size=is_full_size, side=side)
    pair_seconds = plain.side / FRAMES_PER_SECOND
    images = (_image(fast.side, frames, seed) for seed, frames in enumerate(itertools.repeat(_frames(seconds))))
    style = _image(fast.side, fast.side, 999)
    ours(fast, next(images)[:, : fast.side], style)
    published_times, our_times = [], []
    with counted(plain) as plain_calls, counted(fast) as fast_calls:
        for _ in range(runs):
            for _ in range(pairs):
                image = next(images)[:, : fast.side]
                published_times.append(_timed(device, lambda image=image: published(plain, image, style)))
            content = next(images)
            our_times.append(_timed(device, lambda content=content: ours(fast, content, style)))
    count = runs * pairs * pair_seconds / 60
    rows = [
        Row(
            name=f"published, {plain.device.reason}",
            seconds=60 / pair_seconds * statistics.median(published_times),
            calls=plain_calls.calls / count,
            tiles=plain_calls.tiles / count,
        ),
        Row(
            name=f"ours, {fast.device.reason}",
            seconds=60 / seconds * statistics.median(our_times),
            calls=fast_calls.calls / (runs * seconds / 60),
            tiles=fast_calls.tiles / (runs * seconds / 60),
        ),
    ]
    ratio = rows[0].seconds / rows[1].seconds
    return [
        "| per minute of audio | seconds | calls of the UNet | tiles through the UNet |\n|---|---|---|---|",
        *(f"| {row.name} | {row.seconds:.2f} | {row.calls:.0f} | {row.tiles:.0f} |" for row in rows),
        f"\n**{ratio:.1f} times less time**; {rows[0].tiles / rows[1].tiles:.1f} times fewer tiles through the UNet.",
        *_knob_turned(fast, style, _image(fast.side, _frames(seconds), 5), device),
    ]


def _knob_turned(checkpoint: DiffusionCheckpoint, style: Image, content: Image, device: Device) -> list[str]:
    """The same region again with another strength."""
    knobs = checkpoint.knobs(StyleSettings())
    first = _timed(device, lambda: checkpoint.restyle(content, [(1.0, style)], knobs, ignore))
    turned = replace(knobs, strength=0.5)
    second = _timed(device, lambda: checkpoint.restyle(content, [(1.0, style)], turned, ignore))
    return [f"\nAnother strength on the same region: {second / first:.2f} of the first render's time."]


def memory(device: Device) -> list[str]:
    """Peaks on a GPU: free choice, small card, and over lengths."""
    lines = ["\n| full size | audio | seconds | peak GB |\n|---|---|---|---|"]
    for name, place, lengths in (
        ("all memory", device, (10, 60, 600)),
        (f"STYLUS_MEMORY_GB={SMALL_CARD_GB:g}", _with(device, memory_gb=SMALL_CARD_GB), (10, 60, 600)),
    ):
        checkpoint = random_checkpoint(place, is_full_size=True)
        style = _image(checkpoint.side, checkpoint.side, 999)
        for seconds in lengths:
            content = _image(checkpoint.side, _frames(seconds), seconds)
            ours(checkpoint, content[:, : checkpoint.side], style)
            torch.cuda.reset_peak_memory_stats()
            taken = _timed(device, lambda c=checkpoint, content=content, style=style: ours(c, content, style))
            peak = torch.cuda.max_memory_allocated() / 1e9
            lines.append(f"| {name} | {seconds} s | {taken:.2f} | {peak:.2f} |")
        del checkpoint
        device.empty_cache()
    return lines


def _with(device: Device, **wishes: object) -> Device:
    changed = replace(device.wishes, **wishes)  # type: ignore[arg-type]
    kind = str(device.torch) if device.torch.type == "cuda" else device.torch.type
    return choose_device(kind, changed)


def _timed(device: Device, work: Callable[[], object]) -> float:
    device.synchronize()
    began = time.perf_counter()
    work()
    device.synchronize()
    return time.perf_counter() - began


def _image(side: int, frames: int, seed: int) -> Image:
    return np.random.default_rng(seed).uniform(-1, 1, (side, frames)).astype(np.float32)


def _frames(seconds: float) -> int:
    return round(seconds * FRAMES_PER_SECOND)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full-size", action="store_true")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--pairs", type=int, default=2, help="of the published recipe, per run")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--out", type=Path, default=Path("bench/diffusion/recipe.md"))
    args = parser.parse_args()
    device = choose_device(args.device, Wishes())
    size = "full size (860 M parameters)" if args.full_size else "few channels (0.3 M parameters)"
    flag = " --full-size" if args.full_size else ""
    lines = [
        "# Ours against the published recipe\n\n"
        f"Made by `python -m bench.diffusion.recipe{flag} --seconds {args.seconds:g} "
        f"--pairs {args.pairs} --runs {args.runs}`. Stable Diffusion 1.5's layout, {size}, random weights. "
        f"{platform.machine()}, {device.reason}, torch {torch.__version__.partition('+')[0]}. "
        "What is compared is described at the top of `bench/diffusion/recipe.py`.\n",
        *compare(device, is_full_size=args.full_size, seconds=args.seconds, pairs=args.pairs, runs=args.runs),
    ]
    if not args.full_size:
        lines += arithmetic()
    if args.full_size and device.torch.type == "cuda":
        lines += memory(device)
    args.out.write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
