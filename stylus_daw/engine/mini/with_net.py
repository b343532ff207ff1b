"""stylus-mini with a net on top: one pass through the attention swap, no noise, no inversion.

The shipped weights bring none (decision 0132); what ``training`` makes does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers.models.unets.unet_2d import UNet2DModel
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from stylus_daw.audio.columns import Columns, Mapped
from stylus_daw.audio.spectrogram import Image
from stylus_daw.audio.windows import Tiling
from stylus_daw.engine.attention import Injection, Recording, Swap, install, joined, thinned
from stylus_daw.engine.checkpoint import Base, Knobs
from stylus_daw.engine.fingerprint import sha256_of_files
from stylus_daw.engine.image.row_match import RowMatch
from stylus_daw.engine.machine.aligned import align_weights, aligned_tensor
from stylus_daw.engine.machine.device import Device, choose_device
from stylus_daw.engine.machine.place import Place
from stylus_daw.engine.machine.runtime import choose_runtime
from stylus_daw.engine.mini.checkpoint import MiniCheckpoint
from stylus_daw.engine.mini.net import FRAMES_MULTIPLE, make_net, run_net
from stylus_daw.engine.notes.transcriber import Listen
from stylus_daw.engine.progress import ReportProgress, Steps
from stylus_daw.errors import CheckpointError
from stylus_daw.regular_file import open_regular

TILE_FRAMES, OVERLAP_FRAMES = 256, 32
LEAST_FRAMES = (
    64  # frames: in bfloat16, kernels for narrower images read memory that nobody wrote, and give NaN at times
)
STYLE_FRAMES = 256
# Per layer; one tile at the finest. Three times as many cost three times the time and gain nothing (decision 0026).
MAX_STYLE_TOKENS = 2048
BATCH = 8
SILENCE = -1.0


def load_net(folder: Path, config: dict[str, Any], device: str, listen: Listen) -> NetCheckpoint:
    """Load ``model.safetensors``; see :func:`stylus_daw.engine.mini.checkpoint.load_mini`.

    Raises:
        CheckpointError: it is missing, unreadable or does not fit.
        RequestError: there is no such device.
    """
    weights = folder / "model.safetensors"
    try:
        net = make_net(config["net"])
        with open_regular(weights):  # what loads it would wait for a pipe
            tensors = load_file(weights)
        net.load_state_dict({name: tensor.float() for name, tensor in tensors.items()})
    except FileNotFoundError as error:
        text = f"{folder} lacks {weights.name}; get the checkpoint again."
        raise CheckpointError("checkpoint.incomplete", text) from error
    except (OSError, ValueError, KeyError, SafetensorError, RuntimeError, TypeError) as error:
        text = f"The checkpoint in {folder} cannot be loaded: {error}. Get it again."
        raise CheckpointError("checkpoint.broken", text) from error
    place, sha256 = choose_device(device), sha256_of_files([weights])
    runtime = choose_runtime(device if place.kind == "cpu" else "auto")
    return NetCheckpoint(net=net.eval(), device=place, runtime=runtime, sha256=sha256, config=config, listen=listen)


@dataclass(slots=True, kw_only=True)
class NetCheckpoint(MiniCheckpoint):
    """A stylus-mini whose net repairs its base. The net runs on ``device``, the notes are heard by ``runtime``."""

    net: UNet2DModel
    device: Device
    _injection: Injection = field(init=False)

    def __post_init__(self) -> None:
        MiniCheckpoint.__post_init__(self)
        align_weights(nn.Module.to(self.net, self.device.torch))
        self._injection = install(self.net)

    @property
    def place(self) -> Place:
        return self.device

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
            yield from MiniCheckpoint.restyle_blocks(self, content, styles, knobs, progress, base)
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
