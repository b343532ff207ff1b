"""What decides between samplers, and between two ways to join tiles, without trained weights.

    python -m bench.diffusion.samplers --out bench/diffusion/samplers.md

Samplers: a latent is inverted and sampled back without any swap; the smaller the error, the less of the content
is lost for the same number of calls. Tiles: change from frame to frame (flux) where tiles overlap, relative to
elsewhere (1: no seam and no blur), and how much neighbours differ where they overlap, which a cross-fade makes a
double image. Random weights: the order means something, the size of the numbers does not.
"""

from __future__ import annotations

import argparse
import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from scipy.ndimage import gaussian_filter
from torch import Tensor

from bench.diffusion.random_checkpoint import random_checkpoint
from stylus_daw.audio.spectrogram import Image
from stylus_daw.engine.diffusion.checkpoint import DiffusionCheckpoint
from stylus_daw.engine.diffusion.restyling import BY_NOISE, Restyling
from stylus_daw.engine.diffusion.tiles import LatentTiles
from stylus_daw.engine.inverting.steppers import stepper
from stylus_daw.engine.inverting.streams import inverted
from stylus_daw.engine.machine.device import Wishes, choose_device
from stylus_daw.engine.progress import Steps, ignore
from stylus_daw.engine.request import Sampler, StyleSettings

ODE = (Sampler.DDIM, Sampler.DPMPP, Sampler.UNIPC)
STEPS = (4, 6, 8, 12, 16, 25)
SIDE = 8
SEEDS = 2


@torch.inference_mode()
def round_trip(checkpoint: DiffusionCheckpoint, start: float, steps: int) -> list[float]:
    """Relative error of each sampler."""
    network, schedule = checkpoint.network, checkpoint.schedule
    clean = torch.randn(2, 4, SIDE, SIDE, generator=torch.Generator().manual_seed(1))
    timesteps = schedule.timesteps(start, steps, by_noise=BY_NOISE)
    (stream,) = inverted(network, clean, schedule, timesteps, batch=2, keeps=False, on_step=lambda tiles: None)

    def back(kind: Sampler) -> Tensor:
        sampler, latent = stepper(kind, schedule, timesteps), stream.end
        for index in range(steps, 0, -1):
            latent = sampler.step(latent, network.predict(latent, timesteps[index]), index)
        return latent

    return [float((back(kind) - clean).norm() / clean.norm()) for kind in ODE]


@torch.inference_mode()
def seams(checkpoint: DiffusionCheckpoint, *, agrees: bool) -> tuple[float, float]:
    """Flux in overlaps relative to elsewhere; root mean square difference of neighbours in overlaps."""
    side, factor = checkpoint.side, checkpoint.codec.factor
    content, style = _image(side, 6 * side, 1), _image(side, side, 2)
    tiles = LatentTiles(frames=content.shape[1], side=side, factor=factor)
    knobs = checkpoint.knobs(StyleSettings(start=0.7))
    checkpoint.kept.clear()
    out = Restyling(
        machinery=replace(checkpoint._machinery(knobs), agrees=agrees),
        tiles=tiles,
        styles=[(1.0, style[None])],
        images=tiles.split(content, fill=-1.0),
        knobs=knobs,
        steps=Steps(ignore, 1, ""),
    ).images_out()
    spans = [(factor * start, factor * start + side) for start in tiles.columns.starts]
    overlaps = [(later, end) for (_, end), (later, _) in itertools.pairwise(spans)]
    pairs = zip(out, out[1:], overlaps, strict=False)
    apart = [np.mean((one[:, side - (b - a) :] - other[:, : b - a]) ** 2) for one, other, (a, b) in pairs]
    flux = np.abs(np.diff(tiles.join(out), axis=1)).mean(0)
    inside = np.zeros(len(flux), bool)
    for a, b in overlaps:
        inside[a:b] = True
    return float(flux[inside].mean() / flux[~inside].mean()), float(np.mean(apart) ** 0.5)


def _image(rows: int, frames: int, seed: int) -> Image:
    smooth = gaussian_filter(np.random.default_rng(seed).standard_normal((rows, frames)), (1, 3))
    return (0.9 * smooth / np.abs(smooth).max()).astype(np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("bench/diffusion/samplers.md"))
    args = parser.parse_args()
    device = choose_device("cpu", Wishes(precision="fp32"))
    made = [random_checkpoint(device, is_full_size=False, side=SIDE, seed=seed) for seed in range(SEEDS)]
    lines = [
        "# Samplers and seams, on random weights\n\n"
        "Made by `python -m bench.diffusion.samplers`; the method is described at the "
        f"top of `bench/diffusion/samplers.py`. Means of {SEEDS} random checkpoints.\n\n## Back from an inversion\n",
        "| start | steps | " + " | ".join(kind.value for kind in ODE) + " |\n|---|---|---|---|---|",
    ]
    for start in (0.7, 1.0):
        for steps in STEPS:
            errors = np.mean([round_trip(checkpoint, start, steps) for checkpoint in made], axis=0)
            lines.append(f"| {start} | {steps} | " + " | ".join(f"{error:.3f}" for error in errors) + " |")
    lines.append("\n## Tiles\n\n| joined by | flux in overlaps / elsewhere | difference of neighbours |\n|---|---|---|")
    for name, agrees in (("cross-fade of images", False), ("latents that agree at every step", True)):
        flux, apart = np.mean([seams(checkpoint, agrees=agrees) for checkpoint in made], axis=0)
        lines.append(f"| {name} | {flux:.3f} | {apart:.3f} |")
    args.out.write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
