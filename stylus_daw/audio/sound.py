"""Sound: audio that is read in pieces, wherever it is stored; a :class:`~stylus_daw.audio.clip.Clip` is one in memory.

A sound under a gain, a cut or a limiter is a sound as well, computed when it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from stylus_daw.audio.clip import Clip, Samples

BLOCK_SAMPLES = 1 << 16  # samples, 1.4 s at 48 kHz: large enough for numpy, small beside the model
EDGE_SHARE = 0.2  # of the highest level near an end, -14 dB: above it, the sound is cut there; by trial, not swept


class Sound(Protocol):
    """Audio at a place in time; see :class:`~stylus_daw.audio.clip.Clip` for rate, start and full scale."""

    @property
    def channels(self) -> int: ...

    @property
    def length(self) -> int:
        """Samples per channel."""
        ...

    @property
    def rate(self) -> int: ...

    @property
    def start(self) -> int: ...

    def read(self, first: int, count: int) -> Samples:
        """``count`` samples from ``first``, all inside the sound; not to be changed. Shape: ``[channels, count]``."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Derived:
    """A sound of the same shape and at the same place as ``source``; the base of sounds that are computed when read."""

    source: Sound

    @property
    def channels(self) -> int:
        return self.source.channels

    @property
    def length(self) -> int:
        return self.source.length

    @property
    def rate(self) -> int:
        return self.source.rate

    @property
    def start(self) -> int:
        return self.source.start

    def read(self, first: int, count: int) -> Samples:
        """Shape: ``[channels, count]``."""
        return self.source.read(first, count)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Amplified(Derived):
    """The source with one gain, in dB."""

    gain_db: float

    def read(self, first: int, count: int) -> Samples:
        """Shape: ``[channels, count]``."""
        return (self.source.read(first, count) * np.float64(10 ** (self.gain_db / 20))).astype(np.float32)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Watched(Derived):
    """The source; at each read, ``listener`` learns how far into it that reached, 0..1."""

    listener: Callable[[float], None]

    def read(self, first: int, count: int) -> Samples:
        """Shape: ``[channels, count]``."""
        self.listener((first + count) / self.length)
        return self.source.read(first, count)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """``length`` samples of the source from its sample ``first``, placed at ``start``."""

    source: Sound
    first: int
    length: int
    start: int

    @property
    def channels(self) -> int:
        return self.source.channels

    @property
    def rate(self) -> int:
        return self.source.rate

    def read(self, first: int, count: int) -> Samples:
        """Shape: ``[channels, count]``."""
        return self.source.read(self.first + first, count)


def part(sound: Sound, first: int, length: int) -> Sound:
    """``length`` samples from sample ``first``, with ``start`` moved along; the sound itself if that is all of it.

    Raises:
        RequestError: the stretch reaches outside a clip.
    """
    if isinstance(sound, Clip):
        return sound.slice(first, length)
    if (first, length) == (0, sound.length):
        return sound
    if first < 0 or length < 1 or first + length > sound.length:
        raise ValueError(f"samples {first} to {first + length} of {sound.length}")
    return Part(source=sound, first=first, length=length, start=sound.start + first)


def placed(sound: Sound, start: int) -> Sound:
    """The same sound at another place in time."""
    if isinstance(sound, Clip):
        return replace(sound, start=start)
    return Part(source=sound, first=0, length=sound.length, start=start)


def pieces(sound: Sound, size: int = BLOCK_SAMPLES) -> Iterator[Samples]:
    """All of it, ``size`` samples at a time. Shape: each ``[channels, up to size]``."""
    for first in range(0, sound.length, size):
        yield sound.read(first, min(size, sound.length - first))


def padded(sound: Sound, first: int, count: int) -> Samples:
    """``count`` samples from ``first``, zeros outside the sound. Shape: ``[channels, count]``."""
    low, high = max(0, first), min(first + count, sound.length)
    if low >= high:
        return np.zeros((sound.channels, count), np.float32)
    inside = sound.read(low, high - low)
    return inside if high - low == count else np.pad(inside, ((0, 0), (low - first, first + count - high)))


def eased(sound: Sound, first: int, count: int, *, ease: int) -> Samples:
    """:func:`padded`, but a sound that is cut off at an end is continued backwards there and fades in ``ease``.

    With zeros, such an edge would be a click in every band (decision 0009). A stretch that reaches over an end must
    hold ``ease`` samples before it. Shape: ``[channels, count]``.
    """
    samples = padded(sound, first, count)
    begin, end = -first, sound.length - 1 - first
    if begin <= 0 and end >= count - 1:
        return samples
    samples = samples.copy()
    if begin > 0:
        _turn_back(samples[:, begin:], samples[:, begin - 1 :: -1], ease)
    if end < count - 1:
        _turn_back(samples[:, end::-1], samples[:, end + 1 :], ease)
    return samples


def _turn_back(inside: Samples, outside: Samples, ease: int) -> None:
    """Write into ``outside`` if every channel that is not silent sounds on its last sample.

    Shape: ``[channels, any]`` both; both lead away from the end.
    """
    size = min(ease, outside.shape[1], inside.shape[1] - 1)
    highest = np.abs(inside[:, : ease + 1]).max(axis=1)
    is_edge = (np.abs(inside[:, 0]) > EDGE_SHARE * highest) | (highest == 0.0)
    if is_edge.all():
        fade = 0.5 + 0.5 * np.cos(np.pi * (np.arange(size) + 1) / (ease + 1))
        outside[:, :size] = inside[:, 1 : size + 1] * fade.astype(np.float32)


def to_clip(sound: Sound) -> Clip:
    """All of it in memory; a clip is returned as it is."""
    if isinstance(sound, Clip):
        return sound
    return Clip(samples=sound.read(0, sound.length), rate=sound.rate, start=sound.start)
