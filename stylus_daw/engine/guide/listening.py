"""Hearing styles: what they play, once per style; of long ones some excerpts."""

from __future__ import annotations

import logging
from collections import OrderedDict
from dataclasses import replace

import numpy as np

from stylus_daw.audio.clip import Clip
from stylus_daw.engine.fingerprint import sha256_of_sound
from stylus_daw.engine.guide.instrument import Instrument
from stylus_daw.engine.machine.runtime import Runtime
from stylus_daw.engine.notes.transcriber import Listen
from stylus_daw.engine.progress import ReportProgress

log = logging.getLogger(__name__)

MOST_S, PARTS = 48.0, 6
"""Seconds of a style that are heard, and in how many excerpts spread over it: more notes make no better templates."""
FADE_S = 0.02
"""Each excerpt fades in and out, so that the cut is not heard as a hit."""
GAP_S = 0.3
"""Silence between excerpts: notes do not reach over it."""
MEMORY_BYTES = 192 << 20


class KeptInstruments:
    """The instruments of the last styles; the least recently used ones are dropped when they take too much memory.

    Args:
        runtime: where the transcriber runs.
        listen: the transcriber.
        most_bytes: of all of them together.
    """

    def __init__(self, runtime: Runtime, listen: Listen, *, most_bytes: int = MEMORY_BYTES) -> None:
        self._runtime, self._listen, self._most_bytes = runtime, listen, most_bytes
        self._kept: OrderedDict[str, Instrument] = OrderedDict()

    def of(self, style: Clip, progress: ReportProgress) -> Instrument:
        """What the style plays with; heard once."""
        key = sha256_of_sound(style)
        if key not in self._kept:
            self._kept[key] = self._heard(excerpts(style), progress)
            log.info("a style gave %d notes and %d hits", self._kept[key].notes, self._kept[key].hits)
        self._kept.move_to_end(key)
        self._trim()
        return self._kept[key]

    def _heard(self, style: Clip, progress: ReportProgress) -> Instrument:
        return Instrument.of(style, self._listen(style, runtime=self._runtime, scratch=None, progress=progress))

    def _trim(self) -> None:
        while len(self._kept) > 1 and sum(one.nbytes for one in self._kept.values()) > self._most_bytes:
            self._kept.popitem(last=False)


def excerpts(style: Clip) -> Clip:
    """The style itself, or of a long one six excerpts of eight seconds, spread over it, with silence between them."""
    size = round(MOST_S / PARTS * style.rate)
    if style.length <= size * PARTS:
        return style
    starts = np.linspace(0, style.length - size, PARTS).round().astype(int)
    gap = np.zeros((style.channels, round(GAP_S * style.rate)), np.float32)
    parts = [part for start in starts for part in (_faded(style.samples[:, start : start + size], style.rate), gap)]
    return replace(style, samples=np.concatenate(parts[:-1], axis=1))


def _faded(samples: np.ndarray, rate: int) -> np.ndarray:
    ramp = np.linspace(0.0, 1.0, round(FADE_S * rate), dtype=np.float32)
    faded = samples.copy()
    faded[:, : ramp.size] *= ramp
    faded[:, -ramp.size :] *= ramp[::-1]
    return faded
