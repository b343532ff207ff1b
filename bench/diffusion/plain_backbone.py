"""A plain diffusion backbone on mel images, as the published method wants one: it never saw a swap in training.

    python -m bench.diffusion.plain_backbone --data training/runs/data --minutes 60

It sees what stylus-mini sees (grid, curve, data, 4 x 4 pixels per token), is as large, and is trained to remove noise
and nothing else: any render of the training set is a sample. Resumable; the weights are in ``out/``.
``bench.diffusion.backbones`` renders with it. `training.dataset` makes the data.
"""

from __future__ import annotations

import argparse
import copy
import logging
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from torch import Tensor, nn
from torch.nn.functional import mse_loss, pixel_shuffle, pixel_unshuffle

from stylus_daw.audio.spectrogram import Image
from stylus_daw.engine.diffusion.checkpoint import DiffusionCheckpoint
from stylus_daw.engine.diffusion.latents import LatentCodec
from stylus_daw.engine.image.values import GEOMETRY
from stylus_daw.engine.inverting.prompt import Condition
from stylus_daw.engine.inverting.schedule import NoiseSchedule
from stylus_daw.engine.machine.device import Device, Wishes, choose_device
from stylus_daw.engine.mini.checkpoint import DecibelCurve
from stylus_daw.engine.mini.net import PATCH
from training.dataset import load_shard
from training.train import VALIDATION_SHARD

SIDE = GEOMETRY.bands // PATCH
NET: dict[str, Any] = {
    "sample_size": SIDE,
    "in_channels": PATCH**2,
    "out_channels": PATCH**2,
    "layers_per_block": 1,
    "block_out_channels": (64, 128, 192),
    "attention_head_dim": 4,
    "cross_attention_dim": 32,
    "norm_num_groups": 16,
    "down_block_types": ("CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
    "up_block_types": ("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"),
}
PREDICTION = {"prediction_type": "v_prediction"}
MEAN, SPREAD = -0.45, 0.45
"""Of the values of the training set, about: latents come out with unit variance."""
BATCH, RATE, AVERAGE, WARM_UP = 16, 4e-4, 0.998, 100
STATE = Path("out/plain-diffusion/state.pt")
SAVE_S = 240.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class PatchCodec(LatentCodec):
    """Pixels themselves, 4 x 4 to a token: nothing is lost."""

    @property
    def factor(self) -> int:
        return PATCH

    def encode(self, images: Image) -> Tensor:
        pixels = torch.from_numpy(np.ascontiguousarray(images, np.float32))[:, None]
        return pixel_unshuffle((pixels - MEAN) / SPREAD, PATCH)

    def decode(self, latents: Tensor) -> Image:
        return (pixel_shuffle(latents.float().cpu(), PATCH)[:, 0] * SPREAD + MEAN).clamp(-1.0, 1.0).numpy()


CODEC = PatchCodec(vae=cast(AutoencoderKL, None))


def make_backbone() -> UNet2DConditionModel:
    """Stable Diffusion's layers, attending at every resolution, with a prompt of one empty token."""
    return cast(UNet2DConditionModel, UNet2DConditionModel.from_config(NET))


def plain_checkpoint(state: Path = STATE, device: Device | None = None) -> DiffusionCheckpoint:
    """The trained backbone on stylus-mini's grid.

    Raises:
        FileNotFoundError: it was not trained yet.
    """
    place = device or choose_device("cpu", Wishes(precision="fp32"))
    saved = torch.load(state, weights_only=True, map_location="cpu")
    net = make_backbone()
    net.load_state_dict(saved["average"])
    checkpoint = DiffusionCheckpoint(
        name=f"plain diffusion, {saved['minutes']:.0f} min",
        sha256=f"plain {saved['step']}",
        unet=place.placed(net),
        codec=CODEC,
        schedule=NoiseSchedule.from_config(PREDICTION),
        condition=_condition(),
        curve=cast(Any, DecibelCurve()),
        device=place,
    )
    checkpoint.geometry = GEOMETRY
    return checkpoint


def _condition() -> Condition:
    return Condition(hidden=torch.zeros(1, 1, int(NET["cross_attention_dim"])))


class Trainer:
    """Net, its average and everything else that a resumed training needs."""

    def __init__(self) -> None:
        torch.manual_seed(0)
        self.net = make_backbone()
        self.average = copy.deepcopy(self.net).requires_grad_(False)
        self.optimizer = torch.optim.AdamW(self.net.parameters(), RATE, weight_decay=1e-3, betas=(0.9, 0.98))
        self.schedule = NoiseSchedule.from_config(PREDICTION)
        self.step, self.minutes = 0, 0.0

    def learn(self, clean: Tensor, rate: float) -> float:
        """One step on latents; returns the loss."""
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        loss = self._loss(clean)
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self.optimizer.step()
        self.step += 1
        share = max(1 - AVERAGE, 9 / (10 + self.step))
        with torch.no_grad():
            for slow, fast in zip(self.average.parameters(), self.net.parameters(), strict=True):
                slow.lerp_(fast, share)
        return float(loss.detach())

    def _loss(self, clean: Tensor) -> Tensor:
        timesteps = torch.randint(len(self.schedule.alphas), (len(clean),))
        alphas = self.schedule.alphas[timesteps].float().view(-1, 1, 1, 1)
        noise = torch.randn_like(clean)
        noisy = alphas.sqrt() * clean + (1 - alphas).sqrt() * noise
        velocity = alphas.sqrt() * noise - (1 - alphas).sqrt() * clean
        return mse_loss(self.net(noisy, timesteps, **_condition().arguments(len(clean))).sample, velocity)

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        parts = {name: getattr(self, name).state_dict() for name in ("net", "average", "optimizer")}
        torch.save(parts | {"step": self.step, "minutes": self.minutes}, path.with_suffix(".tmp"))
        path.with_suffix(".tmp").replace(path)

    def load(self, path: Path) -> None:
        saved = torch.load(path, weights_only=True)
        for name in ("net", "average", "optimizer"):
            getattr(self, name).load_state_dict(saved[name])
        self.step, self.minutes = saved["step"], saved["minutes"]


def train(data: Path, state: Path, minutes: float) -> None:
    """Until it has been trained for so many minutes, earlier runs counted in."""
    trainer, renders, rng = Trainer(), _renders(data), np.random.default_rng()
    if state.exists():
        trainer.load(state)
    clock = saved = time.monotonic()
    losses: list[float] = []
    while trainer.minutes < minutes:
        losses.append(trainer.learn(_batch(renders, rng), _rate(trainer.step, trainer.minutes / minutes)))
        trainer.minutes += (time.monotonic() - clock) / 60
        clock = time.monotonic()
        if trainer.step % 50 == 0:
            log.info("step %d, %.1f min: loss %.4f", trainer.step, trainer.minutes, np.mean(losses[-50:]))
        if clock - saved > SAVE_S or trainer.minutes >= minutes:
            trainer.save(state)
            saved = clock


def _rate(step: int, done: float) -> float:
    """A warm-up, then half a cosine over the whole time down to 2 %."""
    return RATE * min(1.0, (step + 1) / WARM_UP) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done)))


def _renders(data: Path) -> Sequence[np.ndarray]:
    """All images of the training set, uint8 ``[bands, frames]``.

    Raises:
        FileNotFoundError: there is none.
    """
    paths = [path for path in sorted(data.glob("shard-*.npz")) if path.name != VALIDATION_SHARD]
    if not paths:
        raise FileNotFoundError(f"No shards in {data}; make them with python -m training.dataset --out {data}.")
    return [image for path in paths for image in load_shard(path).images]


def _batch(renders: Sequence[np.ndarray], rng: np.random.Generator) -> Tensor:
    """Latents of crops of one tile each."""
    crops = []
    for index in rng.integers(len(renders), size=BATCH):
        image = renders[index]
        first = int(rng.integers(image.shape[1] - GEOMETRY.bands + 1))
        crops.append(image[:, first : first + GEOMETRY.bands].astype(np.float32) / 127.5 - 1.0)
    return CODEC.encode(np.stack(crops))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("training/runs/data"))
    parser.add_argument("--state", type=Path, default=STATE)
    parser.add_argument("--minutes", type=float, default=60.0)
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    train(args.data, args.state, args.minutes)


if __name__ == "__main__":
    main()
