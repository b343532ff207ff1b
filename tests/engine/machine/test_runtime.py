"""What runs a network, and what is said about it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from stylus_daw.audio.clip import Clip
from stylus_daw.engine.machine import runtime as runtimes
from stylus_daw.engine.machine.runtime import ONNXRUNTIME, OPENVINO, Runtime, choose_runtime
from stylus_daw.engine.mini.checkpoint import MiniCheckpoint
from stylus_daw.engine.notes.transcriber import load_transcriber, transcribe
from stylus_daw.engine.notes.weights import embedded_folder
from stylus_daw.engine.request import StyleRequest, StyleSettings, WeightedStyle
from stylus_daw.engine.transfer import stylize
from stylus_daw.errors import CheckpointError, RequestError
from tests.support.engine.sounds import tone
from tests.support.needs import need_module
from training.transcriber.in_torch import in_torch, network_in_torch

ROOT = Path(__file__).parents[3]
LOUDEST_DB = -90.0
"""The largest difference between two runtimes in a stem, dB re full scale."""


@pytest.mark.parametrize(
    ("wish", "environment", "text"),
    [
        ("toaster", {}, "allowed: auto, cpu, cuda, mps"),
        ("cuda:one", {}, "allowed: auto, cpu, cuda, mps"),
        ("cpu", {"STYLUS_RUNTIME": "tea"}, "allowed: onnxruntime, openvino"),
        ("cpu", {"STYLUS_PRECISION": "int3"}, "allowed: bf16, fp16, fp32"),
    ],
)
def test_what_is_not_known_is_refused_with_what_is(wish: str, environment: Mapping[str, str], text: str) -> None:
    with pytest.raises(RequestError, match=text):
        choose_runtime(wish, environment)


def test_a_runtime_says_where_and_how_it_runs() -> None:
    runtime = choose_runtime("cpu", {"STYLUS_RUNTIME": ONNXRUNTIME, "OMP_NUM_THREADS": "1"})
    assert runtime.reason.startswith("CPU, 1 thread, float32, onnxruntime ")
    assert runtime.circumstances["runtime"].startswith("onnxruntime ")


def test_half_precision_is_for_the_runtime_that_has_it() -> None:
    asked = {"STYLUS_PRECISION": "bf16", "STYLUS_RUNTIME": ONNXRUNTIME}
    runtime = choose_runtime("cpu", asked)
    assert (runtime.precision, "bf16 was asked for" in runtime.reason) == ("float32", True)
    assert "fp32 as asked" in choose_runtime("cpu", asked | {"STYLUS_PRECISION": "fp32"}).reason


def test_a_gpu_that_nobody_can_use_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtimes, "has_provider", lambda kind: False)
    with pytest.raises(RequestError, match="'cuda'"):
        choose_runtime("cuda")


def test_a_file_that_is_no_network_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"tea")
    with pytest.raises(CheckpointError, match="cannot be loaded by onnxruntime"):
        Runtime(name=ONNXRUNTIME).open(tmp_path / "model.onnx")


def test_openvino_is_taken_where_it_is_installed_and_agrees() -> None:
    need_module("openvino")
    assert choose_runtime("cpu", {}).name == OPENVINO
    sound = chord()
    one, other = (transcribe(sound, runtime=Runtime(name=name, threads=2)) for name in (ONNXRUNTIME, OPENVINO))
    every = slice(None), slice(0, one.posteriors.frames)
    assert one.notes
    np.testing.assert_allclose(one.posteriors.spool[every], other.posteriors.spool[every], atol=1e-4)


def test_openvino_that_is_asked_for_and_missing_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtimes, "_has_openvino", lambda: False)
    assert choose_runtime("cpu", {}).name == ONNXRUNTIME
    with pytest.raises(RequestError, match=r"stylus-daw\[fast\]"):
        choose_runtime("cpu", {"STYLUS_RUNTIME": OPENVINO})


CASES = (
    (StyleSettings(), 1),
    (StyleSettings(structure=0.0, strength=1.5), 1),
    (StyleSettings(structure=1.0), 2),
    (StyleSettings(structure=0.3, transients=0.5), 3),
)
"""Settings, and the number of styles."""


@pytest.mark.parametrize("case", range(len(CASES)))
@pytest.mark.parametrize("other", [OPENVINO, "torch"])
def test_a_stem_differs_by_less_than_can_be_heard(other: str, case: int) -> None:
    need_module(other)
    one, two = (stem_on(name, case) for name in (ONNXRUNTIME, other))
    assert float(np.abs(one.samples).max()) > 0.01
    assert float(np.abs(one.samples - two.samples).max()) <= 10 ** (LOUDEST_DB / 20)


@cache
def stem_on(name: str, case: int) -> Clip:
    """One of the cases, rendered on a runtime; once, however many it is compared with."""
    settings, styles = CASES[case]
    played = [WeightedStyle(clip=chord(1 + 0.25 * number), weight=1 / styles) for number in range(styles)]
    return stylize(StyleRequest(content=chord(), styles=tuple(played), settings=settings), running_on(name))


@cache
def running_on(name: str) -> MiniCheckpoint:
    """The default model on a runtime; or with its transcriber on torch, as it was trained."""
    runtime = Runtime(name=ONNXRUNTIME if name == "torch" else name, threads=2)
    listen = in_torch(runtime) if name == "torch" else transcribe
    return MiniCheckpoint(runtime=runtime, sha256="", config={"base": "bare guide"}, listen=listen)


def test_torch_hears_what_the_shipped_file_hears() -> None:
    """The export is the training's network: within rounding."""
    need_module("torch")
    shipped = load_transcriber(embedded_folder(), Runtime(name=ONNXRUNTIME, threads=2)).network
    trained, random = network_in_torch(threads=2), np.random.default_rng(1)
    for frames in (196, 448, 704):
        grid = random.random((1, 3, 300, frames), dtype=np.float32) ** 3
        bands = random.random((1, 32, frames), dtype=np.float32) ** 3
        np.testing.assert_allclose(shipped(grid, bands), trained(grid, bands), atol=1e-4)


REPORTING = """
import sys
from stylus_daw.engine.machine.runtime import Runtime
from stylus_daw.engine.notes.transcriber import embedded
embedded(Runtime(name='openvino'))
from openvino.tools import ovc
print(type(ovc.telemetry).__module__, sys.modules['openvino_telemetry'])
"""


def test_openvino_reports_to_nobody() -> None:
    need_module("openvino")
    run = subprocess.run([sys.executable, "-c", REPORTING], capture_output=True, text=True, check=False, timeout=120)
    assert (run.returncode, run.stdout) == (0, "openvino.tools.ovc.telemetry_stub None\n"), run.stderr


QUIET = """
import os, sys
from pathlib import Path
from stylus_daw.engine.machine.runtime import Runtime, has_provider
from stylus_daw.engine.notes.weights import transcriber_files
has_provider("cuda")
network = next(file for file in transcriber_files() if file.suffix == ".onnx")
Runtime(name="onnxruntime").open(network)
print(sorted(str(one) for one in Path(os.environ["HOME"]).rglob("*")))
"""


def test_onnxruntime_reports_to_nobody(tmp_path: Path) -> None:
    """Where it may report, it leaves its identifier and what it is about to send in these folders, at its import."""
    places = dict.fromkeys(("HOME", "XDG_CACHE_HOME", "TMPDIR", "LOCALAPPDATA", "TEMP"), str(tmp_path))
    inherited = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    command = [sys.executable, "-c", QUIET]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=inherited | places)
    assert (run.returncode, run.stdout) == (0, "[]\n"), run.stderr


def test_what_is_installed_imports_onnxruntime_in_one_place() -> None:
    rooms = (ROOT / room for room in ("stylus_daw", "bridge", "ui", "presets"))
    importing = re.compile(r"^\s*(import|from) onnxruntime\b", re.MULTILINE)
    files = [file for room in rooms for file in room.rglob("*.py") if importing.search(file.read_text("utf-8"))]
    assert files == [ROOT / "stylus_daw" / "engine" / "machine" / "runtime.py"]


RENDER = """
import sys
class Refusing:
    def find_spec(self, name, path=None, target=None):
        if name.partition('.')[0] in ('torch', 'diffusers', 'transformers', 'safetensors', 'huggingface_hub'):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Refusing())
import numpy as np
from stylus_daw.app import build_renderer
from stylus_daw.audio.clip import Clip
from stylus_daw.engine.local import LocalEngine
from stylus_daw.engine.request import StyleRequest, StyleSettings, WeightedStyle
build_renderer()
time = np.arange(48_000) / 48_000
clips = [Clip(samples=(0.2 * np.sin(6.28 * hertz * time) * np.exp(-3 * time))[None].astype('f'), rate=48_000)
         for hertz in (220, 330, 440)]
styles = tuple(WeightedStyle(clip=clip, weight=0.5) for clip in clips[1:])
made = LocalEngine().stylize(StyleRequest(content=clips[0], styles=styles, settings=StyleSettings(structure=0.3)))
assert made.length == 48_000 and np.abs(made.read(0, made.length)).max() > 0.01
print(sorted({name.partition('.')[0] for name in sys.modules} & {'torch', 'diffusers', 'transformers'}))
"""


def test_the_default_model_renders_where_torch_cannot_be_imported() -> None:
    made = subprocess.run([sys.executable, "-c", RENDER], capture_output=True, text=True, check=False, timeout=300)
    assert (made.returncode, made.stdout) == (0, "[]\n"), made.stderr


def chord(higher: float = 1.0) -> Clip:
    parts = [tone(higher * hertz, 2.0).samples for hertz in (220, 277, 330)]
    return Clip(samples=np.mean(np.stack(parts), axis=0, dtype=np.float32), rate=48_000)
