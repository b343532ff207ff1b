"""What the engine needs from a checkpoint, whatever its family."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from stylus_daw.audio.columns import Columns
from stylus_daw.audio.sound import Sound
from stylus_daw.audio.spectrogram import Image, MelGeometry
from stylus_daw.audio.spool import Scratch
from stylus_daw.audio.windows import Tiling
from stylus_daw.engine.guide.base_image import BaseImage
from stylus_daw.engine.guide.region import HeardRegion
from stylus_daw.engine.knobs.choices import Method
from stylus_daw.engine.knobs.style_settings import filled
from stylus_daw.engine.machine.place import Place
from stylus_daw.engine.progress import ReportProgress, within
from stylus_daw.engine.request import Matching, Sampler, StyleSettings
from stylus_daw.engine.share import Share

SECTION_FRAMES = 12_288  # frames, two minutes: what an inverted checkpoint holds at once (decision 0030)
SECTION_OVERLAP = 128  # frames, 1.3 s over which neighbouring sections cross-fade; not swept


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
        style_tiles: the most tiles of each style that are used; follows from the quality.
        gain: factor on the gain in dB that the result's image asks for; does not affect that image.
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
        """The knobs once the share ``done`` (0..1) of the sampling is done.

        Structure goes from its first to its last value along a half cosine, slowly at both ends.
        """
        if self.structure_end == self.structure:
            return self
        share = (1.0 - math.cos(math.pi * done)) / 2.0
        structure = self.structure + share * (self.structure_end - self.structure)
        return replace(self, structure=structure)


class ValueCurve(Protocol):
    """How decibels become image values in -1..1, relative to a level of the clip."""

    def level(self, mel_db: Image) -> float:
        """The clip's level, dB: ``level_of(frame_levels(mel_db))``. Shape: ``[bands, frames]``."""
        ...

    def frame_levels(self, mel_db: Image) -> NDArray[np.floating]:
        """What each frame contributes to the level. Shape: ``[bands, frames] -> [frames]``."""
        ...

    def level_of(self, frame_levels: NDArray[np.floating]) -> float:
        """The level, from all frames of a clip. Shape: ``[frames]``."""
        ...

    def to_values(self, mel_db: Image, level: float) -> Image:
        """Decibels to values. Shape: ``[bands, frames]``, kept."""
        ...

    def to_decibels(self, values: Image, level: float = 0.0) -> Image:
        """Values to decibels. Shape: ``[bands, frames]``, kept."""
        ...


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
    def place(self) -> Place:
        """Where it runs."""
        ...

    @property
    def curve(self) -> ValueCurve: ...

    def knobs(self, settings: StyleSettings) -> Knobs:
        """The settings with this checkpoint's defaults filled in."""
        ...

    def guide(self, region: HeardRegion, knobs: Knobs, scratch: Scratch, progress: ReportProgress) -> BaseImage | None:
        """What the result is to start from; None where that is the content itself.

        Args:
            region: the content and the styles, heard.
            knobs: complete settings.
            scratch: where long images lie meanwhile.
            progress: told at every step; may raise JobCancelled.
        """
        ...

    def restyle(
        self, content: Image, styles: Sequence[tuple[float, Image]], knobs: Knobs, progress: ReportProgress
    ) -> Image:
        """The result's image values.

        Args:
            content: values ``[bands, frames]``, any number of frames.
            styles: weight (sum 1) and values ``[bands, any]`` of each style.
            knobs: complete settings.
            progress: called at every step; may raise JobCancelled.

        Returns:
            ``[bands, frames]``, the shape of ``content``.
        """
        ...

    def restyle_blocks(
        self,
        content: Columns,
        styles: Sequence[tuple[float, Image]],
        knobs: Knobs,
        progress: ReportProgress,
        base: Columns | None = None,
    ) -> Iterator[Image]:
        """:meth:`restyle` for a content larger than memory, in blocks of frames. Shape: each ``[bands, any]``.

        Args:
            content: values ``[bands, frames]``.
            styles: weight (sum 1) and values ``[bands, any]`` of each style.
            knobs: complete settings.
            progress: told at every step; may raise JobCancelled.
            base: values of what :meth:`guide` gave; None where it gave nothing.
        """
        ...


@runtime_checkable
class Hearing(Protocol):
    """A checkpoint that hears a region before it restyles it, and can do so in shares on several machines."""

    def hear(self, content: Sound, share: Share, progress: ReportProgress) -> Iterator[Image]:
        """What a share of the content sounds like, in blocks: together, the columns of ``StyleRequest.heard``.

        Shape: each ``[HEARD_ROWS, any]``.

        Raises:
            EngineError: ``engine.share``: these weights hear nothing.
        """
        ...


def in_sections(
    restyle: Callable[[Image, ReportProgress], Image], content: Columns, progress: ReportProgress
) -> Iterator[Image]:
    """``restyle_blocks`` for models that need a whole image: cross-faded sections of at most two minutes.

    Shape: each ``[bands, any]``.
    """
    frames = content.shape[1]
    count = max(1, math.ceil((frames - SECTION_OVERLAP) / (SECTION_FRAMES - SECTION_OVERLAP)))
    width = math.ceil((frames + (count - 1) * SECTION_OVERLAP) / count)
    tiling = Tiling(frames=frames, width=width, overlap=min(SECTION_OVERLAP, width - 1))

    def sections() -> Iterator[Image]:
        """Shape: each ``[bands, width]``."""
        for number, start in enumerate(tiling.starts):
            part = within(progress, number / len(tiling.starts), (number + 1) / len(tiling.starts))
            yield restyle(content[:, start : start + width], part)

    return tiling.joined(sections())


def fill(settings: StyleSettings, method: Method, *, steps: int, style_tiles: int) -> Knobs:
    """Settings with the defaults of a method in place of None.

    Args:
        settings: as asked for.
        method: how the checkpoint works.
        steps: where the settings leave them open.
        style_tiles: see `Knobs`.
    """
    structure = filled(settings, "structure", method)
    return Knobs(
        strength=filled(settings, "strength", method),
        structure=structure,
        structure_end=structure if settings.structure_end is None else settings.structure_end,
        sharpness=filled(settings, "sharpness", method),
        start=filled(settings, "start", method),
        steps=settings.steps or steps,
        seed=settings.seed,
        matching=settings.matching,
        style_tiles=style_tiles,
        sampler=filled(settings, "sampler", method),
    )
