"""Results of the model for a region, kept so that another strength, control or chain does not run it again."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from stylus_daw.audio.sound import Sound
from stylus_daw.audio.spool import Spool
from stylus_daw.engine.checkpoint import Knobs
from stylus_daw.engine.fingerprint import sha256_of_sound
from stylus_daw.engine.request import StyleRequest

log = logging.getLogger(__name__)

MEMORY_BYTES = 64 << 20  # bytes, 64 MiB: ten regions of a minute; small beside the model (decision 0055)
DISK_BYTES = 1 << 30  # bytes, 1 GiB: about three hours of audio


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Replacement:
    """Another sound in the content's place: one channel, its length, and its share of the result's power.

    Attributes:
        sound: at about the level of the result.
        share: 0..1, ``[bands, frames]``.
        nbytes: of memory that the sound takes.
    """

    sound: Sound
    share: Spool
    nbytes: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Result:
    """A region's image and the gain that the model asks for, on the same grid.

    Attributes:
        content_db: the content's mel image, ``[bands, frames]``.
        gain_db: result minus content at ``Knobs.gain`` 1, ``[bands, frames]``.
        content_lufs: loudness of the content.
        floor_db: the model did not see levels in ``content_db`` below this.
        told: what of the styles was used, for provenance.
        replacement: what takes the content's place in parts of it.
    """

    content_db: Spool
    gain_db: Spool
    content_lufs: float
    floor_db: float
    told: Mapping[str, str] = field(default_factory=dict)
    replacement: Replacement | None = None

    @property
    def spools(self) -> list[Spool]:
        """All that it keeps."""
        return [self.content_db, self.gain_db, *([self.replacement.share] if self.replacement else [])]


class KeptResults:
    """The last results; the least recently used ones are dropped when they take too much memory or disk."""

    def __init__(self, *, memory_bytes: int = MEMORY_BYTES, disk_bytes: int = DISK_BYTES) -> None:
        self._room = {True: memory_bytes, False: disk_bytes}
        self._results: OrderedDict[str, Result] = OrderedDict()

    def get(self, key: str) -> Result | None:
        found = self._results.get(key)
        if found is not None:
            self._results.move_to_end(key)
        return found

    def put(self, key: str, result: Result) -> None:
        """Keep it, unless it alone is over the limit."""
        self._results[key] = result
        self._results.move_to_end(key)
        while self._is_over():
            self._results.popitem(last=False)

    def clear(self) -> None:
        """Forget all: a model was loaded whose weights may be known, but not how they are used now."""
        self._results.clear()

    def _is_over(self) -> bool:
        return any(self._taken(in_memory) > room for in_memory, room in self._room.items())

    def _taken(self, in_memory: bool) -> int:
        spools = [spool for result in self._results.values() for spool in result.spools]
        taken = sum(spool.nbytes for spool in spools if spool.is_in_memory == in_memory)
        sounds = (result.replacement.nbytes for result in self._results.values() if result.replacement)
        return taken + sum(sounds) if in_memory else taken


def result_key(content_sha256: str, request: StyleRequest, knobs: Knobs, checkpoint_sha256: str) -> str:
    """What decides a :class:`Result`: the sounds, the model, and all knobs except those that act on its gain."""
    settings = request.settings
    clock = (settings.tempo_sync, settings.tempo_bpm, settings.bar_beats) if settings.tempo_sync else ()
    styles = [
        (weight, sha256_of_sound(style.clip), style.tempo_bpm if clock else None)
        for weight, style in zip(request.weights, request.styles, strict=True)
    ]
    return repr((content_sha256, checkpoint_sha256, replace(knobs, gain=1.0), clock, styles))
