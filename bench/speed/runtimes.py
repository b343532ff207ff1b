"""What runs the default model, side by side: torch, onnxruntime, OpenVINO; speed, start, memory, difference.

    python -m bench.speed.runtimes --seconds 60 --runs 5 --out bench/speed/runtimes.md

Torch is what ran the transcriber before it was shipped as ONNX: the trained network itself, in the same render. The
runtimes take turns, so that a machine that gets slower meanwhile is slower for all. Start and memory are those of the
app's own render process, one for each row.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import numpy as np

from bench.speed.memory import MIB, write_source
from bench.speed.memory import measure as measure_memory
from bench.speed.render import RATE, STYLE, content_of, rendered
from stylus_daw.app import RENDERER
from stylus_daw.audio.clip import Clip
from stylus_daw.audio.files import read
from stylus_daw.chain.planning import planned
from stylus_daw.chain.spec import ChainSpec
from stylus_daw.engine.machine.runtime import ONNXRUNTIME, OPENVINO, choose_runtime
from stylus_daw.engine.mini.checkpoint import MiniCheckpoint
from stylus_daw.engine.notes.transcriber import transcribe
from stylus_daw.engine.request import StyleRequest, StyleSettings, WeightedStyle
from stylus_daw.jobs.job import RenderRequest, StyleFile
from stylus_daw.jobs.process.worker import RenderWorker
from stylus_daw.presets.library.folder import STYLES_FOLDER
from stylus_daw.presets.library.library import factory_folder

TORCH = "torch (before)"
HALF = "OpenVINO, bf16"
ROWS = {
    TORCH: {},
    "onnxruntime": {"STYLUS_RUNTIME": ONNXRUNTIME},
    "OpenVINO": {"STYLUS_RUNTIME": OPENVINO},
    HALF: {"STYLUS_RUNTIME": OPENVINO, "STYLUS_PRECISION": "bf16"},
}
SHORT_S = 2.0


def checkpoints() -> dict[str, MiniCheckpoint]:
    """The default model in each runtime. Torch is imported here: a render process imports this module, too."""
    from training.transcriber.in_torch import in_torch

    made = {}
    for name, environment in ROWS.items():
        runtime = choose_runtime("cpu", environment)
        listen = in_torch(runtime) if name == TORCH else transcribe
        made[name] = MiniCheckpoint(runtime=runtime, sha256="", config={"base": "bare guide"}, listen=listen)
    return made


def speeds(seconds: float, runs: int) -> tuple[dict[str, list[float]], dict[str, float]]:
    """Seconds of each render of each row, and the largest difference of its stem to torch's, dB re full scale."""
    style = read(factory_folder() / STYLES_FOLDER / STYLE)
    content = content_of(style, seconds)
    request = StyleRequest(content=content, styles=(WeightedStyle(clip=style),), settings=StyleSettings())
    models = checkpoints()
    stems = {name: rendered(content, request, model) for name, model in models.items()}
    times: dict[str, list[float]] = {name: [] for name in models}
    for _ in range(runs):
        for name, model in models.items():
            model.__post_init__()  # forgets the style: it is heard in every run
            times[name].append(_seconds(lambda model=model: rendered(content, request, model)))
    return times, {name: _difference_db(stem, stems[TORCH]) for name, stem in stems.items()}


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _difference_db(one: Clip, other: Clip) -> float:
    return float(20 * np.log10(max(1e-12, np.abs(one.samples - other.samples).max())))


def first_progress(environment: dict[str, str], runs: int) -> tuple[float, float]:
    """Seconds from a job to its first progress: in a process that is started for it, and in one that is there."""
    cold, warm = [], []
    with tempfile.TemporaryDirectory() as folder, patch.dict(os.environ, environment):
        source = Path(folder) / "source.wav"
        write_source(source, SHORT_S)
        style = factory_folder() / STYLES_FOLDER / STYLE
        for run in range(runs):
            worker = RenderWorker(RENDERER)
            for waited in (cold, warm):
                request = RenderRequest(
                    source=source,
                    stem=Path(folder) / f"{run}.wav",
                    styles=(StyleFile(path=style),),
                    chain=planned(ChainSpec()),
                )
                waited.append(_until_progress(worker, request))
            worker.close()
    return statistics.median(cold), statistics.median(warm)


def _until_progress(worker: RenderWorker, request: RenderRequest) -> float:
    came: list[float] = []
    began = time.perf_counter()
    worker.render("bench", request, lambda _: came.append(time.perf_counter() - began), threading.Event())
    return came[0]


def peak_bytes(environment: dict[str, str], seconds: float) -> int:
    """The largest resident memory of a render process."""
    with tempfile.TemporaryDirectory() as folder, patch.dict(os.environ, environment):
        return measure_memory(seconds, Path(folder), has_chain=False).peak


def page(seconds: float, runs: int, command: str) -> str:
    """The table as Markdown."""
    times, differences = speeds(seconds, runs)
    before = statistics.median(times[TORCH])
    lines = [
        f"# What runs the default model\n\nMade by `{command}`: {seconds:g} s of stereo at {RATE} Hz, quality normal, "
        f"{runs} runs after one warm-up, the rows in turn, medians. {platform.machine()}, {os.cpu_count()} cores. "
        "*First progress*: from a job to its first progress, in a render process that is started for it and in one "
        "that is there. *Memory*: the largest resident memory of that process. *Difference*: the largest of a sample "
        "to torch's stem.\n",
        "| runtime | seconds | x real time | against torch | spread | first progress cold, s | warm, s | memory, MiB "
        "| difference, dBFS |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name, environment in ROWS.items():
        own = statistics.median(times[name])
        ratios = [b / t for b, t in zip(times[TORCH], times[name], strict=True)]
        spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
        row = f"| {name} | {own:.2f} | {seconds / own:.1f} | {before / own:.2f} | {spread} |"
        if name == TORCH:
            lines.append(f"{row} | | | |")
            continue
        cold, warm = first_progress(environment, runs)
        lines.append(
            f"{row} {cold:.2f} | {warm:.2f} | {peak_bytes(environment, seconds) / MIB:.0f} | {differences[name]:.0f} |"
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--out", type=Path, default=Path("bench/speed/runtimes.md"))
    args = parser.parse_args()
    command = f"python -m bench.speed.runtimes --seconds {args.seconds:g} --runs {args.runs}"
    made = page(args.seconds, args.runs, command)
    args.out.write_text(made, "utf-8")
    print(made)


if __name__ == "__main__":
    main()
