"""Images longer than memory, read as ``image[:, first:last]`` from an array or a spool."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from stylus_daw.audio.spectrogram import Image


class Columns(Protocol):
    """What arrays and spools have in common: a slice over all rows and some columns gives an array."""

    @property
    def shape(self) -> tuple[int, ...]:
        """``[rows, columns]``."""
        ...

    def __getitem__(self, key: tuple[slice, slice], /) -> Image:
        """Shape: ``[rows, chosen columns]``."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mapped:
    """An image with a function applied to each value, computed when it is read."""

    image: Columns
    function: Callable[[Image], Image]

    @property
    def shape(self) -> tuple[int, ...]:
        return self.image.shape

    def __getitem__(self, key: tuple[slice, slice], /) -> Image:
        """Shape: ``[rows, chosen columns]``."""
        return self.function(self.image[key])


def column_blocks(image: Columns, size: int) -> Iterator[Image]:
    """All columns, ``size`` at a time. Shape: each ``[rows, up to size]``."""
    for first in range(0, image.shape[1], size):
        yield image[:, first : min(first + size, image.shape[1])]
