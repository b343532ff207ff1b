"""From image values to latents and back, through the VAE of a checkpoint."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from torch import Tensor

from stylus_daw.audio.spectrogram import Image
from stylus_daw.engine.machine.aligned import aligned_tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class LatentCodec:
    """A VAE, its scale, and its orientation. It takes one image at a time, so memory does not grow with their number.

    Attributes:
        is_upright: low notes at the bottom of the image, as Riffusion was trained; otherwise in its first row.
    """

    vae: AutoencoderKL
    is_upright: bool = False

    @property
    def factor(self) -> int:
        """Pixels per latent in each direction."""
        return 2 ** (len(self.vae.config["block_out_channels"]) - 1)

    def encode(self, images: Image) -> Tensor:
        """Shape: ``[tiles, bands, frames] -> [tiles, channels, bands / factor, frames / factor]``."""
        grey = aligned_tensor(np.ascontiguousarray(self._turned(images)))[:, None].expand(-1, 3, -1, -1)
        latents = [self.vae.encode(one).latent_dist.mode() for one in grey.to(self.vae.device).split(1)]  # type: ignore[union-attr]
        return (torch.cat(latents) - self._shift) * self.vae.config["scaling_factor"]

    def decode(self, latents: Tensor) -> Image:
        """The way back; values in -1..1. Shape: as for :meth:`encode`, reversed."""
        latents = latents / self.vae.config["scaling_factor"] + self._shift
        images = torch.cat([self.vae.decode(one).sample for one in latents.split(1)])  # type: ignore[union-attr]
        return self._turned(images.mean(1).clamp(-1.0, 1.0).cpu().numpy())

    @property
    def _shift(self) -> float:
        return self.vae.config.get("shift_factor") or 0.0

    def _turned(self, images: Image) -> Image:
        """Shape: ``[tiles, bands, frames]``, kept."""
        return images[:, ::-1] if self.is_upright else images
