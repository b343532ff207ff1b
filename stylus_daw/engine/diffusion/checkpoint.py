"""A loaded Stable Diffusion of any family, inverted and sampled as Stylus describes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel

from stylus_daw.audio.columns import Columns
from stylus_daw.audio.spectrogram import Image, MelGeometry, MelScale
from stylus_daw.audio.spool import Scratch
from stylus_daw.engine.attention import Injection, install
from stylus_daw.engine.checkpoint import Knobs, fill, in_sections
from stylus_daw.engine.diffusion.injected_layers import injected_layers, projected_numbers
from stylus_daw.engine.diffusion.latents import LatentCodec
from stylus_daw.engine.diffusion.lora import Lora, attach
from stylus_daw.engine.diffusion.plan import Needs
from stylus_daw.engine.diffusion.power_curve import PowerCurve
from stylus_daw.engine.diffusion.restyling import Machinery, Restyling
from stylus_daw.engine.diffusion.tiles import LatentTiles
from stylus_daw.engine.guide.region import HeardRegion
from stylus_daw.engine.inverting.network import Network
from stylus_daw.engine.inverting.prompt import Condition
from stylus_daw.engine.inverting.schedule import NoiseSchedule
from stylus_daw.engine.inverting.stream_cache import KeptStreams
from stylus_daw.engine.knobs.choices import Method
from stylus_daw.engine.layouts.memory_needs import UNET_NUMBERS_PER_PIXEL, VAE_BYTES_PER_PIXEL
from stylus_daw.engine.machine.device import Device
from stylus_daw.engine.machine.place import Place
from stylus_daw.engine.progress import ReportProgress, Steps
from stylus_daw.engine.request import Quality, Sampler, StyleSettings
from stylus_daw.engine.style_cache import StyleCache
from stylus_daw.errors import RequestError

STEPS = {Quality.DRAFT: 4, Quality.NORMAL: 6, Quality.HIGH: 20}  # chosen by `bench/diffusion/steps.md` (decision 0041)
LCM_STEPS = {Quality.DRAFT: 2, Quality.NORMAL: 4, Quality.HIGH: 8}  # the range that LCM-LoRA was made for
STYLE_TILES = {Quality.DRAFT: 1, Quality.NORMAL: 1, Quality.HIGH: 2}  # images of a style; unmeasured at full size
BELOW_EVERYTHING_DB = -1000.0  # dB: silence, whatever the curve
TRANSFORM_MS = 400  # ms: Riffusion's public code, which Stylus follows
PUBLISHED_BANDS = 512  # bands at which that transform has a bin for every band


@dataclass(slots=True, kw_only=True)
class DiffusionCheckpoint:
    """See :class:`stylus_daw.engine.checkpoint.Checkpoint`.

    Attributes:
        condition: the empty prompt.
        styles: inverted styles on disk; None: every process inverts them anew.
        find_lora: finds the LoRA for ``Sampler.LCM``; None: this model cannot use it.
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
    styles: StyleCache | None = None
    find_lora: Callable[[], Path | None] | None = None
    side: int = field(init=False)
    geometry: MelGeometry = field(init=False)
    kept: KeptStreams = field(init=False)
    network: Network = field(init=False)
    needs: Needs = field(init=False)
    _injection: Injection = field(init=False)
    _lora: Lora | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.side = int(self.unet.config["sample_size"]) * self.codec.factor
        self.geometry = mel_geometry(self.side)
        compiles = self.device.wishes.compiles
        self._injection = install(self.unet, injected_layers(self.unet), is_compiled=compiles)
        self.network = Network(
            unet=self.device.compiled(self.unet),
            injection=self._injection,
            condition=self.condition,
            device=self.device,
        )
        self.kept = KeptStreams(self.device.keeping_bytes)
        self.needs = needs_of(self.unet, self.side, self.device.compute.itemsize)

    @property
    def place(self) -> Place:
        """Where it runs."""
        return self.device

    @property
    def lora_sha256(self) -> str:
        """Hash of the LoRA that ``Sampler.LCM`` renders with; empty before the first such render."""
        return self._lora.sha256 if self._lora else ""

    def knobs(self, settings: StyleSettings) -> Knobs:
        steps = (LCM_STEPS if settings.sampler is Sampler.LCM else STEPS)[settings.quality]
        tiles = STYLE_TILES[settings.quality]
        return fill(settings, Method.INVERSION, steps=steps, style_tiles=tiles)

    def guide(self, region: HeardRegion, knobs: Knobs, scratch: Scratch, progress: ReportProgress) -> None:
        """It starts from the content's own noise."""

    @torch.inference_mode()
    def restyle(
        self, content: Image, styles: Sequence[tuple[float, Image]], knobs: Knobs, progress: ReportProgress
    ) -> Image:
        """Shape: ``[bands, frames]``, kept."""
        tiles = LatentTiles(frames=content.shape[1], side=self.side, factor=self.codec.factor)
        restyling = Restyling(
            machinery=self._machinery(knobs),
            tiles=tiles,
            images=tiles.split(content, fill=self._silence),
            styles=[(weight, self._style_tiles(image, knobs.style_tiles)) for weight, image in styles],
            knobs=knobs,
            steps=Steps(progress, 1, "inverting the style"),
        )
        return tiles.join(restyling.images_out())

    def restyle_blocks(
        self,
        content: Columns,
        styles: Sequence[tuple[float, Image]],
        knobs: Knobs,
        progress: ReportProgress,
        base: Columns | None = None,
    ) -> Iterator[Image]:
        """Shape: each ``[bands, any]``."""
        return in_sections(lambda section, part: self.restyle(section, styles, knobs, part), content, progress)

    def _machinery(self, knobs: Knobs) -> Machinery:
        identity = f"{self.sha256} {self.device.compute} {self.condition.fingerprint} {self.schedule.fingerprint}"
        return Machinery(
            name=self.name,
            identity=identity,
            network=self.network,
            codec=self.codec,
            schedule=self.schedule,
            device=self.device,
            needs=self.needs,
            kept=self.kept,
            cache=self.styles,
            lora=self._lora_for(knobs.sampler),
            agrees=self.device.wishes.agrees,
        )

    def _lora_for(self, sampler: Sampler) -> Lora | None:
        """Loaded at first use."""
        if sampler is Sampler.LCM and self._lora is None:
            self._lora = attach(self.unet, _found(self.name, self.find_lora))
        return self._lora

    @property
    def _silence(self) -> float:
        """What fills a tile beyond the region."""
        return float(self.curve.to_values(np.array([BELOW_EVERYTHING_DB]), 0.0)[0])

    def _style_tiles(self, style: Image, most: int) -> Image:
        """Images cut from the style, spread over it; a short style is repeated.

        Shape: ``[bands, any] -> [tiles, bands, side]``.
        """
        looped = np.tile(style, (1, -(-self.side // style.shape[1])))
        room = looped.shape[1] - self.side
        count = min(most, 1 + room // self.side)
        starts = np.linspace(0, room, count).astype(int) if count > 1 else [room // 2]
        return np.stack([looped[:, s : s + self.side] for s in starts])


def mel_geometry(side: int) -> MelGeometry:
    """The image of Stylus and Riffusion: 512 HTK bands over 0-10 kHz, 10 ms per frame.

    Models of larger images get more bands and a longer transform, so that every band has a bin (decision 0033).

    >>> mel_geometry(512).fft_ms, mel_geometry(1024).fft_ms
    (400, 800)
    """
    transform_ms = max(TRANSFORM_MS, TRANSFORM_MS * side // PUBLISHED_BANDS)
    return MelGeometry(
        hop_ms=10, window_ms=100, fft_ms=transform_ms, bands=side, low_hz=0.0, high_hz=10_000.0, scale=MelScale.HTK
    )


def _found(name: str, find_lora: Callable[[], Path | None] | None) -> Path:
    if find_lora is None:
        text = f"The sampler lcm works only with Stable Diffusion 1.x, not with {name}. Choose unipc, dpmpp or ddim."
        raise RequestError("sampler.family", text)
    path = find_lora()
    if path is None:
        text = (
            "The sampler lcm needs its LoRA. Get it with: stylus-daw models add lcm latent-consistency/lcm-lora-sdv1-5 "
            "--allow-download. Or register a file that you have, or choose unipc."
        )
        raise RequestError("sampler.no_lora", text)
    return path


def needs_of(unet: UNet2DConditionModel, side: int, compute_bytes: int) -> Needs:
    """What a render takes, from the shapes alone; ``layouts/memory_needs.py`` has the measured figures."""
    pixels = side * side
    return Needs(
        tile=pixels * UNET_NUMBERS_PER_PIXEL * compute_bytes,
        projections=projected_numbers(unet) * compute_bytes,
        image=pixels * VAE_BYTES_PER_PIXEL,
    )
