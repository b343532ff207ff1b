"""Programme: the original and the result, sample-locked: position 0 is the content's first sample in both."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from stylus_daw.audio.clip import Samples
from stylus_daw.errors import RequestError
from stylus_ui.audition.fading import faded_edges
from stylus_ui.audition.folding import to_stereo
from stylus_ui.audition.sources import Source
from stylus_ui.state.player import Side

EDGE_S = 0.003


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """A stretch of a source, placed in the programme. Positions in samples.

    Attributes:
        source: the sound.
        first: sample of the source that comes first.
        at: position in the programme where it comes.
        length: samples.
    """

    source: Source
    length: int
    first: int = 0
    at: int = 0

    @property
    def end(self) -> int:
        return self.at + self.length


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """Layers, the later above the earlier, and one gain. Where no layer is, there is silence.

    Layers that begin or end inside the programme cross-fade there with what is below.
    """

    layers: tuple[Layer, ...] = ()
    gain_db: float = 0.0

    def read(self, first: int, frames: int, length: int) -> tuple[Samples, Samples]:
        """Sound and how much of it is covered by layers (0..1). Shape: ``[2, frames]`` and ``[frames]``."""
        sound, covered = np.zeros((2, frames), np.float32), np.zeros(frames, np.float32)
        for layer in self.layers:
            low, high = max(first, layer.at), min(first + frames, layer.end)
            if low >= high:
                continue
            part = slice(low - first, high - first)
            edges = (layer.at > 0, layer.end < length)
            share = faded_edges(low - layer.at, high - low, layer.length, round(EDGE_S * layer.source.rate), edges)
            above = to_stereo(layer.source.read(layer.first + low - layer.at, high - low))
            sound[:, part] = above + (sound[:, part] - above) * (1 - share)
            covered[part] = 1 + (covered[part] - 1) * (1 - share)
        gain = np.float32(10 ** (self.gain_db / 20))
        return (sound if gain == 1 else sound * gain), covered


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """What is auditioned.

    Attributes:
        rate: of all sources.
        length: of the content, in samples.
        original, result: the two to compare; the result may have no layers yet.
        loop: ``(first, end)`` of what is repeated; None = all.
        name: of the content, to tell it from others.

    Raises:
        RequestError: a source has another rate, or the loop is outside.
    """

    rate: int
    length: int
    original: Track
    result: Track = field(default_factory=Track)
    loop: tuple[int, int] | None = None
    name: Path | None = None

    def __post_init__(self) -> None:
        for layer in (*self.original.layers, *self.result.layers):
            if layer.source.rate != self.rate:
                text = f"The original has {self.rate} Hz, the other sound {layer.source.rate} Hz. Render it again."
                raise RequestError("audition.rate", text)
        if self.loop is not None and not 0 <= self.loop[0] < self.loop[1] <= self.length:
            text = f"The loop {self.loop} lies outside the content of {self.length:,} samples."
            raise RequestError("audition.loop", text)

    @property
    def span(self) -> tuple[int, int]:
        """First sample and end of what is repeated."""
        return self.loop or (0, self.length)

    @property
    def has_result(self) -> bool:
        return bool(self.result.layers)

    def read(self, side: Side, first: int, frames: int) -> Samples:
        """One side at its level. The difference is silent if there is no result. Shape: ``[2, frames]``."""
        if side is Side.ORIGINAL:
            return self.original.read(first, frames, self.length)[0]
        result, covered = self.result.read(first, frames, self.length)
        if side is Side.RESULT:
            return result
        original, _ = self.original.read(first, frames, self.length)
        return np.subtract(result, original * covered, dtype=np.float32)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SideSound:
    """One side of a programme as a sound to be measured (see ``stylus_daw.audio.level.loudness``)."""

    programme: Programme
    side: Side
    channels: int = 2
    start: int = 0

    @property
    def rate(self) -> int:
        return self.programme.rate

    @property
    def length(self) -> int:
        return self.programme.length

    def read(self, first: int, count: int) -> Samples:
        return self.programme.read(self.side, first, count)
