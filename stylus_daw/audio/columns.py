"""Images longer than memory: read as ``image[:, first:last]``, whether they are arrays or lie in a spool."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from stylus_daw.audio.spectrogram import Image


class Columns(Protocol):
    """What an array and a spool have in common. A slice over all rows and some columns gives an array."""

    @property
    def shape(self) -> tuple[int, ...]:
        """``[rows, columns]``."""
        ...

    def __getitem__(self, key: tuple[slice, slice], /) -> Image: ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mapped:
    """An image under a function of single values, computed where it is read."""

    image: Columns
    function: Callable[[Image], Image]

    @property
    def shape(self) -> tuple[int, ...]:
        return self.image.shape

    def __getitem__(self, key: tuple[slice, slice], /) -> Image:
        return self.function(self.image[key])


def column_blocks(image: Columns, size: int) -> Iterator[Image]:
    """All columns, ``size`` at a time."""
    for first in range(0, image.shape[1], size):
        yield image[:, first : min(first + size, image.shape[1])]
