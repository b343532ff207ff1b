"""What the tests of a running Ardour do again and again."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from tests.daws.ardour.rig import Ardour, StylusApp, until


def tone(seconds: float, *hertz: float, rate: int = 48_000) -> np.ndarray:
    """Decaying tones, one per channel; float32, (samples, channels)."""
    n = np.arange(int(seconds * rate))
    decay = 0.4 * np.exp(-(n % (rate // 2)) / (rate / 4))
    return np.stack([decay * np.sin(2 * np.pi * f * n / rate) for f in hertz], axis=1).astype(np.float32)


def newest_job(app: StylusApp, known: set[Path]) -> Path:
    """The folder that is not among the ``known``, once it is complete."""
    return until(lambda: next((f for f in app.jobs() - known if (f / "job.json").exists()), None), "a job folder", 20)


def render(ardour: Ardour, app: StylusApp, script: str = "stylus_render.lua") -> Path:
    """Run an action; gives its job's folder."""
    known = app.jobs()
    ardour.stylus(script)
    return newest_job(app, known)


def await_stem(app: StylusApp, job: Path) -> None:
    """Until the hook says that the stem stands in the session."""
    until(lambda: f"inserted {job.name}" in app.messages, f"{job.name} to be inserted", 120)


def outcome(job: Path) -> str | None:
    """How a job ended; None until then."""
    state = job / "state.json"
    return json.loads(state.read_text("utf-8"))["outcome"] if state.exists() else None
