"""Mixer: what the loudspeaker gets, before volume. Every change is a short cross-fade at the exact position."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from stylus_daw.audio.clip import Samples
from stylus_ui.audition.fading import crossfaded, rise
from stylus_ui.audition.line import Line, fade_length
from stylus_ui.audition.previewing import Preview
from stylus_ui.audition.programme import Programme
from stylus_ui.state.player import Side

DEFAULT_RATE = 48_000


class Mixer:
    """Renders lines one above the other: each newer one fades in over the older ones, which keep running.

    Pure: the same calls give the same samples. For one thread.
    """

    def __init__(self) -> None:
        self._lines: list[tuple[Line, int]] = [(Line(), fade_length(DEFAULT_RATE))]
        self._previews: list[Preview] = []
        self.uninterrupted = 0
        """Samples since the playhead was last moved or set going."""

    @property
    def line(self) -> Line:
        """What is heard of the programme once all fades are over."""
        return self._lines[-1][0]

    @property
    def rate(self) -> int:
        """Samples per second of what :meth:`read` gives; it changes only with the programme."""
        return self.line.programme.rate if self.line.programme else DEFAULT_RATE

    @property
    def is_previewing(self) -> bool:
        return bool(self._previews)

    @property
    def is_silent(self) -> bool:
        """Nothing sounds, and nothing will before the next command."""
        return not self._previews and not any(line.is_playing for line, _ in self._lines)

    def load(self, programme: Programme | None) -> None:
        """Go on with another programme, at the same position if it has it."""
        if programme is None or programme.rate != self.rate:
            self._lines = [(replace(self.line, programme=programme, position=0, is_playing=False), 0)]
            self._previews.clear()
        else:
            self._change(programme=programme)

    def play(self) -> None:
        self._change(is_playing=self.line.programme is not None)

    def pause(self) -> None:
        self._change(is_playing=False)

    def seek(self, position: int) -> None:
        self._change(position=position)

    def choose(self, side: Side) -> None:
        self._change(side=side)

    def set_loop(self, is_looping: bool) -> None:
        self._change(is_looping=is_looping)

    def preview(self, preview: Preview) -> None:
        """Play a short sound; the programme pauses, a former preview fades out."""
        self.pause()
        self.stop_preview()
        self._previews.append(preview)

    def stop_preview(self) -> None:
        """Fade previews out."""
        for preview in self._previews:
            preview.fade_out()

    def silence(self) -> None:
        """Stop all at once: there is nothing to fade out on."""
        self._lines = [(replace(self.line, is_playing=False), 0)]
        self._previews.clear()

    def read(self, frames: int) -> Samples:
        """The next stretch. Shape: ``[2, frames]``."""
        fade, ahead, out = fade_length(self.rate), [], np.zeros((2, frames), np.float32)
        for line, age in self._lines:
            sound, following = line.ahead(frames)
            out = crossfaded(out, sound, rise(age, frames, fade))
            ahead.append((following, age + frames))
        settled = max((i for i, (_, age) in enumerate(ahead) if age >= fade), default=0)
        self._lines = ahead[settled:]
        self.uninterrupted += frames
        for preview in self._previews:
            out += preview.read(frames)
        self._previews = [preview for preview in self._previews if not preview.is_over]
        return out

    def _change(self, **changes: Any) -> None:
        after = replace(self.line, **changes).inside()
        if after == self.line:
            return
        if changes.keys() & {"position", "is_playing"}:
            self.uninterrupted = 0
        if self.is_silent:
            self._lines.clear()
        elif self._lines[-1][1] == 0 and len(self._lines) > 1:
            self._lines.pop()  # never heard
        self._lines.append((after, 0))
