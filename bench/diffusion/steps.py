"""How many steps, where they are and of which order: how near a render comes to what endless steps would make.

    python -m bench.diffusion.steps --out bench/diffusion/steps.md

The network is ``bench.diffusion.trained_checkpoint`` (minutes of training on mel images), the music is held out. The
reference is the same method with 60 steps of second order. *Off the exact result*: distance of the final latents to the
reference's, relative to the reference's distance from the content, that is, to what the method does at all. *Back*:
the content inverted and sampled without any swap, relative error. Calls: of the UNet per tile of content.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from bench.diffusion.trained_checkpoint import STEPS, held_out_images, piece_latents, trained_checkpoint
from stylus_daw.engine.attention import Recording
from stylus_daw.engine.diffusion.checkpoint import DiffusionCheckpoint
from stylus_daw.engine.diffusion.restyling import BY_NOISE
from stylus_daw.engine.inverting.adain import blended
from stylus_daw.engine.inverting.sampling import Streams, sample
from stylus_daw.engine.inverting.steppers import stepper
from stylus_daw.engine.inverting.streams import Stream, inverted
from stylus_daw.engine.request import Sampler, StyleSettings

REFERENCE_STEPS, REFERENCE_BY_NOISE = 60, 0.3
TILES, START_FRAME = 4, 100
STARTS = (1.0, 0.7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One row."""

    name: str
    steps: int
    by_noise: float = 0.0
    is_second_order: bool = True
    sampler: Sampler = Sampler.UNIPC

    @property
    def calls(self) -> int:
        return 2 * self.steps + 1


REFERENCE = Way(name="reference", steps=REFERENCE_STEPS, by_noise=REFERENCE_BY_NOISE, sampler=Sampler.DPMPP)
WAYS = (
    Way(name="DDIM both ways, as published", steps=50, is_second_order=False, sampler=Sampler.DDIM),
    *(Way(name="DDIM inversion, UniPC, even in time", steps=n, is_second_order=False) for n in (10, 6, 5)),
    Way(name="second order, UniPC, even in time", steps=6),
    *(Way(name=f"second order, UniPC, {share:g} by noise", steps=6, by_noise=share) for share in (0.5, BY_NOISE, 1.0)),
    Way(name=f"second order, DPM-Solver++, {BY_NOISE:g} by noise", steps=6, by_noise=BY_NOISE, sampler=Sampler.DPMPP),
    *(Way(name=f"second order, UniPC, {BY_NOISE:g} by noise", steps=n, by_noise=BY_NOISE) for n in (3, 4, 5, 8, 20)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lab:
    """Some tiles of content, and as many of style, which are one context.

    Attributes:
        content, style: clean latents, ``[tiles, 4, 16, 16]``.
    """

    checkpoint: DiffusionCheckpoint
    content: Tensor
    style: Tensor
    start: float

    def restyled(self, way: Way) -> Tensor:
        one, other = self._stream(way, self.content), self._stream(way, self.style)
        knobs = self.checkpoint.knobs(StyleSettings())
        latent = one.end + min(1.0, knobs.strength) * (blended(one.end, [(1.0, other.end)]) - one.end)
        return sample(
            self.checkpoint.network,
            stepper(way.sampler, self.checkpoint.schedule, one.timesteps),
            Streams(content=[one], styles=[(1.0, other)]),
            latent=latent,
            knobs=knobs,
            on_step=lambda tiles: None,
        )

    def back(self, way: Way) -> Tensor:
        timesteps = self._timesteps(way)
        latent = self._stream(way, self.content).end
        sampler = stepper(way.sampler, self.checkpoint.schedule, timesteps)
        for index in range(len(timesteps) - 1, 0, -1):
            latent = sampler.step(latent, self.checkpoint.network.predict(latent, timesteps[index]), index)
        return latent

    def _stream(self, way: Way, latent: Tensor) -> Stream:
        network, schedule, timesteps = self.checkpoint.network, self.checkpoint.schedule, self._timesteps(way)
        if way.is_second_order:
            (made,) = inverted(
                network, latent, schedule, timesteps, batch=len(latent), keeps=True, on_step=lambda tiles: None
            )
            return made
        stations, kept = [latent], dict[int, Recording]()
        for index, (now, then) in enumerate(itertools.pairwise(timesteps)):
            output, kept[index] = network.recorded(stations[-1], now)
            stations.append(schedule.step(stations[-1], output, now, then))
        return Stream(timesteps=timesteps, stations=stations, end=stations[-1], keeps=True, kept=kept)

    def _timesteps(self, way: Way) -> list[int]:
        return self.checkpoint.schedule.timesteps(self.start, way.steps, by_noise=way.by_noise)


def make_lab(checkpoint: DiffusionCheckpoint, start: float) -> Lab:
    pairs = held_out_images()[:TILES]
    contents, styles = (piece_latents(images, [START_FRAME] * len(pairs)) for images in zip(*pairs, strict=True))
    return Lab(checkpoint=checkpoint, content=contents, style=styles, start=start)


@torch.inference_mode()
def rows(lab: Lab, say: Callable[[str], None] = print) -> list[str]:
    """The table's lines for one start."""
    reference, made = lab.restyled(REFERENCE), []
    effect = (reference - lab.content).norm()
    for way in WAYS:
        off = float((lab.restyled(way) - reference).norm() / effect)
        back = float((lab.back(way) - lab.content).norm() / lab.content.norm())
        made.append(f"| {lab.start:g} | {way.name} | {way.steps} | {way.calls} | {off:.3f} | {back:.3f} |")
        say(made[-1])
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("bench/diffusion/steps.md"))
    parser.add_argument("--training-steps", type=int, default=STEPS, help="of the network")
    args = parser.parse_args()
    checkpoint = trained_checkpoint(steps=args.training_steps)
    lines = [
        "# Steps\n\n"
        f"Made by `python -m bench.diffusion.steps --training-steps {args.training_steps}`; the method is described at "
        f"the top of `bench/diffusion/steps.py`. {TILES} pairs of held-out music; strength, structure "
        f"and sharpness as by default.\n",
        "| start | way | steps | calls | off the exact result | back |\n|---|---|---|---|---|---|",
        *(line for start in STARTS for line in rows(make_lab(checkpoint, start))),
    ]
    args.out.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
