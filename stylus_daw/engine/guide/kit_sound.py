"""The style's own hits, played on the attacks of the content's: a sound as long as the content, computed when read."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from operator import attrgetter

import numpy as np
import soxr
from numpy.typing import NDArray

from stylus_daw.audio.clip import Samples
from stylus_daw.audio.sound import Sound
from stylus_daw.engine.guide.drawing import Guide
from stylus_daw.engine.guide.templates.hit_sounds import attack_of

Float = NDArray[np.floating]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sounding:
    """One hit: the sample on which it begins to be heard, what is heard, its factor."""

    first: int
    sound: int
    factor: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KitSound:
    """One channel, of the length, rate and start of the content.

    Attributes:
        sounds: at that rate, ``[samples]`` each.
        hits: by their first sample.
    """

    length: int
    rate: int
    start: int
    sounds: Sequence[Float]
    hits: Sequence[Sounding]

    @property
    def channels(self) -> int:
        return 1

    @property
    def nbytes(self) -> int:
        return sum(sound.nbytes for sound in self.sounds)

    @classmethod
    def of(cls, content: Sound, guides: Iterable[tuple[float, Guide]], level: float) -> KitSound:
        """All hits of all guides.

        Args:
            content: on whose attacks they fall.
            guides: with the weights of their styles.
            level: factor on all of them.
        """
        sounds: list[Float] = []
        hits: list[Sounding] = []
        attack = lru_cache(maxsize=None)(partial(attack_of, content))  # all guides play the same content
        for weight, guide in guides:
            kit, known = guide.instrument.kit, {}
            for hit, strike in zip(guide.content.hits, guide.strokes, strict=False):
                if strike.index not in known:
                    known[strike.index] = len(sounds)
                    sounds.append(_at_rate(kit.templates[strike.index].sound, kit.rate, content.rate))
                factor = level * float(np.sqrt(weight * strike.gain))
                hits.append(Sounding(first=attack(hit.onset), sound=known[strike.index], factor=factor))
        hits.sort(key=attrgetter("first"))
        return cls(length=content.length, rate=content.rate, start=content.start, sounds=sounds, hits=hits)

    def read(self, first: int, count: int) -> Samples:
        """Shape: ``[1, count]``."""
        out = np.zeros((1, count), np.float32)
        longest = max((sound.size for sound in self.sounds), default=0)
        low = bisect_right(self.hits, first - longest, key=attrgetter("first"))
        end = bisect_left(self.hits, first + count, key=attrgetter("first"))
        for hit in self.hits[low:end]:
            sound = self.sounds[hit.sound]
            begin, finish = max(first, hit.first), min(first + count, hit.first + sound.size)
            if begin < finish:
                part = sound[begin - hit.first : finish - hit.first]
                out[0, begin - first : finish - first] += np.float32(hit.factor) * part
        return out


def _at_rate(sound: Float, rate: int, wanted: int) -> Float:
    return sound if rate == wanted else np.asarray(soxr.resample(sound, rate, wanted), np.float32)
