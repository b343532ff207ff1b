"""Tempo sync: a style's image, stretched to the session's tempo and cut to whole bars for looping.

Frames of the image are interpolated, and audio is not resampled. Pitch and tone stay; only their movement becomes
faster or slower.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stylus_daw.audio.spectrogram import Image
from stylus_daw.engine.controls.tempo import first_beat, heard_beat
from stylus_daw.engine.knobs.style_settings import StyleSettings, filled
from stylus_daw.errors import RequestError

log = logging.getLogger(__name__)

WHOLE = 0.03  # of a beat, 15 ms at 120 bpm: how far a loop may be from whole beats; not swept


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The session's tempo in quarter notes per minute, and their number in a bar."""

    bpm: float
    bar_beats: float = 4.0

    @classmethod
    def of(cls, settings: StyleSettings) -> Clock | None:
        """The clock to follow; None without tempo sync.

        Raises:
            RequestError: ``tempo.session``: tempo sync is on, but the tempo is unknown.
        """
        if not settings.tempo_sync:
            return None
        if settings.tempo_bpm is None:
            raise RequestError(
                "tempo.session",
                "Tempo sync is on, but the session's tempo is unknown. Send it (job.json: "
                '"tempo"; command line: --tempo 120), or turn tempo sync off.',
            )
        return cls(bpm=settings.tempo_bpm, bar_beats=filled(settings, "bar_beats"))


def in_time(
    images: Sequence[Image], tempos_bpm: Sequence[float | None], clock: Clock, hop_ms: int
) -> tuple[Image, ...]:
    """The styles' images, looped in time; those without a beat stay as they are, and the log says so.

    Args:
        images: ``[bands, frames]`` in dB, any number of frames each.
        tempos_bpm: of each style; None: detect it.

    Returns:
        ``[bands, other frames]`` each.

    Raises:
        RequestError: ``tempo.style``: none of the styles has a clear beat.
    """
    tempos = [told or _listened(image, hop_ms) for image, told in zip(images, tempos_bpm, strict=True)]
    if not any(tempos):
        raise RequestError(
            "tempo.style",
            "Tempo sync is on, but the style has no steady beat. Write its tempo_bpm into the preset, or turn "
            "tempo sync off.",
        )
    return tuple(
        looped(image, tempo, clock, hop_ms) if tempo else image for image, tempo in zip(images, tempos, strict=True)
    )


def looped(image: Image, style_bpm: float, clock: Clock, hop_ms: int) -> Image:
    """Whole bars of the style at the clock's tempo; whole beats if it is shorter than a bar.

    The style's tempo may be doubled or halved, whichever needs less stretching. What it plays before its first beat
    and after its last whole bar is left out. Shape: ``[bands, frames] -> [bands, other frames]``.

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
    """The tempo, doubled or halved until it is closest to the wanted one.

    >>> folded(70.0, 128.0)
    140.0
    """
    return bpm * 2.0 ** round(math.log2(wanted / bpm))


def whole_bars(beats: float, bar_beats: float) -> float:
    """The most whole bars that fit into some beats, as beats; if not even one fits, whole beats, or all of them.

    >>> whole_bars(15.99, 4.0), whole_bars(3.2, 4.0), whole_bars(0.7, 4.0)
    (16.0, 3.0, 0.7)
    """
    for unit in (bar_beats, 1.0):
        count = math.floor((beats + WHOLE) / unit)
        if count >= 1:
            return count * unit
    return beats


def _listened(image: Image, hop_ms: int) -> float | None:
    """The detected tempo, if it is clear. Shape: ``[bands, frames]``."""
    beat = heard_beat(image, hop_ms)
    if not beat.is_clear:
        log.warning("a style has no steady beat (clarity %.2f) and stays as it is", beat.clarity)
        return None
    log.info("a style's tempo was detected as %.1f bpm (clarity %.2f)", beat.bpm, beat.clarity)
    return beat.bpm


def _begin(image: Image, bpm: float, hop_ms: int) -> int:
    """First frame to use: 0 if the style is whole beats long, and so already a loop; otherwise its first beat.

    The image of a loop has one frame more than its length. Shape: ``[bands, frames]``.
    """
    beats = (image.shape[1] - 1) * hop_ms * bpm / 60_000.0
    return 0 if abs(beats - round(beats)) <= WHOLE else first_beat(image, hop_ms, bpm)


def _at(image: Image, places: np.ndarray) -> Image:
    """The image at places between its frames; constant after its last one.

    Shape: ``[bands, frames], [places] -> [bands, places]``.
    """
    lower = np.minimum(places.astype(int), image.shape[1] - 1)
    upper = np.minimum(lower + 1, image.shape[1] - 1)
    share = np.clip(places - lower, 0.0, 1.0)
    return (image[:, lower] * (1.0 - share) + image[:, upper] * share).astype(np.float32)
