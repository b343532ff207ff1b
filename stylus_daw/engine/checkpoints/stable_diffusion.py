"""Stable Diffusion 1.x from a diffusers folder: inverted and sampled, as Stylus publishes it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from torch import Tensor

from stylus_daw.audio.spectrogram import Image, MelGeometry, MelScale
from stylus_daw.audio.windows import Tiling
from stylus_daw.engine.adain import blended_adain
from stylus_daw.engine.attention import Injection, install
from stylus_daw.engine.checkpoints.base import Knobs, fill
from stylus_daw.engine.checkpoints.power_curve import DARKEST, PowerCurve
from stylus_daw.engine.device import Device
from stylus_daw.engine.fingerprint import sha256_of_files
from stylus_daw.engine.inversion import invert
from stylus_daw.engine.progress import ProgressListener, Steps
from stylus_daw.engine.request import Quality, StyleSettings
from stylus_daw.engine.sampler import Trajectory, sample
from stylus_daw.engine.schedule import NoiseSchedule
from stylus_daw.errors import CheckpointError

log = logging.getLogger(__name__)

PARTS = ("unet", "vae", "text_encoder", "tokenizer", "scheduler")
WEIGHED_PARTS = ("unet", "vae", "text_encoder")
STEPS = {Quality.DRAFT: 6, Quality.NORMAL: 16, Quality.HIGH: 50}
STYLE_TILES = {Quality.DRAFT: 1, Quality.NORMAL: 1, Quality.HIGH: 2}
BATCH = 4
INJECTED_UP_BLOCKS = 2
SILENCE = 2 * DARKEST - 1


def load_stable_diffusion(folder: Path, device: Device) -> StableDiffusionCheckpoint:
    """Load ``unet``, ``vae`` and the empty prompt's embedding from a diffusers folder; nothing is downloaded.

    Raises:
        CheckpointError: a part is missing, only there as a pickle, or does not load.
    """
    weights = [_safetensors(folder, part) for part in WEIGHED_PARTS]
    for part in PARTS:
        if not (folder / part).is_dir():
            raise CheckpointError(
                "checkpoint.incomplete", f"{folder} lacks the part {part!r}; it needs {', '.join(PARTS)}."
            )
    try:
        unet = _load(UNet2DConditionModel, folder / "unet", device, device.compute)
        vae = _load(AutoencoderKL, folder / "vae", device, torch.float32)
        schedule = NoiseSchedule.from_config(
            json.loads((folder / "scheduler" / "scheduler_config.json").read_text("utf-8"))
        )
        prompt = _empty_prompt(folder, device)
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        raise CheckpointError("checkpoint.broken", f"The checkpoint in {folder} cannot be loaded: {error}") from error
    return StableDiffusionCheckpoint(
        name=folder.name,
        sha256=sha256_of_files(weights),
        unet=unet,
        vae=vae,
        schedule=schedule,
        prompt=prompt,
        device=device,
    )


@dataclass(slots=True, kw_only=True)
class StableDiffusionCheckpoint:
    """A loaded Stable Diffusion; see :class:`stylus_daw.engine.checkpoints.base.Checkpoint`.

    Attributes:
        prompt: embedding of the empty prompt, ``[1, tokens, width]``.
        side: rows and frames of one image; 512 for Stable Diffusion 1.x.
    """

    name: str
    sha256: str
    unet: UNet2DConditionModel
    vae: AutoencoderKL
    schedule: NoiseSchedule
    prompt: Tensor
    device: Device
    curve: PowerCurve = field(default_factory=PowerCurve)
    style_tiles: int = STYLE_TILES[Quality.NORMAL]
    side: int = field(init=False)
    geometry: MelGeometry = field(init=False)
    _injection: Injection = field(init=False)

    def __post_init__(self) -> None:
        factor = 2 ** (len(self.vae.config["block_out_channels"]) - 1)
        self.side = int(self.unet.config["sample_size"]) * factor
        self.geometry = MelGeometry(
            hop_ms=10, window_ms=100, fft_ms=400, bands=self.side, low_hz=0.0, high_hz=10_000.0, scale=MelScale.HTK
        )
        self._injection = install(self.unet, injected_layers(self.unet))

    @property
    def injected(self) -> tuple[str, ...]:
        """Names of the layers that take the swap."""
        return self._injection.layers

    def knobs(self, settings: StyleSettings) -> Knobs:
        self.style_tiles = STYLE_TILES[settings.quality]
        return fill(settings, strength=0.9, structure=0.75, sharpness=1.0, start=1.0, steps=STEPS[settings.quality])

    @torch.inference_mode()
    def restyle(
        self, content: Image, styles: Sequence[tuple[float, Image]], knobs: Knobs, progress: ProgressListener
    ) -> Image:
        tiling = Tiling(frames=content.shape[1], width=self.side, overlap=self.side // 8)
        tiles = tiling.split(content, fill=SILENCE)
        timesteps = self.schedule.timesteps(knobs.start, knobs.steps)
        parts = len(list(tiling.batches(BATCH)))
        steps = Steps(progress, knobs.steps * (len(styles) + 2 * parts), "inverting the style")
        inverted = [
            Trajectory(weight=weight, stations=self._inverted(self._style_tiles(image), timesteps, steps))
            for weight, image in styles
        ]
        return tiling.join(np.concatenate(list(self._batches(tiles, tiling, inverted, timesteps, knobs, steps))))

    def _batches(
        self, tiles: Image, tiling: Tiling, styles: list[Trajectory], timesteps: list[int], knobs: Knobs, steps: Steps
    ) -> Iterator[Image]:
        for part in tiling.batches(BATCH):
            steps.stage = "inverting the region"
            content = self._inverted(tiles[part], timesteps, steps)
            steps.stage = "restyling"
            latent = blended_adain(content[-1], [(style.weight, style.stations[-1]) for style in styles])
            latent = content[-1] + min(1.0, knobs.strength) * (latent - content[-1])
            result = sample(
                self._predict, self._injection, self.schedule, timesteps,
                latent=latent, content=content, styles=styles, knobs=knobs, on_step=steps.advance,
            )  # fmt: skip
            yield self._decode(result)

    def _inverted(self, tiles: Image, timesteps: list[int], steps: Steps) -> list[Tensor]:
        return invert(self._predict, self._encode(tiles), self.schedule, timesteps, steps.advance)

    def _predict(self, latent: Tensor, timestep: int) -> Tensor:
        prompt = self.prompt.expand(latent.shape[0], -1, -1)
        with self.device.autocast():
            return self.unet(latent, timestep, encoder_hidden_states=prompt).sample.float()

    def _encode(self, tiles: Image) -> Tensor:
        """Shape: ``[tiles, bands, frames] -> [tiles, 4, bands / 8, frames / 8]``."""
        grey = torch.from_numpy(np.ascontiguousarray(tiles))[:, None].expand(-1, 3, -1, -1).to(self.device.torch)
        latents = [self.vae.encode(one).latent_dist.mode() for one in grey.split(1)]  # type: ignore[union-attr]
        return torch.cat(latents) * self.vae.config["scaling_factor"]

    def _decode(self, latent: Tensor) -> Image:
        latent = latent / self.vae.config["scaling_factor"]
        images = torch.cat([self.vae.decode(one).sample for one in latent.split(1)])  # type: ignore[union-attr]
        return images.mean(1).clamp(-1.0, 1.0).cpu().numpy()

    def _style_tiles(self, style: Image) -> Image:
        """Whole images out of the style, spread over it; a short one is repeated."""
        looped = np.tile(style, (1, -(-self.side // style.shape[1])))
        room = looped.shape[1] - self.side
        count = min(self.style_tiles, 1 + room // self.side)
        starts = np.linspace(0, room, count).astype(int) if count > 1 else [room // 2]
        return np.stack([looped[:, s : s + self.side] for s in starts])


def injected_layers(unet: UNet2DConditionModel) -> Any:
    """Chooses the self-attention of the two finest up blocks that attend (32x32 and 64x64 on Stable Diffusion 1.x)."""
    kinds = unet.config["up_block_types"]
    attending = [index for index, kind in enumerate(kinds) if "CrossAttn" in kind][-INJECTED_UP_BLOCKS:]
    prefixes = tuple(f"up_blocks.{index}." for index in attending)
    return lambda name: name.startswith(prefixes) and name.endswith("attn1")


def _safetensors(folder: Path, part: str) -> Path:
    found = sorted((folder / part).glob("*.safetensors"))
    if found:
        return found[0]
    pickles = [p.name for p in (folder / part).glob("*") if p.suffix in {".bin", ".ckpt", ".pt"}]
    if pickles:
        text = (
            f"{folder / part} holds its weights only as a pickle ({pickles[0]}), which can run code when it is opened, "
            "and is refused. Get the safetensors version."
        )
        raise CheckpointError("checkpoint.pickle", text)
    raise CheckpointError(
        "checkpoint.incomplete", f"{folder / part} has no .safetensors weights; the folder is incomplete."
    )


def _load(model: Any, folder: Path, device: Device, dtype: torch.dtype) -> Any:
    stored = torch.float32 if device.torch.type == "cpu" else dtype
    loaded = model.from_pretrained(
        str(folder), use_safetensors=True, local_files_only=True, torch_dtype=stored, low_cpu_mem_usage=False
    )
    return loaded.to(device.torch).eval().requires_grad_(False)


def _empty_prompt(folder: Path, device: Device) -> Tensor:
    """The text encoder's output for the empty prompt; the encoder is freed afterwards."""
    from transformers import CLIPTextModel, CLIPTokenizer

    tokenizer = CLIPTokenizer.from_pretrained(str(folder / "tokenizer"), local_files_only=True)
    encoder = CLIPTextModel.from_pretrained(str(folder / "text_encoder"), local_files_only=True, use_safetensors=True)
    length = encoder.config.max_position_embeddings
    tokens = tokenizer("", padding="max_length", max_length=length, truncation=True, return_tensors="pt")
    with torch.inference_mode():
        return encoder(tokens.input_ids)[0].float().to(device.torch)
