"""stylus-mini: the embedded default. The style's own notes and hits, playing what the content plays; no torch.

Weights of one's own training may bring a network on top of it: see :mod:`stylus_daw.engine.mini.with_net`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from stylus_daw.audio.columns import Columns, Mapped, column_blocks
from stylus_daw.audio.sound import Sound
from stylus_daw.audio.spectrogram import Image, MelGeometry, frame_powers, gated_level_db, level_db
from stylus_daw.audio.spool import Scratch
from stylus_daw.engine.checkpoint import Base, Knobs, fill
from stylus_daw.engine.guide.base_image import BaseImage
from stylus_daw.engine.guide.guiding import guided
from stylus_daw.engine.guide.listening import KeptInstruments
from stylus_daw.engine.guide.region import HeardRegion
from stylus_daw.engine.image import values as mini_image
from stylus_daw.engine.image.row_match import RowMatch
from stylus_daw.engine.knobs.choices import Method
from stylus_daw.engine.machine.place import Place
from stylus_daw.engine.machine.runtime import Runtime
from stylus_daw.engine.notes.transcriber import Listen, embedded, transcribe
from stylus_daw.engine.progress import ReportProgress
from stylus_daw.engine.request import Quality, StyleSettings
from stylus_daw.engine.share import Share
from stylus_daw.errors import EngineError

FAMILY = "stylus-mini"
MAX_STYLE_TILES = {Quality.DRAFT: 1, Quality.NORMAL: 3, Quality.HIGH: 6}
BARE_FRAMES = 2048
FULL_GAIN = 1.2
"""Gain in dB at strength 1, relative to what the net asks for: windows that overlap smooth the gain that is heard."""

GUIDED_GAIN = 1.0
"""The same on guides, whose images are as sharp as a note's own."""


class DecibelCurve:
    """Decibels re the clip's own loudness, linear (see ``mini_image``)."""

    level = staticmethod(level_db)
    frame_levels = staticmethod(frame_powers)
    level_of = staticmethod(gated_level_db)
    to_values = staticmethod(mini_image.to_values)
    to_decibels = staticmethod(mini_image.to_decibels)


@dataclass(slots=True, kw_only=True)
class MiniCheckpoint:
    """A loaded stylus-mini; see :class:`stylus_daw.engine.checkpoint.Checkpoint`. ``listen`` hears the notes."""

    runtime: Runtime
    sha256: str
    config: dict[str, Any]
    name: str = FAMILY
    geometry: MelGeometry = mini_image.GEOMETRY
    curve: DecibelCurve = field(default_factory=DecibelCurve)
    listen: Listen = transcribe
    _instruments: KeptInstruments = field(init=False)

    def __post_init__(self) -> None:
        self._instruments = KeptInstruments(self.runtime, self.listen)

    @property
    def place(self) -> Place:
        return self.runtime

    @property
    def base(self) -> Base:
        """What the result starts from, as ``config.json`` says."""
        return Base(self.config.get("base", Base.ROWS))

    def knobs(self, settings: StyleSettings) -> Knobs:
        """The net never sees strength: it scales the gain that the result's image asks for (``Knobs.gain``)."""
        tiles = MAX_STYLE_TILES[settings.quality]
        knobs = fill(settings, Method.ONE_PASS, steps=1, style_tiles=tiles)
        full = FULL_GAIN if self.base is Base.ROWS else GUIDED_GAIN
        return replace(knobs, strength=1.0, gain=full * knobs.strength)

    def guide(self, region: HeardRegion, knobs: Knobs, scratch: Scratch, progress: ReportProgress) -> BaseImage | None:
        if self.base is Base.ROWS:
            return None
        return guided(region, self._instruments, knobs.structure, self.runtime, scratch, progress, self.listen)

    def hear(self, content: Sound, share: Share, progress: ReportProgress) -> Iterator[Image]:
        """See :class:`stylus_daw.engine.checkpoint.Hearing`."""
        if self.base is Base.ROWS:
            raise EngineError("engine.share", f"{self.name} hears no notes, so there is nothing to share. Render it.")
        return embedded(self.runtime).hear(content, share, progress)

    def restyle(
        self, content: Columns, styles: Sequence[tuple[float, Image]], knobs: Knobs, progress: ReportProgress
    ) -> Image:
        return np.concatenate(list(self.restyle_blocks(content, styles, knobs, progress)), axis=1)

    def restyle_blocks(
        self,
        content: Columns,
        styles: Sequence[tuple[float, Image]],
        knobs: Knobs,
        progress: ReportProgress,
        base: Columns | None = None,
    ) -> Iterator[Image]:
        """The base as it is; without a guide, the content with the styles' statistics."""
        start = Mapped(image=content, function=RowMatch.of(content, styles)) if base is None else base
        yield from column_blocks(start, BARE_FRAMES)
