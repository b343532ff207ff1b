"""Playing a template: which of its frames sounds when, how loud, for a note of any length. numpy only."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from stylus_daw.engine.notes.note import HOP_S

Float = NDArray[np.floating]

RELEASE_FRAMES = 60
"""600 ms: what rings longer after its release is a decay."""
SHORT_RELEASE, DAMPED_RELEASE = 1.5, 4.0
"""Frames in which a release falls by a factor of e, where the style does not tell: of what sustains, and of what decays
by itself, which a damper stops more softly."""
LONG_RELEASE = 25.0
"""The same at most, where it tells: what sounds behind a note may be another's."""
SUSTAINED_FRAMES = 20
"""A body that is shorter does not tell that it sustains."""
DECAYS_DB = -0.05
"""Per frame: slower than 5 dB a second sustains."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shape:
    """The course of a template: its parts and its power over time.

    Attributes:
        on, off: first frame of the body, and the one behind its last.
        envelope: power of every frame, ``[frames]``.
        slope_db: what the second half of the body loses per frame, dB, at most 0.
        fade: factor on the power of the last frame of the body, frame by frame behind it. Shape: ``[RELEASE_FRAMES]``.
    """

    on: int
    off: int
    envelope: Float
    slope_db: float
    fade: Float = field(repr=False)

    @classmethod
    def of(cls, envelope: Float, on: int, off: int, *, released: Float) -> Shape:
        """From the power of the frames; ``released``: what is known of those from ``off``, re the last of the body."""
        body = envelope[on:off]
        half = 10.0 * np.log10(body[len(body) // 2 :] + 1e-12)
        slope = float(np.polyfit(np.arange(len(half)), half, 1)[0]) if len(half) > 4 else 0.0
        short = SHORT_RELEASE if slope >= DECAYS_DB and len(body) >= SUSTAINED_FRAMES else DAMPED_RELEASE
        fade = _fade(released, short)
        return cls(on=on, off=off, envelope=envelope, slope_db=min(0.0, slope), fade=fade)

    @property
    def body(self) -> int:
        return self.off - self.on

    def places(self, first: int, count: int, frames: int) -> tuple[NDArray[np.intp], Float]:
        """For ``count`` frames from ``first`` of a note: the template's frame, and a factor on its power.

        Args:
            first: 0 is the note's onset; the attack before it is negative.
            frames: from onset to release.

        >>> shape = Shape.of(np.ones(10, np.float32), 2, 8, released=np.ones(2))
        >>> shape.places(-2, 6, 20)[0].tolist()
        [0, 1, 2, 3, 4, 5]
        """
        at = first + np.arange(count)
        inside = np.minimum(at, frames - 1)
        source = self.on + np.minimum(inside, self.body - 1)
        factor = np.ones(count, np.float32)
        if frames > self.body:
            self._continue(inside, source, factor)
        behind = at - frames
        released = behind >= 0
        fading = self.fade[np.minimum(behind[released], RELEASE_FRAMES - 1)]
        factor[released] *= np.where(behind[released] < RELEASE_FRAMES, fading, 0.0)
        return np.maximum(source, 0), factor

    def _continue(self, inside: NDArray[np.intp], source: NDArray[np.intp], factor: Float) -> None:
        """Behind the template's body: decaying on at its own slope, or its last third forth and back."""
        over = inside - self.body
        more = over >= 0
        if self.slope_db < DECAYS_DB:
            factor[more] = 10.0 ** (self.slope_db * (over[more] + 1) / 10.0)
            return
        third = max(1, self.body // 3)
        walk = over[more] % (2 * third)
        source[more] = self.off - 1 - np.minimum(walk, 2 * third - 1 - walk)


def frames_of(seconds: float) -> int:
    """The frame nearest to a moment."""
    return round(seconds / HOP_S)


def _fade(release: Float, short: float) -> Float:
    """What the style's own release tells, no longer than ``LONG_RELEASE`` and hardly shorter than ``short``."""
    count = np.arange(RELEASE_FRAMES)
    least = np.exp(-count / short)
    if len(release) < 4:
        return least.astype(np.float32)
    own = np.minimum.accumulate(np.minimum(release, 1.0))
    longer = np.pad(own, (0, max(0, RELEASE_FRAMES - len(own))), mode="edge")[:RELEASE_FRAMES]
    beyond = np.exp(-np.maximum(0, count - len(own) + 1) / short)
    return np.maximum(longer * beyond * np.exp(-count / LONG_RELEASE), 0.3 * least).astype(np.float32)
