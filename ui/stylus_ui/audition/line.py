"""Line: one way of hearing a programme from a position on. Immutable: reading gives the sound and the next line."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from stylus_daw.audio.clip import Samples
from stylus_ui.audition.fading import crossfaded, faded_edges, rise
from stylus_ui.audition.programme import Programme
from stylus_ui.state.player import Side

FADE_S = 0.003


def fade_length(rate: int) -> int:
    """Samples of every short cross-fade."""
    return round(FADE_S * rate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What is heard, and from where.

    Attributes:
        programme: the sounds; None = silence.
        side: which of them.
        position: next sample.
        is_playing: else silence, and the position stands.
        is_looping: begins again at the end of the programme's loop.
    """

    programme: Programme | None = None
    side: Side = Side.ORIGINAL
    position: int = 0
    is_playing: bool = False
    is_looping: bool = True

    def ahead(self, frames: int) -> tuple[Samples, Line]:
        """The next stretch and the line after it. Shape: ``[2, frames]``."""
        if self.programme is None or not self.is_playing:
            return np.zeros((2, frames), np.float32), self
        if self.is_looping:
            return self._looped(self.programme, frames)
        return self._once(self.programme, frames)

    def inside(self) -> Line:
        """The line with its position where it can play from."""
        if self.programme is None:
            return replace(self, position=0, is_playing=False)
        first, end = self.programme.span if self.is_looping else (0, self.programme.length)
        return self if first <= self.position < end else replace(self, position=first)

    def _once(self, programme: Programme, frames: int) -> tuple[Samples, Line]:
        length = programme.length
        sound = programme.read(self.side, self.position, frames)
        sound *= faded_edges(self.position, frames, length, fade_length(programme.rate), (False, True))
        after = self.position + frames
        sound[:, max(0, length - self.position) :] = 0
        return sound, replace(self, position=after) if after < length else replace(self, position=0, is_playing=False)

    def _looped(self, programme: Programme, frames: int) -> tuple[Samples, Line]:
        first, end = programme.span
        position, parts, left = self.position, [], frames
        while left:
            count = min(left, end - position)
            parts.append(self._round(programme, position, count))
            position = position + count if position + count < end else first
            left -= count
        return np.concatenate(parts, axis=1), replace(self, position=position)

    def _round(self, programme: Programme, position: int, frames: int) -> Samples:
        """A stretch that does not pass the loop's end, where it fades into what leads to the loop's beginning.

        That lead is the beginning itself, reversed: it meets the first sample, exists for every sound, and
        leaves the first attack as it is.
        """
        first, end = programme.span
        sound = programme.read(self.side, position, frames)
        fade = min(fade_length(programme.rate), (end - first) // 2)
        seam = max(position, end - fade)
        count = position + frames - seam
        if count <= 0:
            return sound
        lead = programme.read(self.side, first + end - seam - count + 1, count)[:, ::-1]
        tail = sound[:, seam - position :]
        tail[:] = crossfaded(tail.copy(), lead, rise(seam - (end - fade), count, fade))
        return sound
