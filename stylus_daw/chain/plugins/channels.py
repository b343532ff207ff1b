"""Which channels go through which instance of a plugin: plugins take exact channel counts, clips have any."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from stylus_daw.audio.clip import Samples
from stylus_daw.errors import ChainError

SPEAKERS: dict[int, tuple[int, ...]] = {
    1: (1,),
    2: (2,),
    3: (2, 1),  # L R C
    4: (2, 2),  # quad
    5: (2, 1, 2),  # 5.0
    6: (2, 1, 1, 2),  # 5.1
    7: (2, 1, 1, 1, 2),  # 6.1
    8: (2, 1, 1, 2, 2),  # 7.1
}
"""How many neighbouring channels an effect sees at once, by channel count, in WAVE order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """Some channels of the clip through one instance of a plugin.

    Attributes:
        first: the first of them.
        count: how many.
        wide: channels that the instance takes; more than ``count`` for one channel through a stereo plugin.
    """

    first: int
    count: int
    wide: int

    def entering(self, samples: Samples) -> Samples:
        """What the instance gets: its channels, or one channel on every input. Shape: ``[wide, samples]``."""
        own = samples[self.first : self.first + self.count]
        return np.ascontiguousarray(own if self.wide == self.count else np.repeat(own, self.wide, axis=0))

    def leaving(self, wet: Samples) -> Samples:
        """What becomes of the instance's output: its channels, or the mean of them. Shape: ``[count, samples]``."""
        return wet if self.wide == self.count else wet.mean(axis=0, keepdims=True, dtype=np.float32)


def plan_lanes(channels: int, taken: Collection[int], plugin: str) -> tuple[Lane, ...]:
    """How a clip goes through a plugin.

    All channels at once if the plugin takes that count. Else as speaker pairs and singles (`SPEAKERS`): a
    pair through a mono plugin takes two instances; a single through a stereo plugin enters on both sides
    and is the mean of what comes out.

    Args:
        channels: of the clip.
        taken: channel counts that the plugin takes.
        plugin: its name, for the error.

    Raises:
        ChainError: the plugin takes neither all channels, nor two, nor one.

    >>> plan_lanes(3, {1}, "Mono")
    (Lane(first=0, count=1, wide=1), Lane(first=1, count=1, wide=1), Lane(first=2, count=1, wide=1))
    >>> plan_lanes(3, {2}, "Stereo")
    (Lane(first=0, count=2, wide=2), Lane(first=2, count=1, wide=2))
    """
    if channels in taken:
        return (Lane(first=0, count=channels, wide=channels),)
    if not {1, 2} & set(taken):
        known = ", ".join(map(str, sorted(taken))) or "none of 1 to 8"
        text = (
            f'The plugin "{plugin}" takes neither {channels} channels, nor pairs, nor single ones (it takes: {known}). '
            "Bypass it, or render a region with that many channels."
        )
        raise ChainError("chain.plugin_channels", text)
    lanes: list[Lane] = []
    first = 0
    for count in SPEAKERS[channels]:
        lanes += _group(first, count, taken)
        first += count
    return tuple(lanes)


def _group(first: int, count: int, taken: Collection[int]) -> list[Lane]:
    if count in taken:
        return [Lane(first=first, count=count, wide=count)]
    if 1 in taken:
        return [Lane(first=first + index, count=1, wide=1) for index in range(count)]
    return [Lane(first=first, count=1, wide=2)]
