"""A renderer without a model: does what ``request.chain.spec["fake"]`` says. Render processes import it by name."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from stylus_daw.chain_plan import ChainPlan
from stylus_daw.engine.progress import ReportProgress
from stylus_daw.errors import EngineError
from stylus_daw.jobs.job import RenderRequest, Stem, StyleFile

STEPS = 400
logger = logging.getLogger(__name__)


def request_for(folder: Path, behaviour: str = "fast", **details: Any) -> RenderRequest:
    """A request that makes the fake behave so. ``folder`` gets the stem and the marks that runs leave."""
    return RenderRequest(
        source=folder / "input.wav",
        stem=folder / f"{behaviour}.wav",
        styles=(StyleFile(path=folder / "style.flac"),),
        chain=ChainPlan(spec={"fake": behaviour, **details}),
    )


def runs(request: RenderRequest) -> list[int]:
    """Process ids of the render processes that began this request, in order."""
    marks = _marks(request)
    return [int(line) for line in marks.read_text().splitlines()] if marks.exists() else []


def go_on(request: RenderRequest) -> None:
    """Let a deaf render finish."""
    request.stem.with_suffix(".go").touch()


def make() -> FakeRenderer:
    return FakeRenderer()


def make_slowly() -> FakeRenderer:
    """A model that takes its time to load: until the folder named in the environment holds ``loaded``."""
    while not (Path(os.environ["FAKE_MODEL"]) / "loaded").exists():
        time.sleep(0.01)
    return FakeRenderer()


def dies_at_first() -> FakeRenderer:
    """A model whose process dies while it loads, as often as the folder named in the environment says."""
    folder = Path(os.environ["FAKE_MODEL"])
    left = int((folder / "deaths").read_text())
    if left:
        (folder / "deaths").write_text(f"{left - 1}")
        os._exit(5)
    return FakeRenderer()


def cannot_be_made() -> FakeRenderer:
    raise EngineError("engine.no_model", "The model is not there.")


class FakeRenderer:
    def render(self, request: RenderRequest, progress: ReportProgress, is_cancelled: Callable[[], bool]) -> Stem:
        with _marks(request).open("a") as marks:
            marks.write(f"{os.getpid()}\n")
        BEHAVIOURS[request.chain.spec["fake"]](request, progress)
        request.stem.write_bytes(b"stem")
        return Stem(path=request.stem, start=7, length=48, rate=48_000, channels=2)


def _marks(request: RenderRequest) -> Path:
    return request.stem.with_suffix(".runs")


def _fast(request: RenderRequest, progress: ReportProgress) -> None:
    progress(0.5, "sampling")
    progress(1.0, "writing")


def _steps(request: RenderRequest, progress: ReportProgress) -> None:
    for step in range(STEPS):
        progress(step / STEPS, "sampling")
        time.sleep(0.01)


def _hang(request: RenderRequest, progress: ReportProgress) -> None:
    progress(0.1, "hanging")
    time.sleep(60)


def _deaf(request: RenderRequest, progress: ReportProgress) -> None:
    """Does not look whether it is cancelled: goes on to the end once ``go_on`` was called."""
    progress(0.1, "sampling")
    while not request.stem.with_suffix(".go").exists():
        time.sleep(0.01)


def _flood(request: RenderRequest, progress: ReportProgress) -> None:
    for step in range(2_000):
        progress(0.9 if step == 1_000 else 0.3 if step > 1_000 else 0.0, f"step {step}")
    progress(float("nan"), "last")


def _crash(request: RenderRequest, progress: ReportProgress) -> None:
    progress(0.4, "crashing")
    os._exit(3)


def _crash_once(request: RenderRequest, progress: ReportProgress) -> None:
    if len(runs(request)) == 1:
        progress(0.4, "crashing")
        os.kill(os.getpid(), signal.SIGSEGV)
    _fast(request, progress)


def _steps_once(request: RenderRequest, progress: ReportProgress) -> None:
    if len(runs(request)) == 1:
        _steps(request, progress)
    else:
        _fast(request, progress)


def _stylus_error(request: RenderRequest, progress: ReportProgress) -> None:
    raise EngineError("engine.no_style", "The style is silent. Choose another.")


def _value_error(request: RenderRequest, progress: ReportProgress) -> None:
    raise ValueError("a fault")


def _out_of_memory(request: RenderRequest, progress: ReportProgress) -> None:
    raise MemoryError


def _late(request: RenderRequest, progress: ReportProgress) -> None:
    """Goes on reporting from a thread after the stem is done."""

    def report() -> None:
        for _ in range(100):
            progress(0.7, "late")
            time.sleep(0.002)

    threading.Thread(target=report, daemon=True).start()


def _log(request: RenderRequest, progress: ReportProgress) -> None:
    logger.warning("half precision is not available: %s", "float32 it is")


def _interrupt_itself(request: RenderRequest, progress: ReportProgress) -> None:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(0.05)


BEHAVIOURS: dict[str, Callable[[RenderRequest, ReportProgress], None]] = {
    "fast": _fast,
    "steps": _steps,
    "hang": _hang,
    "deaf": _deaf,
    "flood": _flood,
    "crash": _crash,
    "crash_once": _crash_once,
    "steps_once": _steps_once,
    "stylus_error": _stylus_error,
    "value_error": _value_error,
    "out_of_memory": _out_of_memory,
    "late": _late,
    "log": _log,
    "interrupt_itself": _interrupt_itself,
}
