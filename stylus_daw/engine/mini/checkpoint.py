"""stylus-mini: the embedded default. One pass through the attention swap, no noise, no inversion."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers.models.unets.unet_2d import UNet2DModel
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from stylus_daw.audio.columns import Columns, Mapped, column_blocks
from stylus_daw.audio.sound import Sound
from stylus_daw.audio.spectrogram import Image, MelGeometry, frame_powers, gated_level_db, level_db
from stylus_daw.audio.spool import Scratch
from stylus_daw.audio.windows import Tiling
from stylus_daw.engine.attention import Injection, Recording, Swap, install, joined, thinned
from stylus_daw.engine.checkpoint import Base, Knobs, fill
from stylus_daw.engine.fingerprint import sha256_of_files
from stylus_daw.engine.guide.base_image import BaseImage
from stylus_daw.engine.guide.guiding import guided
from stylus_daw.engine.guide.listening import KeptInstruments
from stylus_daw.engine.guide.region import HeardRegion
from stylus_daw.engine.image import values as mini_image
from stylus_daw.engine.image.row_match import RowMatch
from stylus_daw.engine.knobs.choices import Method
from stylus_daw.engine.layouts.layout import MOST_CONFIG_BYTES
from stylus_daw.engine.machine.aligned import align_weights, aligned_tensor
from stylus_daw.engine.machine.device import Device
from stylus_daw.engine.mini.net import FRAMES_MULTIPLE, make_net, run_net
from stylus_daw.engine.notes.transcriber import Listen, embedded, transcribe
from stylus_daw.engine.progress import ReportProgress, Steps
from stylus_daw.engine.request import Quality, StyleSettings
from stylus_daw.engine.share import Share
from stylus_daw.errors import CheckpointError, EngineError
from stylus_daw.regular_file import open_regular, read_regular

log = logging.getLogger(__name__)

FAMILY = "stylus-mini"
TILE_FRAMES, OVERLAP_FRAMES = 256, 32
LEAST_FRAMES = (
    64  # frames: in bfloat16, kernels for narrower images read memory that nobody wrote, and give NaN at times
)
STYLE_FRAMES, MAX_STYLE_TILES = 256, {Quality.DRAFT: 1, Quality.NORMAL: 3, Quality.HIGH: 6}
# Per layer; one tile at the finest. Three times as many cost three times the time and gain nothing (decision 0026).
MAX_STYLE_TOKENS = 2048
BATCH = 8
BARE_FRAMES = 2048
SILENCE = -1.0
FULL_GAIN = 1.2
"""Gain in dB at strength 1, relative to what the net asks for: windows that overlap smooth the gain that is heard."""

GUIDED_GAIN = 1.0
"""The same on guides, whose images are as sharp as a note's own."""
ARTICULATION = {Base.ROWS: 0.0, Base.GUIDE: 0.0, Base.BARE_GUIDE: 0.1}
"""Default structure. A net has learnt to follow the style's envelopes. Without one a tenth of the content's keeps more
of its notes, and the style is heard as often as at 0; at .3 it is heard less (decision 0119).
"""


class DecibelCurve:
    """Decibels re the clip's own loudness, linear (see ``mini_image``)."""

    level = staticmethod(level_db)
    frame_levels = staticmethod(frame_powers)
    level_of = staticmethod(gated_level_db)
    to_values = staticmethod(mini_image.to_values)
    to_decibels = staticmethod(mini_image.to_decibels)


def embedded_folder() -> Path:
    """Where the package keeps the shipped weights."""
    return Path(str(files("stylus_daw"))) / "engine" / "weights" / FAMILY


def load_mini(folder: Path, device: Device, listen: Listen = transcribe) -> MiniCheckpoint:
    """Load ``config.json`` and ``model.safetensors``; ``listen`` hears the notes.

    Raises:
        CheckpointError: something is missing, unreadable or does not fit.
    """
    try:
        config = json.loads(read_regular(folder / "config.json", MOST_CONFIG_BYTES))
        net = make_net(config["net"])
        with open_regular(folder / "model.safetensors"):  # what loads it would wait for a pipe
            weights = load_file(folder / "model.safetensors")
        net.load_state_dict({name: tensor.float() for name, tensor in weights.items()})
    except FileNotFoundError as error:
        raise CheckpointError(
            "checkpoint.incomplete", f"{folder} lacks {Path(error.filename or '').name}; reinstall stylus-daw."
        ) from error
    except (OSError, ValueError, RecursionError, KeyError, SafetensorError, RuntimeError, TypeError) as error:
        raise CheckpointError(
            "checkpoint.broken", f"The checkpoint in {folder} cannot be loaded: {error}. Reinstall it."
        ) from error
    sha256 = sha256_of_files([folder / "model.safetensors"])
    return MiniCheckpoint(net=net.eval(), device=device, sha256=sha256, config=config, listen=listen)


@dataclass(slots=True, kw_only=True)
class MiniCheckpoint:
    """A loaded stylus-mini; see :class:`stylus_daw.engine.checkpoint.Checkpoint`. ``listen`` hears the notes."""

    net: UNet2DModel
    device: Device
    sha256: str
    config: dict[str, Any]
    name: str = FAMILY
    geometry: MelGeometry = mini_image.GEOMETRY
    curve: DecibelCurve = field(default_factory=DecibelCurve)
    listen: Listen = transcribe
    _injection: Injection = field(init=False)
    _instruments: KeptInstruments = field(init=False)

    def __post_init__(self) -> None:
        align_weights(nn.Module.to(self.net, self.device.torch))
        self._injection = install(self.net)
        self._instruments = KeptInstruments(self.device, self.listen)

    @property
    def base(self) -> Base:
        """What its net was trained on top of, as ``config.json`` says."""
        return Base(self.config.get("base", Base.ROWS))

    def knobs(self, settings: StyleSettings) -> Knobs:
        """The net never sees strength: it scales the gain that the result's image asks for (``Knobs.gain``)."""
        tiles = MAX_STYLE_TILES[settings.quality]
        knobs = fill(settings, Method.ONE_PASS, steps=1, style_tiles=tiles)
        if settings.structure is None:
            knobs = replace(knobs, structure=ARTICULATION[self.base], structure_end=ARTICULATION[self.base])
        full = FULL_GAIN if self.base is Base.ROWS else GUIDED_GAIN
        return replace(knobs, strength=1.0, gain=full * knobs.strength)

    def guide(self, region: HeardRegion, knobs: Knobs, scratch: Scratch, progress: ReportProgress) -> BaseImage | None:
        if self.base is Base.ROWS:
            return None
        return guided(region, self._instruments, knobs.structure, self.device, scratch, progress, self.listen)

    def hear(self, content: Sound, share: Share, progress: ReportProgress) -> Iterator[Image]:
        """See :class:`stylus_daw.engine.checkpoint.Hearing`."""
        if self.base is Base.ROWS:
            raise EngineError("engine.share", f"{self.name} hears no notes, so there is nothing to share. Render it.")
        return embedded(self.device).hear(content, share, progress)

    def restyle(
        self, content: Columns, styles: Sequence[tuple[float, Image]], knobs: Knobs, progress: ReportProgress
    ) -> Image:
        return np.concatenate(list(self.restyle_blocks(content, styles, knobs, progress)), axis=1)

    @torch.inference_mode()
    def restyle_blocks(
        self,
        content: Columns,
        styles: Sequence[tuple[float, Image]],
        knobs: Knobs,
        progress: ReportProgress,
        base: Columns | None = None,
    ) -> Iterator[Image]:
        if base is not None and self.base is Base.BARE_GUIDE:
            yield from column_blocks(base, BARE_FRAMES)
            return
        if base is not None:
            knobs = replace(knobs, structure=0.0)  # it is the articulation of the base already
        frames = max(LEAST_FRAMES, -(-min(content.shape[1], TILE_FRAMES) // FRAMES_MULTIPLE) * FRAMES_MULTIPLE)
        tiling = Tiling(frames=content.shape[1], width=frames, overlap=min(OVERLAP_FRAMES, frames // 2))
        steps = Steps(progress, len(styles) + len(tiling.starts), "listening to the style")
        recordings = []
        for weight, image in styles:
            recordings.append((weight, self._listen(image, knobs.style_tiles)))
            steps.advance()
        steps.stage = "restyling"
        matched = Mapped(image=content, function=RowMatch.of(content, styles)) if base is None else base
        yield from tiling.joined(self._restyled(content, matched, tiling, recordings, knobs, steps))

    def _listen(self, style: Image, most_tiles: int) -> Recording:
        """Projections of the style in every layer, all its tiles as one context."""
        tiles = aligned_tensor(_style_tiles(style, most_tiles))[:, None].to(self.device.torch)
        with self.device.autocast(), self._injection.record() as recording:
            run_net(self.net, tiles, tiles)
        columns_per_row = STYLE_FRAMES // self.geometry.bands
        return joined(thinned(recording, columns_per_row=columns_per_row, most=MAX_STYLE_TOKENS))

    def _restyled(
        self,
        content: Columns,
        matched: Columns,
        tiling: Tiling,
        styles: Sequence[tuple[float, Recording]],
        knobs: Knobs,
        steps: Steps,
    ) -> Iterator[Image]:
        """The result's tiles, one by one."""
        for part in tiling.batches(BATCH):
            here, there = (aligned_tensor(tiling.cut(image, part, fill=SILENCE)) for image in (content, matched))
            result = self._one_pass(here, there, styles, knobs)
            steps.advance(part.stop - part.start)
            yield from result.clamp(-1.0, 1.0)[:, 0].float().cpu().numpy()

    def _one_pass(
        self, content: Tensor, matched: Tensor, styles: Sequence[tuple[float, Recording]], knobs: Knobs
    ) -> Tensor:
        """``out = matched + net(content, matched | swap)``. Shape: ``[tiles, bands, frames] -> [tiles, 1, ...]``."""
        content, matched = content[:, None].to(self.device.torch), matched[:, None].to(self.device.torch)
        own = self._own(content) if Swap.needs_content(knobs.strength, knobs.structure) else None
        swap = Swap(
            styles=styles,
            content=own,
            strength=knobs.strength,
            structure=knobs.structure,
            sharpness=knobs.sharpness,
        )
        with self.device.autocast(), self._injection.inject(swap):
            return matched + run_net(self.net, content, matched).float()

    def _own(self, content: Tensor) -> Recording:
        """Projections of the content attending to itself."""
        with self.device.autocast(), self._injection.record() as own:
            run_net(self.net, content, content)
        return own


def _style_tiles(style: Image, most: int) -> Image:
    """Up to ``most`` tiles, spread over the style; a short style is repeated. Shape: ``[tiles, bands, frames]``."""
    repeats = -(-STYLE_FRAMES // style.shape[1])
    looped = np.tile(style, (1, repeats)) if repeats > 1 else style
    room = looped.shape[1] - STYLE_FRAMES
    count = min(most, 1 + -(-room // STYLE_FRAMES))
    starts = np.linspace(0, room, count).round().astype(int) if count > 1 else np.array([room // 2])
    return np.stack([looped[:, s : s + STYLE_FRAMES] for s in starts])
