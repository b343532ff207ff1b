"""From files to a programme: opened, placed, measured. Takes a moment: not for the window's thread."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from stylus_daw.audio.clip import Samples
from stylus_daw.audio.level.loudness import integrated_lufs
from stylus_daw.audio.sound import Derived, part
from stylus_ui.audition.programme import Layer, Programme, SideSound, Track
from stylus_ui.audition.sources import FileSource
from stylus_ui.state.player import Side

MEASURED_S = 600
"""Loudness is taken from at most so much of the loop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be heard.

    Attributes:
        original: the content's file.
        stem: the result's file; None: there is none yet.
        stem_at: sample of the content that the stem's first sample is on.
        draft: a few seconds that cover the stem.
        loop: ``(first, end)`` in the content; None = all.
    """

    original: Path
    stem: Path | None = None
    stem_at: int = 0
    draft: Layer | None = None
    loop: tuple[int, int] | None = None


class MeasuringCancelled(Exception):
    """Nobody waits for the loudness any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loudness:
    """Gated loudness of both sides; ``-inf``: silence, or not known."""

    original: float = -math.inf
    result: float = -math.inf

    @property
    def gains_db(self) -> tuple[float, float]:
        """What makes both as loud as the quieter: nothing is boosted, so nothing can clip.

        >>> Loudness(original=-14.0, result=-20.0).gains_db
        (-6.0, 0.0)
        """
        if math.isinf(self.original) or math.isinf(self.result):
            return 0.0, 0.0
        quieter = min(self.original, self.result)
        return quieter - self.original, quieter - self.result

    def of(self, side: Side, *, matched: bool) -> float:
        """What a side has when it is heard; of the difference nothing is known."""
        original_db, result_db = self.gains_db if matched else (0.0, 0.0)
        levels = {Side.ORIGINAL: self.original + original_db, Side.RESULT: self.result + result_db}
        return levels.get(side, -math.inf)


def opened(wanted: Wanted) -> Programme:
    """The programme over the whole content; a result that rings on makes it longer.

    Raises:
        AudioFileError: a file cannot be read.
        RequestError: the result has another rate than the content.
    """
    source = FileSource(wanted.original)
    layers = [_stem_layer(wanted.stem, wanted.stem_at)] if wanted.stem else []
    if wanted.draft:
        layers.append(wanted.draft)
    return Programme(
        name=wanted.original,
        rate=source.rate,
        length=max([source.length, *(layer.end for layer in layers)]),
        original=Track(layers=(Layer(source=source, length=source.length),)),
        result=Track(layers=tuple(layers)),
        loop=wanted.loop,
    )


def measured(wanted: Wanted, is_cancelled: Callable[[], bool] = lambda: False) -> Loudness:
    """Loudness of both sides in the loop, before any matching.

    Raises:
        MeasuringCancelled: it was.
        AudioFileError: see :func:`opened`.
    """
    programme = opened(wanted)
    first, end = programme.span

    def lufs(side: Side) -> float:
        sound = _Cancellable(source=SideSound(programme=programme, side=side), is_cancelled=is_cancelled)
        return integrated_lufs(part(sound, first, min(end - first, MEASURED_S * programme.rate)))

    return Loudness(original=lufs(Side.ORIGINAL), result=lufs(Side.RESULT) if programme.has_result else -math.inf)


def levelled(programme: Programme, loudness: Loudness) -> Programme:
    """The programme with the gains that match its sides."""
    original_db, result_db = loudness.gains_db
    return replace(
        programme,
        original=replace(programme.original, gain_db=original_db),
        result=replace(programme.result, gain_db=result_db),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Cancellable(Derived):
    is_cancelled: Callable[[], bool]

    def read(self, first: int, count: int) -> Samples:
        if self.is_cancelled():
            raise MeasuringCancelled
        return self.source.read(first, count)


def _stem_layer(path: Path, at: int) -> Layer:
    source = FileSource(path)
    return Layer(source=source, length=source.length, at=at)
