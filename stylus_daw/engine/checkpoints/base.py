"""What the engine needs from a checkpoint, whatever its family."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from stylus_daw.audio.spectrogram import Image, MelGeometry
from stylus_daw.engine.progress import ProgressListener
from stylus_daw.engine.request import Matching, Sampler, StyleSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Knobs:
    """StyleSettings with every None replaced by the checkpoint's default.

    Attributes:
        structure_end: structure at the last step of sampling.
        style_tiles: how many tiles of each style are heard at most; follows from the quality.
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

    def level(self, mel_db: Image) -> float: ...

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
