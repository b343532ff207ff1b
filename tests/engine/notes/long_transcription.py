"""A program: the growth of memory while minutes of sound are transcribed, in MB. Prints one number."""

from __future__ import annotations

import resource
import sys
from dataclasses import dataclass

import numpy as np

from stylus_daw.audio.clip import Samples
from stylus_daw.audio.spool import Scratch
from stylus_daw.engine.notes.transcriber import transcribe


@dataclass(frozen=True, slots=True, kw_only=True)
class Endless:
    """A scale that nobody holds in memory."""

    length: int
    rate: int = 44_100
    channels: int = 1
    start: int = 0

    def read(self, first: int, count: int) -> Samples:
        time = (first + np.arange(count)) / self.rate
        pitch = 48 + np.floor(time / 0.5) % 24
        wave = 0.1 * np.sin(2 * np.pi * 440 * 2 ** ((pitch - 69) / 12) * time) * np.exp(-4 * (time % 0.5))
        return wave.astype(np.float32)[None]


def main() -> None:
    minutes = float(sys.argv[1])
    transcribe(Endless(length=44_100 * 20))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result = transcribe(Endless(length=round(44_100 * 60 * minutes)), scratch=Scratch(memory_bytes=1 << 20))
    assert len(result.notes) > 60 * minutes
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)


if __name__ == "__main__":
    main()
