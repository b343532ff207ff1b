"""The style's own hits, played on the attacks of the content's: a sound as long as the content, computed when read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import NDArray

from stylus_daw.audio.clip import Samples
from stylus_daw.audio.sound import Derived, Sound
from stylus_daw.engine.guide.drawing import Guide
from stylus_daw.engine.guide.templates.hit_sounds import AHEAD_S, attack_of

Float = NDArray[np.floating]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sounding:
    """One hit: the sample on which it begins to be heard, what is heard, its factor."""

    first: int
    sound: int
    factor: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KitSound(Derived):
    """One channel, as long as ``source``.

    Attributes:
        sounds: at the source's rate, ``[samples]`` each.
        hits: by their first sample.
    """

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
        for weight, guide in guides:
            kit, known = guide.instrument.kit, {}
            for hit, strike in zip(guide.content.hits, guide.strokes, strict=False):
                if strike.index not in known:
                    known[strike.index] = len(sounds)
                    sounds.append(_at_rate(kit.templates[strike.index].sound, kit.rate, content.rate))
                first = attack_of(content, hit.onset) - round(AHEAD_S * content.rate)
                factor = level * float(np.sqrt(weight * strike.gain))
                hits.append(Sounding(first=first, sound=known[strike.index], factor=factor))
        return cls(source=content, sounds=sounds, hits=sorted(hits, key=lambda hit: hit.first))

    def read(self, first: int, count: int) -> Samples:
        """Shape: ``[1, count]``."""
        out = np.zeros((1, count), np.float32)
        for hit in self.hits:
            sound = self.sounds[hit.sound]
            low, high = max(first, hit.first), min(first + count, hit.first + sound.size)
            if low < high:
                out[0, low - first : high - first] += np.float32(hit.factor) * sound[low - hit.first : high - hit.first]
        return out


def _at_rate(sound: Float, rate: int, wanted: int) -> Float:
    return sound if rate == wanted else np.asarray(soxr.resample(sound, rate, wanted), np.float32)
