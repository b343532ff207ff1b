"""Previews: a few seconds of a style, from its liveliest place, faded at both ends."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import soxr

from stylus_daw.audio.clip import Clip, Samples
from stylus_daw.audio.formats.reading import probe, read
from stylus_daw.audio.level.loudness import integrated_lufs, match_loudness
from stylus_daw.jobs.style_part import StylePart
from stylus_ui.audition.fading import faded_edges, rise
from stylus_ui.audition.folding import to_stereo

SECONDS = 6.0
FADE_IN_S, FADE_OUT_S = 0.02, 0.4
STOP_S = 0.12
QUIET_LUFS = -18.0


class Preview:
    """A short sound on its way. ``samples``: ``[2, frames]`` at the mixer's rate, faded at both ends."""

    def __init__(self, samples: Samples, rate: int) -> None:
        self._samples = samples
        self._position = 0
        self._stop_length = round(STOP_S * rate)
        self._stop_at: int | None = None

    @property
    def is_over(self) -> bool:
        end = self._samples.shape[1]
        return self._position >= (end if self._stop_at is None else min(end, self._stop_at + self._stop_length))

    def fade_out(self) -> None:
        """End within a moment, or at once if it has not begun."""
        if self._stop_at is None:
            self._stop_at = self._position if self._position else -self._stop_length

    def read(self, frames: int) -> Samples:
        """The next stretch, silence after the end. Shape: ``[2, frames]``."""
        part = self._samples[:, self._position : self._position + frames]
        out = np.zeros((2, frames), np.float32)
        out[:, : part.shape[1]] = part
        if self._stop_at is not None:
            out *= 1 - rise(self._position - self._stop_at, frames, self._stop_length)
        self._position += frames
        return out


def load_preview(path: Path, rate: int, target_lufs: float = QUIET_LUFS, *, part: StylePart | None = None) -> Samples:
    """The file's first seconds from where it sounds (or of that part), at ``target_lufs`` unless that would clip.

    Takes a moment: not for the window's thread. Shape: ``[2, frames]`` at ``rate``.

    Raises:
        AudioFileError: it cannot be read.
    """
    audio = probe(path)
    first, length = part.samples(audio.rate, audio.frames, path.name) if part else (0, audio.frames)
    clip = read(path, first=first, length=min(length, round(2 * SECONDS * audio.rate)))
    begin = 0 if part else _onset(clip)
    clip = clip.slice(begin, min(clip.length - begin, round(SECONDS * clip.rate)))
    stereo = to_stereo(clip.samples)
    if clip.rate != rate:
        stereo = np.ascontiguousarray(soxr.resample(stereo.T, clip.rate, rate).T, dtype=np.float32)
    shaped = _levelled(Clip(samples=_shaped(stereo, rate), rate=rate), target_lufs)
    return shaped.samples


def _onset(clip: Clip) -> int:
    """First sample within 40 dB of the loudest, less the fade-in; 0 for silence."""
    level = np.abs(clip.samples).max(axis=0)
    return max(0, int(np.argmax(level > level.max() / 100)) - round(FADE_IN_S * clip.rate))


def _shaped(stereo: Samples, rate: int) -> Samples:
    frames = stereo.shape[1]
    envelope = faded_edges(0, frames, frames, round(FADE_IN_S * rate), (True, False))
    return stereo * envelope * faded_edges(0, frames, frames, round(FADE_OUT_S * rate), (False, True))


def _levelled(clip: Clip, target_lufs: float) -> Clip:
    """At the target, or as near to it as full scale allows."""
    if integrated_lufs(clip) == -math.inf:
        return clip
    matched = match_loudness(clip, target_lufs)
    peak = float(np.abs(matched.samples).max())
    return matched if peak <= 1 else matched.with_samples(matched.samples / np.float32(peak))
