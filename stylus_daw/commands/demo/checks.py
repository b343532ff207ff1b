"""What a stem must be to land back in the session, looked at in the file itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.files import probe, read, sha256_of
from stylus_daw.rehearsal import Answer

CHANGED_DB = -30.0  # dB re the content: a difference below this is hardly audible
SILENT_DB = -60.0  # dBFS: a stem below this counts as silent


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One promise and whether it was kept. ``text`` says what was found, and what was due where it was not."""

    name: str
    is_kept: bool
    text: str


def check(answer: Answer, content: Clip) -> tuple[Check, ...]:
    """Every promise about one stem.

    Args:
        answer: the app's message and where the files are.
        content: the region without handles.
    """
    info = probe(answer.stem)
    stem = read(answer.stem)
    done = answer.done
    return (
        _equal("start sample", done.start_sample, info.time_reference, due=content.start),
        _equal("samples", done.length_samples, info.frames, due=content.length),
        _equal("channels", done.channels, info.channels, due=content.channels),
        _equal("rate", done.rate, info.rate, due=content.rate),
        _changed(stem, content),
        _untouched(answer),
    )


def _equal(name: str, told: int, written: int | None, *, due: int) -> Check:
    """What the app said and what is in the file (for the start: in ``bext``) are both what is due."""
    if told == written == due:
        return Check(name=name, is_kept=True, text=f"{due:,}, as reported and in the file")
    return Check(name=name, is_kept=False, text=f"expected {due:,}; reported {told}, in the file {written}")


def _changed(stem: Clip, content: Clip) -> Check:
    """The stem is not silent, and its difference from the content is more than rounding."""
    if stem.samples.shape != content.samples.shape:
        return Check(name="sound", is_kept=False, text="cannot be compared")
    level, difference = _level_db(stem), _level_db(content.with_samples(stem.samples - content.samples))
    is_kept = level > SILENT_DB and difference - _level_db(content) > CHANGED_DB
    text = f"{level:.1f} dBFS; differs from the region by {difference:.1f} dBFS"
    return Check(name="sound", is_kept=is_kept, text=text)


def _untouched(answer: Answer) -> Check:
    is_kept = sha256_of(answer.source) == answer.source_sha256
    return Check(name="source", is_kept=is_kept, text="untouched" if is_kept else "was written to")


def _level_db(clip: Clip) -> float:
    """RMS over all channels, dBFS."""
    return float(10 * np.log10(np.mean(clip.samples.astype(np.float64) ** 2) + 1e-20))
