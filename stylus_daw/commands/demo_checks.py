"""What a stem must be to land back in the session, looked at in the file itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.files import probe, read, sha256_of
from stylus_daw.commands.demo_daw import Answer

CHANGED_DB = -30.0
SILENT_DB = -60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One promise and whether it was kept. ``text`` says what was found, and what was due where it was not."""

    name: str
    is_kept: bool
    text: str


def check(answer: Answer, content: Clip) -> tuple[Check, ...]:
    """Every promise about one stem.

    Args:
        answer: the app's message and where the files lie.
        content: the region without handles.
    """
    info = probe(answer.stem)
    stem = read(answer.stem)
    done = answer.done
    return (
        _equal("start", done.start_sample, content.start),
        _equal("length", (done.length_samples, info.frames), (content.length, content.length)),
        _equal("rate", (done.rate, info.rate), (content.rate, content.rate)),
        _equal("channels", (done.channels, info.channels), (content.channels, content.channels)),
        _equal("bext", info.time_reference, content.start),
        _changed(stem, content),
        _equal("source", sha256_of(answer.source)[:12], answer.source_sha256[:12]),
    )


def _equal(name: str, found: object, due: object) -> Check:
    return Check(name=name, is_kept=found == due, text=f"{found}" if found == due else f"{found} instead of {due}")


def _changed(stem: Clip, content: Clip) -> Check:
    """The stem sounds, and its difference from the content is no rounding error."""
    if stem.samples.shape != content.samples.shape:
        return Check(name="sound", is_kept=False, text="cannot be compared")
    level, difference = _level_db(stem), _level_db(content.with_samples(stem.samples - content.samples))
    is_kept = level > SILENT_DB and difference - _level_db(content) > CHANGED_DB
    return Check(name="sound", is_kept=is_kept, text=f"{level:.1f} dBFS, difference {difference:.1f} dBFS")


def _level_db(clip: Clip) -> float:
    """RMS over all channels, dBFS."""
    return float(10 * np.log10(np.mean(clip.samples.astype(np.float64) ** 2) + 1e-20))
