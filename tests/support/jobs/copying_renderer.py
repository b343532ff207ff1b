"""A renderer without a model: the stem is the source, and a mark beside the source says that it was rendered."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from stylus_daw.audio.files import Provenance, opened_sound, write_stem
from stylus_daw.audio.sound import Amplified
from stylus_daw.audio.spool import Scratch
from stylus_daw.engine.progress import ReportProgress
from stylus_daw.jobs.job import RenderRequest, Stem

RENDERER = "tests.support.jobs.copying_renderer:make"


def make() -> CopyingRenderer:
    return CopyingRenderer()


def renders(source: Path) -> int:
    """How often a source was rendered to its end."""
    mark = _mark(source)
    return len(mark.read_text().splitlines()) if mark.exists() else 0


class CopyingRenderer:
    """``request.chain.spec["gain_db"]`` holds a gain for each name of a source."""

    def render(self, request: RenderRequest, progress: ReportProgress, is_cancelled: Callable[[], bool]) -> Stem:
        progress(0.5, "copying")
        gain_db = request.chain.spec.get("gain_db", {}).get(request.source.name, 0.0)
        if gain_db == "crash":
            os._exit(3)
        with opened_sound(request.source, Scratch()) as sound:
            write_stem(request.stem, Amplified(source=sound, gain_db=gain_db), Provenance(preset="copy"))
        with _mark(request.source).open("a") as mark:
            mark.write(f"{os.getpid()}\n")
        return Stem(
            path=request.stem,
            start=0,
            length=sound.length,
            rate=sound.rate,
            channels=sound.channels,
            seconds_taken=0.01,
        )


def _mark(source: Path) -> Path:
    return source.with_suffix(".rendered")
