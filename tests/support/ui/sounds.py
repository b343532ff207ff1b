"""Sound files for tests of what is heard."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile

from stylus_daw.jobs.job import JobDone, Region, RenderRequest, Stem, StyleFile
from stylus_ui.workspace.takes import Take

RATE = 48_000


def write_tone(
    path: Path, *, seconds: float = 2.0, level: float = 0.25, hertz: float = 440.0, rate: int = RATE
) -> Path:
    wave = level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)
    soundfile.write(path, np.stack([wave, wave], axis=1).astype(np.float32), rate, subtype="FLOAT")
    return path


def take_of(content: Path, stem: Path, *, first: int, length: int, job: str = "a") -> tuple[Take, JobDone]:
    """A take of a part of the content, and the event that finishes it."""
    region = Region(start=first, length=length, rate=RATE, source_offset=first)
    style = (StyleFile(path=content),)
    take = Take(job=job, request=RenderRequest(source=content, stem=stem, styles=style, region=region))
    made = Stem(path=stem, start=first, length=length, rate=RATE, channels=2)
    return take, JobDone(job=job, stem=made)
