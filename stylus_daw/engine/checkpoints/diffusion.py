"""A loaded Stable Diffusion of any family: inverted and sampled, as Stylus publishes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from torch import Tensor

from stylus_daw.audio.spectrogram import Image, MelGeometry, MelScale
from stylus_daw.audio.windows import Tiling
from stylus_daw.engine.adain import blended
from stylus_daw.engine.attention import Injection, install
from stylus_daw.engine.checkpoints.base import Knobs, fill
from stylus_daw.engine.checkpoints.injected_layers import injected_layers
from stylus_daw.engine.checkpoints.latents import LatentCodec
from stylus_daw.engine.checkpoints.power_curve import PowerCurve
from stylus_daw.engine.checkpoints.prompt import Condition
from stylus_daw.engine.device import Device
from stylus_daw.engine.inversion import invert
from stylus_daw.engine.progress import ProgressListener, Steps
from stylus_daw.engine.request import Quality, StyleSettings
from stylus_daw.engine.sampler import Trajectory, sample
from stylus_daw.engine.schedule import NoiseSchedule

STEPS = {Quality.DRAFT: 6, Quality.NORMAL: 16, Quality.HIGH: 50}
STYLE_TILES = {Quality.DRAFT: 1, Quality.NORMAL: 1, Quality.HIGH: 2}
BATCH = 4
BELOW_EVERYTHING_DB = -1000.0
TRANSFORM_MS, PUBLISHED_BANDS = 400, 512


@dataclass(slots=True, kw_only=True)
class DiffusionCheckpoint:
    """See :class:`stylus_daw.engine.checkpoints.base.Checkpoint`.

    Attributes:
        condition: the empty prompt.
        side: rows and frames of one image; 512 for Stable Diffusion 1.x.
    """

    name: str
    sha256: str
    unet: UNet2DConditionModel
    codec: LatentCodec
    schedule: NoiseSchedule
    condition: Condition
    device: Device
    curve: PowerCurve = field(default_factory=PowerCurve)
    side: int = field(init=False)
    geometry: MelGeometry = field(init=False)
    _injection: Injection = field(init=False)

    def __post_init__(self) -> None:
        self.side = int(self.unet.config["sample_size"]) * self.codec.factor
        self.geometry = mel_geometry(self.side)
        self._injection = install(self.unet, injected_layers(self.unet))

    @property
    def injected(self) -> tuple[str, ...]:
        """Names of the layers that take the swap."""
        return self._injection.layers

    def knobs(self, settings: StyleSettings) -> Knobs:
        steps, tiles = STEPS[settings.quality], STYLE_TILES[settings.quality]
        return fill(settings, strength=0.9, structure=0.75, sharpness=1.0, start=1.0, steps=steps, style_tiles=tiles)

    @torch.inference_mode()
    def restyle(
        self, content: Image, styles: Sequence[tuple[float, Image]], knobs: Knobs, progress: ProgressListener
    ) -> Image:
        tiling = Tiling(frames=content.shape[1], width=self.side, overlap=self.side // 8)
        tiles = tiling.split(content, fill=self._silence)
        timesteps = self.schedule.timesteps(knobs.start, knobs.steps)
        parts = len(list(tiling.batches(BATCH)))
        steps = Steps(progress, knobs.steps * (len(styles) + 2 * parts), "inverting the style")
        inverted = [
            Trajectory(
                weight=weight, stations=self._inverted(self._style_tiles(image, knobs.style_tiles), timesteps, steps)
            )
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
            latent = blended(content[-1], [(style.weight, style.stations[-1]) for style in styles], knobs.matching)
            latent = content[-1] + min(1.0, knobs.strength) * (latent - content[-1])
            result = sample(
                self._predict, self._injection, self.schedule, timesteps,
                latent=latent, content=content, styles=styles, knobs=knobs, on_step=steps.advance,
            )  # fmt: skip
            yield self.codec.decode(result)

    def _inverted(self, tiles: Image, timesteps: list[int], steps: Steps) -> list[Tensor]:
        return invert(self._predict, self.codec.encode(tiles), self.schedule, timesteps, steps.advance)

    def _predict(self, latent: Tensor, timestep: int) -> Tensor:
        with self.device.autocast():
            return self.unet(latent, timestep, **self.condition.arguments(latent.shape[0])).sample.float()

    @property
    def _silence(self) -> float:
        """What fills a tile beyond the region."""
        return float(self.curve.to_values(np.array([BELOW_EVERYTHING_DB]), 0.0)[0])

    def _style_tiles(self, style: Image, most: int) -> Image:
        """Whole images out of the style, spread over it; a short one is repeated."""
        looped = np.tile(style, (1, -(-self.side // style.shape[1])))
        room = looped.shape[1] - self.side
        count = min(most, 1 + room // self.side)
        starts = np.linspace(0, room, count).astype(int) if count > 1 else [room // 2]
        return np.stack([looped[:, s : s + self.side] for s in starts])


def mel_geometry(side: int) -> MelGeometry:
    """The image of Stylus and Riffusion: 512 HTK bands over 0-10 kHz, 10 ms per frame.

    Models of larger images get more bands, and a longer transform, so that no band falls between two bins.

    >>> mel_geometry(512).fft_ms, mel_geometry(1024).fft_ms
    (400, 800)
    """
    transform_ms = max(TRANSFORM_MS, TRANSFORM_MS * side // PUBLISHED_BANDS)
    return MelGeometry(
        hop_ms=10, window_ms=100, fft_ms=transform_ms, bands=side, low_hz=0.0, high_hz=10_000.0, scale=MelScale.HTK
    )
