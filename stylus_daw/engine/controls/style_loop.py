"""Tempo sync: a style's image, stretched so that its beats meet the session's and cut to whole bars for looping.

Nothing is resampled: frames of the image are interpolated. Pitch and tone stay, only their movement is faster or
slower.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stylus_daw.audio.spectrogram import Image
from stylus_daw.engine.controls.tempo import first_beat, heard_beat
from stylus_daw.engine.request import StyleSettings
from stylus_daw.errors import RequestError

log = logging.getLogger(__name__)

WHOLE = 0.03
"""Share of a beat by which a loop may miss whole beats."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The session's time: quarter notes a minute, and how many are in a bar."""

    bpm: float
    bar_beats: float = 4.0

    @classmethod
    def of(cls, settings: StyleSettings) -> Clock | None:
        """The clock to follow; None without tempo sync.

        Raises:
            RequestError: ``tempo.session``: tempo sync is asked for, but no tempo is known.
        """
        if not settings.tempo_sync:
            return None
        if settings.tempo_bpm is None:
            raise RequestError(
                "tempo.session",
                "The style shall follow the session's tempo, but the tempo is unknown. Send it (job.json: "
                '"tempo"; command line: --tempo 120), or turn tempo sync off.',
            )
        return cls(bpm=settings.tempo_bpm, bar_beats=settings.bar_beats or 4.0)


def in_time(
    images: Sequence[Image], tempos_bpm: Sequence[float | None], clock: Clock, hop_ms: int
) -> tuple[Image, ...]:
    """The styles' images, looped in time; those without a beat stay as they are, which the log tells.

    Args:
        images: ``[bands, frames]`` in dB, any number of frames each.
        tempos_bpm: of each style; None = it is listened for.

    Raises:
        RequestError: ``tempo.style``: no style has a beat that could be followed.
    """
    tempos = [told or _listened(image, hop_ms) for image, told in zip(images, tempos_bpm, strict=True)]
    if not any(tempos):
        raise RequestError(
            "tempo.style",
            "The style shall follow the session's tempo, but no steady beat is heard in it. Write its tempo_bpm "
            "into the preset, or turn tempo sync off.",
        )
    return tuple(
        looped(image, tempo, clock, hop_ms) if tempo else image for image, tempo in zip(images, tempos, strict=True)
    )


def looped(image: Image, style_bpm: float, clock: Clock, hop_ms: int) -> Image:
    """Whole bars of the style at the clock's tempo; whole beats where it is shorter than a bar.

    The style's tempo may be taken twice or half as fast, whichever needs less stretching. What it plays before its
    first beat and after its last whole bar is not heard. Shape: ``[bands, frames] -> [bands, other frames]``.

    >>> looped(np.zeros((2, 805), np.float32), 60.0, Clock(bpm=120.0), 10).shape
    (2, 800)
    """
    tempo = folded(style_bpm, clock.bpm)
    per_beat = 60_000.0 / hop_ms / tempo
    begin = _begin(image, tempo, hop_ms)
    beats = whole_bars((image.shape[1] - begin) / per_beat, clock.bar_beats)
    count = max(1, round(beats * 60_000.0 / hop_ms / clock.bpm))
    places = begin + np.arange(count) * (beats * per_beat / count)
    return _at(image, places)


def folded(bpm: float, wanted: float) -> float:
    """The tempo, doubled or halved until it is nearest to the one that is wanted.

    >>> folded(70.0, 128.0)
    140.0
    """
    return bpm * 2.0 ** round(math.log2(wanted / bpm))


def whole_bars(beats: float, bar_beats: float) -> float:
    """The most whole bars in some beats, as beats; whole beats, or all, where there are fewer.

    >>> whole_bars(15.99, 4.0), whole_bars(3.2, 4.0), whole_bars(0.7, 4.0)
    (16.0, 3.0, 0.7)
    """
    for unit in (bar_beats, 1.0):
        count = math.floor((beats + WHOLE) / unit)
        if count >= 1:
            return count * unit
    return beats


def _listened(image: Image, hop_ms: int) -> float | None:
    beat = heard_beat(image, hop_ms)
    if not beat.is_clear:
        log.warning("a style has no steady beat (clarity %.2f): it is not brought into time", beat.clarity)
        return None
    log.info("a style's tempo is heard as %.1f bpm (clarity %.2f)", beat.bpm, beat.clarity)
    return beat.bpm


def _begin(image: Image, bpm: float, hop_ms: int) -> int:
    """Frame to begin with: the first, where the style is whole beats long and so a loop already; else its first beat.

    The image of a loop has one frame more than its length.
    """
    beats = (image.shape[1] - 1) * hop_ms * bpm / 60_000.0
    return 0 if abs(beats - round(beats)) <= WHOLE else first_beat(image, hop_ms, bpm)


def _at(image: Image, places: np.ndarray) -> Image:
    """The image between its frames; it stands still behind its last one."""
    lower = np.minimum(places.astype(int), image.shape[1] - 1)
    upper = np.minimum(lower + 1, image.shape[1] - 1)
    share = np.clip(places - lower, 0.0, 1.0)
    return (image[:, lower] * (1.0 - share) + image[:, upper] * share).astype(np.float32)
