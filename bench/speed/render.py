"""How long a render takes, under other settings, a second time, and stage by stage."""

from __future__ import annotations

import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.files import read
from stylus_daw.audio.level.loudness import integrated_lufs
from stylus_daw.audio.level.true_peak import guarded, true_peak_db
from stylus_daw.audio.reconstruction import apply_gain, mel_image
from stylus_daw.audio.sound import to_clip
from stylus_daw.audio.spool import Scratch
from stylus_daw.engine.checkpoint import Checkpoint
from stylus_daw.engine.progress import ignore
from stylus_daw.engine.request import StyleRequest, StyleSettings, WeightedStyle
from stylus_daw.engine.result_cache import KeptResults
from stylus_daw.engine.shelf.registry import open_checkpoint
from stylus_daw.engine.transfer import stylized

RATE = 44_100
STYLE = "brass-section.flac"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One row of the table."""

    name: str
    settings: StyleSettings


CASES = (
    Case(name="default", settings=StyleSettings()),
    Case(name="strength 0.7", settings=StyleSettings(strength=0.7)),
    Case(name="strength 0.7, structure 0.5", settings=StyleSettings(strength=0.7, structure=0.5)),
)

TURNED = {
    "strength 0.7": StyleSettings(strength=0.7),
    "transients 0.5, brightness 0.5": StyleSettings(transients=0.5, brightness=0.5),
    "dry/wet 0.5": StyleSettings(dry_wet=0.5),
}


def median_seconds(work: Callable[[], object], runs: int) -> float:
    """Median wall time over ``runs``, after one that does not count."""
    work()
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def rendered(content: Clip, request: StyleRequest, checkpoint: Checkpoint, kept: KeptResults | None = None) -> Clip:
    """What a job does between reading and writing, without a chain."""
    return to_clip(guarded(stylized(request, checkpoint, scratch=Scratch(), kept=kept), content))


def measure(seconds: float, runs: int, device: str) -> list[str]:
    checkpoint = open_checkpoint("stylus-mini", device)
    style = read(_styles() / STYLE)
    content = content_of(style, seconds)
    lines = [
        f"# Speed of stylus-mini\n\nMade by `python -m bench.speed --seconds {seconds:g} --runs {runs}`: "
        f"{seconds:g} s of stereo at {RATE} Hz, {runs} runs after one warm-up, median wall time. "
        f"{platform.machine()}, {checkpoint.place.reason}.\n",
        "| settings | seconds | x real time |\n|---|---|---|",
    ]
    for case in CASES:
        request = StyleRequest(content=content, styles=(WeightedStyle(clip=style),), settings=case.settings)
        taken = median_seconds(lambda request=request: rendered(content, request, checkpoint), runs)
        lines.append(f"| {case.name} | {taken:.2f} | {content.seconds / taken:.1f} |")
    return lines + _again(content, style, checkpoint, runs) + _stages(content, style, checkpoint, runs)


def _again(content: Clip, style: Clip, checkpoint: Checkpoint, runs: int) -> list[str]:
    """What it costs to turn a knob and render again, as the app does: the model's result is kept."""

    def take(settings: StyleSettings, kept: KeptResults) -> Clip:
        request = StyleRequest(content=content, styles=(WeightedStyle(clip=style),), settings=settings)
        return rendered(content, request, checkpoint, kept)

    kept = KeptResults()
    first = median_seconds(lambda: take(StyleSettings(), KeptResults()), runs)
    take(StyleSettings(), kept)
    rows = [f"| first render | {first:.2f} | 1 |"]
    for name, settings in TURNED.items():
        taken = median_seconds(lambda settings=settings: take(settings, kept), runs)
        rows.append(f"| {name} | {taken:.2f} | {taken / first:.2f} |")
    return ["\nAnother render of the same region:\n", "| turned | seconds | of the first |\n|---|---|---|", *rows]


def _stages(content: Clip, style: Clip, checkpoint: Checkpoint, runs: int) -> list[str]:
    """Where the time of a normal render goes."""
    geometry, curve = checkpoint.geometry, checkpoint.curve
    image = mel_image(content, geometry)
    values = curve.to_values(image, curve.level(image))
    style_image = mel_image(style, geometry)
    style_values = curve.to_values(style_image, curve.level(style_image))
    knobs = checkpoint.knobs(StyleSettings())
    stages = {
        "mel image": lambda: mel_image(content, geometry),
        "model": lambda: checkpoint.restyle(values, [(1.0, style_values)], knobs, ignore),
        "reconstruction": lambda: apply_gain(content, np.zeros_like(image), geometry),
        "loudness, twice": lambda: (integrated_lufs(content), integrated_lufs(content)),
        "true peak": lambda: true_peak_db(content),
        "whether a true peak is over -1 dBTP": lambda: guarded(content, content),
    }
    rows = [f"| {name} | {median_seconds(work, runs):.2f} |" for name, work in stages.items()]
    return ["\nStages of a render:\n", "| stage | seconds |\n|---|---|", *rows]


def _styles() -> Path:
    return Path(str(files("stylus_presets"))) / "styles"


def content_of(loop: Clip, seconds: float) -> Clip:
    """A loop, again and again."""
    length = round(seconds * RATE)
    repeats = -(-length // loop.length)
    return Clip(samples=np.tile(loop.samples, (1, repeats))[:, :length], rate=RATE)
