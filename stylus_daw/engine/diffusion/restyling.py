"""One render with an inverted checkpoint: tiles are inverted, sampled and decoded span by span, within memory."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from torch import Tensor

from stylus_daw.audio.spectrogram import Image
from stylus_daw.engine.checkpoint import Knobs
from stylus_daw.engine.diffusion.latents import LatentCodec
from stylus_daw.engine.diffusion.lora import Lora
from stylus_daw.engine.diffusion.plan import Mode, Needs, Plan, decide
from stylus_daw.engine.diffusion.tiles import LatentTiles
from stylus_daw.engine.inverting.adain import blended
from stylus_daw.engine.inverting.lcm import consistency_noise
from stylus_daw.engine.inverting.network import Network
from stylus_daw.engine.inverting.sampling import Streams, sample
from stylus_daw.engine.inverting.schedule import NoiseSchedule
from stylus_daw.engine.inverting.steppers import stepper
from stylus_daw.engine.inverting.stream_cache import KeptStreams
from stylus_daw.engine.inverting.streams import Stream, inverted
from stylus_daw.engine.machine.device import Device
from stylus_daw.engine.machine.faults import is_out_of_memory, let_go, out_of_memory
from stylus_daw.engine.progress import Steps
from stylus_daw.engine.request import Sampler
from stylus_daw.engine.style_cache import StyleCache, key_of

INVERSION = "second order"
"""Part of cache keys: changes when :func:`stylus_daw.engine.inverting.inversion.invert` does."""
BY_NOISE = 0.7  # 0..1: how timesteps are spread, chosen by `bench/diffusion/steps.md` (decision 0040)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Machinery:
    """What all renders with a checkpoint share.

    Attributes:
        identity: everything that decides an inversion besides the sound: weights, prompt, precision.
        kept: inversions of this process.
        cache: inverted styles on disk, if any are kept there.
        lora: for ``Sampler.LCM``.
        agrees: whether overlapping tiles agree on their latents at every step, or only cross-fade.
    """

    name: str
    identity: str
    network: Network
    codec: LatentCodec
    schedule: NoiseSchedule
    device: Device
    needs: Needs
    kept: KeptStreams
    cache: StyleCache | None = None
    lora: Lora | None = None
    agrees: bool = False


@dataclass(slots=True, kw_only=True)
class Restyling:
    """See the module.

    Attributes:
        tiles: their positions.
        images: the content's, ``[tiles, bands, side]``.
        styles: weight (sum 1) and images of each style, ``[tiles, bands, side]``.
    """

    machinery: Machinery
    tiles: LatentTiles
    images: Image
    styles: Sequence[tuple[float, Image]]
    knobs: Knobs
    steps: Steps
    timesteps: list[int] = field(init=False)

    def __post_init__(self) -> None:
        knobs, schedule = self.knobs, self.machinery.schedule
        by_noise = 0.0 if knobs.sampler is Sampler.LCM else BY_NOISE  # LCM was trained on timesteps evenly in time
        self.timesteps = schedule.timesteps(knobs.start, knobs.steps, by_noise=by_noise)
        stations = len(self.timesteps)
        self.steps.total = stations * (self._style_tiles + len(self.tiles)) + (stations - 1) * len(self.tiles)

    def images_out(self) -> Image:
        """The result's tiles. Shape: that of ``images``.

        Raises:
            EngineError: ``engine.memory``, after everything smaller has been tried.
        """
        plan, done, results = self._plan(), 0, []
        while done < len(self.images):
            span = slice(done, min(done + plan.span, len(self.images)))
            self.machinery.kept.forget_others(self._keys(span, plan))
            try:
                results.append(self._restyled(span, plan))
            except (RuntimeError, MemoryError) as error:
                plan = self._after(error, plan)
            else:
                done = span.stop
        self.machinery.kept.trim()
        return np.concatenate(results)

    def _plan(self) -> Plan:
        machinery = self.machinery
        free = machinery.device.free_bytes()
        plan = decide(
            machinery.needs,
            tiles=len(self.images),
            style_tiles=self._style_tiles,
            steps=len(self.timesteps),
            free=None if free is None else free + machinery.kept.bytes,
            most=machinery.device.most_tiles(self._latents),
        )
        if self.knobs.sampler is Sampler.LCM:
            # The LoRA changes what the network sees: projections of the inversion, which runs without it, do not fit.
            plan = replace(plan, mode=Mode.TRAJECTORY, reason="the sampler's LoRA needs new projections at each step")
        log.info("%s: %s mode, batches of %d: %s", machinery.name, plan.mode.value, plan.batch, plan.reason)
        return plan

    def _after(self, error: BaseException, plan: Plan) -> Plan:
        """What to try next; raises the error if it is another one, or if nothing is left."""
        if not is_out_of_memory(error):
            raise error
        machinery = self.machinery
        let_go(error, machinery.device)
        machinery.kept.clear()
        next_plan = plan.smaller()
        if next_plan is None:
            raise out_of_memory(machinery.name, machinery.device, "one tile at a time") from None
        log.warning("%s: %s", machinery.name, next_plan.reason)
        return next_plan

    def _restyled(self, span: slice, plan: Plan) -> Image:
        """Shape: ``[tiles of the span, bands, side]``."""
        machinery, knobs = self.machinery, self.knobs
        self.steps.stage = "inverting the style"
        styles = [(weight, self._style(images, plan)) for weight, images in self.styles]
        self.steps.stage = "inverting the region"
        content = self._content(span, plan)
        self.steps.stage = "restyling"
        latent = self._initial(content, styles)
        noise = self._noise(span, latent) if knobs.sampler is Sampler.LCM else None
        with machinery.lora.on() if machinery.lora and noise is not None else nullcontext():
            result = sample(
                machinery.network,
                stepper(knobs.sampler, machinery.schedule, self.timesteps, noise=noise),
                Streams(content=content, styles=styles),
                latent=latent,
                knobs=knobs,
                on_step=self.steps.advance,
                agree=self.tiles.part(span).agree if machinery.agrees else None,
            )
        return machinery.codec.decode(result)

    def _initial(self, content: Sequence[Stream], styles: Sequence[tuple[float, Stream]]) -> Tensor:
        """The content's noise, moved towards the styles' statistics by strength. Shape: ``[tiles, c, h, w]``."""
        own = torch.cat([one.end for one in content])
        matched = blended(own, [(weight, style.end) for weight, style in styles], self.knobs.matching)
        return own + min(1.0, self.knobs.strength) * (matched - own)

    def _noise(self, span: slice, latent: Tensor) -> Tensor:
        """LCM's, the same wherever tiles overlap. Shape: ``[steps - 1, tiles, channels, h, w]``."""
        shape = (*latent.shape[1:-1], self.tiles.columns.frames)
        return self.tiles.spread(consistency_noise(self.knobs.seed, len(self.timesteps) - 1, shape))[:, span].to(latent)

    def _content(self, span: slice, plan: Plan) -> Sequence[Stream]:
        images = self.images[span]
        return self._kept(self._content_key(span, plan), len(images), plan.keeps, lambda: self._inverted(images, plan))

    def _style(self, images: Image, plan: Plan) -> Stream:
        """In one batch, because its tiles are one context."""
        return self._kept(
            self._style_key(images, plan), len(images), plan.keeps, lambda: [self._style_stream(images, plan)]
        )[0]

    def _kept(self, key: str, tiles: int, keeps: bool, make: Callable[[], Sequence[Stream]]) -> Sequence[Stream]:
        """From memory if present."""
        found = self.machinery.kept.get(key)
        if found is not None:
            self.steps.advance(tiles * len(self.timesteps))
            for stream in found:
                stream.keeps = keeps
            return found
        made = make()
        self.machinery.kept.put(key, made)
        return made

    def _style_stream(self, images: Image, plan: Plan) -> Stream:
        """From disk if present; projections are then made on demand."""
        cache, key = self.machinery.cache, key_of(images, **self._settings())
        found = cache.get(key) if cache else None
        if found is not None and len(found) == len(self.timesteps) + 1:
            self.steps.advance(len(images) * len(self.timesteps))
            *stations, end = (one.clone() for one in found.to(self.machinery.device.torch))  # aligned: same bits
            return Stream(timesteps=self.timesteps, stations=stations, end=end, keeps=plan.keeps)
        (stream,) = self._inverted(images, replace(plan, batch=len(images)))
        if cache:
            cache.put(key, torch.stack([*stream.stations, stream.end]))
        return stream

    def _inverted(self, images: Image, plan: Plan) -> list[Stream]:
        """Shape: ``[tiles, bands, side]``."""
        machinery = self.machinery
        return inverted(
            machinery.network,
            machinery.codec.encode(images),
            machinery.schedule,
            self.timesteps,
            batch=plan.batch,
            keeps=plan.keeps,
            on_step=self.steps.advance,
        )

    def _keys(self, span: slice, plan: Plan) -> set[str]:
        """The keys of this span, which may keep their projections."""
        return {self._content_key(span, plan), *(self._style_key(images, plan) for _, images in self.styles)}

    def _content_key(self, span: slice, plan: Plan) -> str:
        return key_of(self.images[span], **self._settings(), batch=plan.batch, keeps=plan.keeps)

    def _style_key(self, images: Image, plan: Plan) -> str:
        return key_of(images, **self._settings(), keeps=plan.keeps)

    def _settings(self) -> dict[str, object]:
        """Everything that decides an inversion besides the image."""
        return {"model": self.machinery.identity, "inversion": INVERSION, "timesteps": self.timesteps}

    @property
    def _latents(self) -> int:
        """Number of latents in a tile."""
        return self.images.shape[1] * self.images.shape[2] // self.machinery.codec.factor**2

    @property
    def _style_tiles(self) -> int:
        return sum(len(images) for _, images in self.styles)
