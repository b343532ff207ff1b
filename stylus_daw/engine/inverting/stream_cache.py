"""KeptStreams: inversions kept in this process; the least recently used ones are dropped when memory gets short."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence, Set

from stylus_daw.engine.inverting.streams import Stream

Batches = Sequence[Stream]


class KeptStreams:
    """Streams by key.

    Args:
        room: returns the number of bytes that may be held now.
    """

    def __init__(self, room: Callable[[], int]) -> None:
        self._room = room
        self._streams: OrderedDict[str, Batches] = OrderedDict()

    @property
    def bytes(self) -> int:
        return sum(one.bytes for batches in self._streams.values() for one in batches)

    def get(self, key: str) -> Batches | None:
        found = self._streams.get(key)
        if found is not None:
            self._streams.move_to_end(key)
        return found

    def put(self, key: str, streams: Batches) -> None:
        """Keep them."""
        self._streams[key] = streams
        self._streams.move_to_end(key)

    def forget_others(self, keys: Set[str]) -> None:
        """Only these keep their recordings; the others keep their latents."""
        for key, batches in self._streams.items():
            if key not in keys:
                for stream in batches:
                    stream.forget()

    def trim(self) -> None:
        """Drop recordings, then streams, oldest first, until the rest fits."""
        room = self._room()
        for batches in list(self._streams.values()):
            if self.bytes <= room:
                return
            for stream in batches:
                stream.forget()
        while self._streams and self.bytes > room:
            self._streams.popitem(last=False)

    def clear(self) -> None:
        self._streams.clear()
