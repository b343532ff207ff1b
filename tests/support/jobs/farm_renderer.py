"""A renderer without a model for workers of a farm: does what ``request.chain.spec`` says, and leaves marks.

``marks``: a folder that gets a file per run that began (its name holds the process id) and one per run that ended.
``seconds``: how long it takes. ``deaf``: it does not look whether it is cancelled.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from stylus_daw.audio.files import Provenance, opened_sound, write_stem
from stylus_daw.audio.spool import Scratch
from stylus_daw.chain_plan import ChainPlan
from stylus_daw.engine.progress import ReportProgress
from stylus_daw.jobs.job import RenderRequest, Stem, StyleFile

RENDERER = "tests.support.jobs.farm_renderer:make"
STEP_S = 0.02


def request_for(source: Path, stem: Path, marks: Path, style: Path | None = None, **spec: Any) -> RenderRequest:
    marks.mkdir(exist_ok=True)
    styles = (StyleFile(path=style),) if style else ()
    return RenderRequest(source=source, stem=stem, styles=styles, chain=ChainPlan(spec={"marks": str(marks), **spec}))


def begun(marks: Path) -> list[int]:
    """Process ids of the runs that began."""
    return [int(path.name.split("-")[1]) for path in marks.glob("begun-*")]


def ended(marks: Path) -> int:
    """How many runs came to their end."""
    return len(list(marks.glob("ended-*")))


def make() -> FarmRenderer:
    return FarmRenderer()


class FarmRenderer:
    def render(self, request: RenderRequest, progress: ReportProgress, is_cancelled: Callable[[], bool]) -> Stem:
        spec, marks = request.chain.spec, Path(request.chain.spec["marks"])
        (marks / f"begun-{os.getpid()}-{secrets.token_hex(4)}").touch()
        seconds = spec.get("seconds", 0.0)
        for step in range(round(seconds / STEP_S)):
            if not spec.get("deaf"):
                progress(step * STEP_S / seconds, "waiting")
            time.sleep(STEP_S)
        if spec.get("crash"):
            os._exit(3)
        with opened_sound(request.source, Scratch()) as sound:
            write_stem(request.stem, sound, Provenance(preset="copy"))
        (marks / f"ended-{os.getpid()}-{secrets.token_hex(4)}").touch()
        return Stem(path=request.stem, start=sound.start, length=sound.length, rate=sound.rate, channels=sound.channels)
