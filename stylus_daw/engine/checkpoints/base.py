"""What the engine needs from a checkpoint, whatever its family."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from stylus_daw.audio.columns import Columns
from stylus_daw.audio.spectrogram import Image, MelGeometry
from stylus_daw.audio.spool import Scratch
from stylus_daw.audio.windows import Tiling
from stylus_daw.engine.guide.base_image import BaseImage
from stylus_daw.engine.guide.region import HeardRegion
from stylus_daw.engine.progress import ProgressListener, within
from stylus_daw.engine.request import Matching, Sampler, StyleSettings

SECTION_FRAMES, SECTION_OVERLAP = 12_288, 128


class Base(StrEnum):
    """The image that a checkpoint starts from."""

    ROWS = "rows"
    """The content with the styles' statistics."""
    GUIDE = "guide"
    """The styles' own notes and hits, playing what the content plays (`stylus_daw.engine.guide`); the net on top."""
    BARE_GUIDE = "bare guide"
    """The same without a net."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Knobs:
    """StyleSettings with every None replaced by the checkpoint's default.

    Attributes:
        structure_end: structure at the last step of sampling.
        style_tiles: how many tiles of each style are heard at most; follows from the quality.
        gain: factor on the gain in dB that the result's image asks for; decides nothing about that image.
    """

    strength: float
    structure: float
    structure_end: float
    sharpness: float
    start: float
    steps: int
    seed: int
    matching: Matching
    style_tiles: int
    sampler: Sampler = Sampler.DDIM
    gain: float = 1.0

    def at(self, done: float) -> Knobs:
        """The knobs as they stand when the share ``done`` (0..1) of the sampling is done.

        Structure goes from its start to its end along a half cosine: slowly at both ends.
        """
        if self.structure_end == self.structure:
            return self
        share = (1.0 - math.cos(math.pi * done)) / 2.0
        structure = self.structure + share * (self.structure_end - self.structure)
        return replace(self, structure=structure)


class ValueCurve(Protocol):
    """How decibels become image values in -1..1, relative to a level of the clip."""

    def level(self, mel_db: Image) -> float:
        """The clip's level, dB: ``level_of(frame_levels(mel_db))``."""
        ...

    def frame_levels(self, mel_db: Image) -> NDArray[np.floating]:
        """What the level needs to know of each frame. Shape: ``[bands, frames] -> [frames]``."""
        ...

    def level_of(self, frame_levels: NDArray[np.floating]) -> float:
        """The level from all frames of a clip, which blocks may have given."""
        ...

    def to_values(self, mel_db: Image, level: float) -> Image: ...

    def to_decibels(self, values: Image, level: float = 0.0) -> Image: ...


class Checkpoint(Protocol):
    """A loaded model that can restyle an image.

    Attributes:
        name: as shown to people.
        sha256: of the weights.
        geometry: its grid in time and mel.
        curve: its value curve.
    """

    name: str
    sha256: str
    geometry: MelGeometry

    @property
    def curve(self) -> ValueCurve: ...

    def knobs(self, settings: StyleSettings) -> Knobs:
        """The settings with this checkpoint's defaults filled in."""
        ...

    def guide(
        self, region: HeardRegion, knobs: Knobs, scratch: Scratch, progress: ProgressListener
    ) -> BaseImage | None:
        """What the result is to start from; None where that is the content itself.

        Args:
            region: the content and the styles, heard.
            knobs: complete settings.
            scratch: where long images lie meanwhile.
            progress: told at every step; may raise JobCancelled.
        """
        ...

    def restyle(
        self, content: Image, styles: Sequence[tuple[float, Image]], knobs: Knobs, progress: ProgressListener
    ) -> Image:
        """The result's image values.

        Args:
            content: values ``[bands, frames]``, any number of frames.
            styles: weight (sum 1) and values ``[bands, any]`` of each style.
            knobs: complete settings.
            progress: told at every step; may raise JobCancelled.

        Returns:
            ``[bands, frames]``, the shape of ``content``.
        """
        ...

    def restyle_blocks(
        self,
        content: Columns,
        styles: Sequence[tuple[float, Image]],
        knobs: Knobs,
        progress: ProgressListener,
        base: Columns | None = None,
    ) -> Iterator[Image]:
        """:meth:`restyle` of a content that need not fit into memory: blocks of frames, one after the other.

        Args:
            base: values of what :meth:`guide` gave; None where it gave nothing.
        """
        ...


def in_sections(
    restyle: Callable[[Image, ProgressListener], Image], content: Columns, progress: ProgressListener
) -> Iterator[Image]:
    """``restyle_blocks`` for models that want a whole image: sections of at most two minutes, cross-faded."""
    frames = content.shape[1]
    count = max(1, math.ceil((frames - SECTION_OVERLAP) / (SECTION_FRAMES - SECTION_OVERLAP)))
    width = math.ceil((frames + (count - 1) * SECTION_OVERLAP) / count)
    tiling = Tiling(frames=frames, width=width, overlap=min(SECTION_OVERLAP, width - 1))

    def sections() -> Iterator[Image]:
        for number, start in enumerate(tiling.starts):
            part = within(progress, number / len(tiling.starts), (number + 1) / len(tiling.starts))
            yield restyle(content[:, start : start + width], part)

    return tiling.joined(sections())


def fill(
    settings: StyleSettings,
    *,
    strength: float,
    structure: float,
    sharpness: float,
    start: float,
    steps: int,
    style_tiles: int,
    sampler: Sampler = Sampler.DDIM,
) -> Knobs:
    """Settings with a family's defaults in place of None."""

    def pick(chosen: float | None, default: float) -> float:
        return default if chosen is None else chosen

    begin = pick(settings.structure, structure)
    return Knobs(
        strength=pick(settings.strength, strength),
        structure=begin,
        structure_end=pick(settings.structure_end, begin),
        sharpness=pick(settings.sharpness, sharpness),
        start=pick(settings.start, start),
        steps=settings.steps or steps,
        seed=settings.seed,
        matching=settings.matching,
        style_tiles=style_tiles,
        sampler=settings.sampler or sampler,
    )
