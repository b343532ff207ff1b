"""A tiny Stable Diffusion of our own, trained for two minutes on mel images: its score is weak, but that of music.

    python -m bench.diffusion.trained_checkpoint --steps 250

What depends on how smooth a network is along its own trajectories (step sizes, solvers) cannot be judged with random
weights. The UNet has Stable Diffusion 1.5's layout and few channels; in place of the VAE stands a fixed codec: per
block of 8 x 8 pixels the mean, both slopes and their product. Weights are in ``out/``, named by what made them.
"""

from __future__ import annotations

import argparse
import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import numpy as np
import safetensors.torch
import torch
import torch.nn.functional as F
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from torch import Tensor
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from bench.diffusion.random_checkpoint import random_checkpoint
from bench.material.pairs import SOUNDFONTS, render_pairs
from stylus_daw.audio.formats.reading import read
from stylus_daw.audio.reconstruction import mel_image
from stylus_daw.audio.spectrogram import Image
from stylus_daw.engine.diffusion.checkpoint import DiffusionCheckpoint, mel_geometry
from stylus_daw.engine.diffusion.latents import LatentCodec
from stylus_daw.engine.diffusion.power_curve import PowerCurve
from stylus_daw.engine.machine.device import Device, Wishes, choose_device

SIDE, FACTOR = 16, 8
STEPS, BATCH, RATE, AVERAGE = 250, 16, 2e-3, 0.97
TRAINING_PAIRS, HELD_OUT_PAIRS = 12, 4
SCALES = (0.3, 0.065, 0.095, 0.02)
"""Spread of each coefficient over the training images: latents come out with about unit variance."""
FOLDER = Path("out/trained-diffusion")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockCodec(LatentCodec):
    """Four numbers per block of 8 x 8 pixels, and back. Linear; loses what is finer."""

    @property
    def factor(self) -> int:
        return FACTOR

    def encode(self, images: Image) -> Tensor:
        pixels = torch.from_numpy(np.ascontiguousarray(images))[:, None]
        return F.conv2d(pixels, _patterns(), stride=FACTOR) / torch.tensor(SCALES).view(-1, 1, 1)

    def decode(self, latents: Tensor) -> Image:
        scaled = latents.cpu() * torch.tensor(SCALES).view(-1, 1, 1)
        return F.conv_transpose2d(scaled, FACTOR**2 * _patterns(), stride=FACTOR)[:, 0].clamp(-1.0, 1.0).numpy()


def _patterns() -> Tensor:
    """The first two cosines in each direction, orthonormal for the mean of a block. Shape: ``[4, 1, 8, 8]``."""
    places = (torch.arange(FACTOR) + 0.5) / FACTOR
    waves = torch.stack([torch.ones(FACTOR), math.sqrt(2) * torch.cos(math.pi * places)])
    return (waves[:, None, :, None] * waves[None, :, None, :]).flatten(0, 1)[:, None] / FACTOR**2


def trained_checkpoint(device: Device | None = None, *, steps: int = STEPS, seed: int = 0) -> DiffusionCheckpoint:
    """The checkpoint; trained if it is not there yet."""
    place = device or choose_device("cpu", Wishes(precision="fp32"))
    path = FOLDER / f"{steps}-steps-seed-{seed}.safetensors"
    random = random_checkpoint(place, is_full_size=False, side=SIDE, seed=seed)
    if path.is_file():
        random.unet.load_state_dict(safetensors.torch.load_file(path))
    else:
        _train(random, steps, seed)
        path.parent.mkdir(parents=True, exist_ok=True)
        safetensors.torch.save_file({name: one.contiguous() for name, one in random.unet.state_dict().items()}, path)
    return replace(random, codec=BlockCodec(vae=cast(AutoencoderKL, None)), sha256=path.stem)


def held_out_images() -> list[tuple[Image, Image]]:
    """Content and style of pairs that were not trained on. Shape: ``[bands, frames]`` each."""
    pairs = list(render_pairs(TRAINING_PAIRS + HELD_OUT_PAIRS, list(SOUNDFONTS)))[TRAINING_PAIRS:]
    return [(_image(pair.content), _image(pair.style)) for pair in pairs]


def _training_images() -> list[Image]:
    pairs = render_pairs(TRAINING_PAIRS, list(SOUNDFONTS))
    clips = [clip for pair in pairs for clip in (pair.content, pair.style, pair.truth)]
    clips += [read(path) for path in sorted(Path("presets/stylus_presets/styles").glob("*.flac"))]
    return [_image(clip) for clip in clips]


def _image(clip: object) -> Image:
    mel_db = mel_image(clip, mel_geometry(SIDE * FACTOR))  # type: ignore[arg-type]
    return PowerCurve.to_values(mel_db, PowerCurve.level(mel_db))


def _train(checkpoint: DiffusionCheckpoint, steps: int, seed: int) -> None:
    """Predict the noise; AdamW, cosine decay, weights averaged."""
    rng, images = np.random.default_rng(seed), _training_images()
    unet: UNet2DConditionModel = checkpoint.unet.train().requires_grad_(True)
    optimizer = torch.optim.AdamW(unet.parameters(), lr=RATE)
    decay = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps, pct_start=0.05)
    average = AveragedModel(unet, multi_avg_fn=get_ema_multi_avg_fn(AVERAGE))
    generator = torch.Generator().manual_seed(seed)
    for step in range(steps):
        loss = _loss(checkpoint, _batch(images, rng), generator)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(unet.parameters(), 1.0)
        optimizer.step()
        decay.step()
        average.update_parameters(unet)
        if step % 50 == 0:
            log.info("step %d: loss %.3f", step, float(loss.detach()))
    unet.load_state_dict(average.module.state_dict())
    unet.eval().requires_grad_(False)


def _batch(images: list[Image], rng: np.random.Generator) -> Tensor:
    """Clean latents of pieces of images."""
    chosen = [images[i] for i in rng.integers(len(images), size=BATCH)]
    return piece_latents(chosen, [int(rng.integers(image.shape[1] - SIDE * FACTOR + 1)) for image in chosen])


def piece_latents(images: Sequence[Image], starts: Sequence[int]) -> Tensor:
    """Latents of one tile of each image, from a frame on."""
    pieces = [image[:, start : start + SIDE * FACTOR] for image, start in zip(images, starts, strict=True)]
    return BlockCodec(vae=cast(AutoencoderKL, None)).encode(np.stack(pieces))


def _loss(checkpoint: DiffusionCheckpoint, clean: Tensor, generator: torch.Generator) -> Tensor:
    timesteps = torch.randint(len(checkpoint.schedule.alphas), (BATCH,), generator=generator)
    alphas = checkpoint.schedule.alphas[timesteps].float().view(-1, 1, 1, 1)
    noise = torch.randn(clean.shape, generator=generator)
    noisy = alphas.sqrt() * clean + (1 - alphas).sqrt() * noise
    return F.mse_loss(checkpoint.unet(noisy, timesteps, **checkpoint.condition.arguments(BATCH)).sample, noise)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=STEPS)
    logging.basicConfig(level=logging.INFO)
    trained_checkpoint(steps=parser.parse_args().steps)


if __name__ == "__main__":
    main()
