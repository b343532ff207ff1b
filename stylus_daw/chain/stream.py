"""Streams: sound in pieces of any length in, the same sound treated out, on the same samples and as long.

Whatever the pieces, an effect sees blocks of one size, counted from the first sample: how a sound is cut
changes nothing. A stream may hold samples back (an unfinished block, an effect's latency); `finish` gives
the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from stylus_daw.audio.clip import Samples
from stylus_daw.errors import ChainError

BLOCK = 8_192
"""Samples that every call gives an effect."""

LONGEST_DELAY = 120
"""Seconds after which an effect that holds everything back is given up."""


class Stream(Protocol):
    """Sound through something. Shape: ``[channels, any]`` in and out."""

    def push(self, samples: Samples) -> Samples:
        """What is ready. Shape: ``[channels, any]`` in and out."""
        ...

    def finish(self) -> Samples:
        """The rest; by then as many samples have come out as went in. Shape: ``[channels, any]``."""
        ...


class BlockStream:
    """An effect that takes blocks.

    Args:
        channels: of the sound.
        rate: in Hz.
        process: ``[channels, BLOCK]`` in; out at most as many. What it does not give at first is its latency,
            and comes when more is put in.
        label: the effect, for errors.
    """

    def __init__(self, channels: int, rate: int, process: Callable[[Samples], Samples], label: str) -> None:
        self._waiting = Fifo(channels)
        self._rate, self._process, self._label = rate, process, label
        self._taken = self._given = 0

    def push(self, samples: Samples) -> Samples:
        """Shape: ``[channels, any]`` in and out."""
        self._taken += samples.shape[1]
        self._waiting.put(samples)
        ready = [self._next() for _ in range(self._waiting.length // BLOCK)]
        return _joined(ready, self._waiting.channels)

    def finish(self) -> Samples:
        """Shape: ``[channels, any]``."""
        rest: list[Samples] = []
        silent = 0
        while self._given < self._taken:
            self._waiting.put(np.zeros((self._waiting.channels, -self._waiting.length % BLOCK or BLOCK), np.float32))
            rest.append(self._next())
            silent += BLOCK
            if silent > LONGEST_DELAY * self._rate:
                text = f"The effect {self._label} gave {self._given} of {self._taken} samples. Bypass it."
                raise ChainError("chain.length", text)
        joined = _joined(rest, self._waiting.channels)
        return joined[:, : joined.shape[1] - (self._given - self._taken)] if rest else joined

    def _next(self) -> Samples:
        """The next block through the effect. Shape: ``[channels, up to BLOCK]``."""
        wet = self._process(self._waiting.take(BLOCK))
        check_finite(wet, self._label, self._rate)
        self._given += wet.shape[1]
        return wet


class WholeStream:
    """An effect that must see everything at once. Nothing comes out before the end."""

    def __init__(self, channels: int, rate: int, process: Callable[[Samples], Samples], label: str) -> None:
        self._held = Fifo(channels)
        self._rate, self._process, self._label = rate, process, label

    def push(self, samples: Samples) -> Samples:
        """Shape: ``[channels, any]`` in and out."""
        self._held.put(samples)
        return samples[:, :0]

    def finish(self) -> Samples:
        """Shape: ``[channels, any]``."""
        dry = self._held.take(self._held.length)
        if not dry.shape[1]:
            return dry
        wet = self._process(dry)
        check_finite(wet, self._label, self._rate)
        return wet


class MixStream:
    """A share of the processed signal; dry and wet on the same samples."""

    def __init__(self, channels: int, wet: Stream, share: float) -> None:
        self._dry, self._wet, self._share = Fifo(channels), wet, share

    def push(self, samples: Samples) -> Samples:
        """Shape: ``[channels, any]`` in and out."""
        self._dry.put(samples)
        return self._blend(self._wet.push(samples))

    def finish(self) -> Samples:
        """Shape: ``[channels, any]``."""
        return self._blend(self._wet.finish())

    def _blend(self, wet: Samples) -> Samples:
        """Linear from dry (share 0) to wet (share 1). Shape: ``[channels, any]``, kept."""
        dry = self._dry.take(wet.shape[1])
        return (dry + np.float32(self._share) * (wet - dry)).astype(np.float32, copy=False)


class SeriesStream:
    """One stream after the other; without any, the sound as it is."""

    def __init__(self, streams: Sequence[Stream], channels: int) -> None:
        self._streams, self._channels = tuple(streams), channels

    def push(self, samples: Samples) -> Samples:
        """Shape: ``[channels, any]`` in and out."""
        for stream in self._streams:
            samples = stream.push(samples)
        return samples

    def finish(self) -> Samples:
        """Shape: ``[channels, any]``."""
        rest = np.zeros((self._channels, 0), np.float32)
        for stream in self._streams:
            rest = np.concatenate([stream.push(rest), stream.finish()], axis=1)
        return rest


class SumStream:
    """The same sound through several streams, added up with gains; each waits for the slowest."""

    def __init__(self, branches: Sequence[tuple[Stream, float]], channels: int) -> None:
        self._branches = tuple((stream, np.float32(gain), Fifo(channels)) for stream, gain in branches)

    def push(self, samples: Samples) -> Samples:
        """Shape: ``[channels, any]`` in and out."""
        for stream, _, ready in self._branches:
            ready.put(stream.push(samples))
        return self._sum()

    def finish(self) -> Samples:
        """Shape: ``[channels, any]``."""
        for stream, _, ready in self._branches:
            ready.put(stream.finish())
        return self._sum()

    def _sum(self) -> Samples:
        """As much as every branch has. Shape: ``[channels, any]``."""
        length = min(ready.length for _, _, ready in self._branches)
        parts = [gain * ready.take(length) for _, gain, ready in self._branches]
        return np.asarray(np.sum(parts, axis=0, dtype=np.float32))


class Fifo:
    """Samples in the order in which they came."""

    def __init__(self, channels: int) -> None:
        self.channels = channels
        self.length = 0
        self._parts: list[Samples] = []

    def put(self, samples: Samples) -> None:
        """Shape: ``[channels, any]``."""
        if samples.shape[1]:
            self._parts.append(samples)
            self.length += samples.shape[1]

    def take(self, length: int) -> Samples:
        """The first ``length``, which must be there. Shape: ``[channels, length]``."""
        parts: list[Samples] = []
        missing = length
        while missing:
            part = self._parts.pop(0)
            parts.append(part[:, :missing])
            if part.shape[1] > missing:
                self._parts.insert(0, part[:, missing:])
            missing -= parts[-1].shape[1]
        self.length -= length
        return _joined(parts, self.channels)


def check_finite(samples: Samples, label: str, rate: int) -> None:
    """Raise an error for samples that are not numbers. Shape: ``[channels, any]``.

    Raises:
        ChainError: there are some; it names the effect.
    """
    if not np.isfinite(samples).all():
        raise ChainError(
            "chain.non_finite",
            f"The effect {label} made samples that are NaN or infinite at {rate} Hz. Bypass it, or lower its "
            "gain and feedback.",
        )


def _joined(parts: Sequence[Samples], channels: int) -> Samples:
    """Parts one after the other. Shape: each ``[channels, any]``."""
    if len(parts) == 1:
        return np.ascontiguousarray(parts[0])
    return np.concatenate([np.zeros((channels, 0), np.float32), *parts], axis=1)
