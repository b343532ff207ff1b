"""Chooses what runs a network that is shipped as ONNX, and says why: onnxruntime, or OpenVINO where it is installed.

No torch: this is all that the default model needs. Environment variables can override the choice:
``STYLUS_RUNTIME`` is ``onnxruntime`` or ``openvino``, ``STYLUS_PRECISION`` as in
:mod:`stylus_daw.engine.machine.device`, and ``OMP_NUM_THREADS`` the number of threads.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stylus_daw.audio.parallel import cores
from stylus_daw.engine.machine.asked import asked_precision, kind_and_index
from stylus_daw.engine.machine.main_memory import free_main_memory
from stylus_daw.errors import CheckpointError, RequestError
from stylus_daw.own_program import how_to_add

log = logging.getLogger(__name__)

Float = NDArray[np.float32]
Network = Callable[..., Float]
"""The first output for the inputs in the order of the file."""

ONNXRUNTIME, OPENVINO = "onnxruntime", "openvino"
RUNTIMES = (ONNXRUNTIME, OPENVINO)
PROVIDERS = {
    "cuda": ("CUDAExecutionProvider", "MIGraphXExecutionProvider"),
    "directml": ("DmlExecutionProvider",),
    "mps": ("CoreMLExecutionProvider",),
}
"""onnxruntime's names of what runs on each kind of device: NVIDIA and AMD, any GPU under Windows, Apple."""
SOUGHT = ("cuda", "directml")
"""What ``auto`` takes before the processor. Not Apple's: it compiles anew for every length."""
MOST_THREADS = 16
"""More only wait for each other on a network of half a million parameters; not measured beyond two cores."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """A place to run.

    Attributes:
        name: ``onnxruntime`` or ``openvino``.
        kind: of the device: ``cpu``, ``cuda``, ``directml`` or ``mps``.
        index: of the device, where there are several.
        precision: ``float32`` or ``bfloat16``.
        threads: on the processor.
        note: what people should know besides.
    """

    name: str
    kind: str = "cpu"
    index: int = 0
    precision: str = "float32"
    threads: int = 1
    note: str = ""

    @property
    def reason(self) -> str:
        """One sentence for people."""
        threads = f"{self.threads} thread{'s' if self.threads > 1 else ''}"
        place = f"CPU, {threads}" if self.kind == "cpu" else f"{self.kind}:{self.index}"
        said = f"{place}, {self.precision}, {self._named()}"
        return f"{said} ({self.note})" if self.note else said

    @property
    def circumstances(self) -> dict[str, str]:
        """What decides the last digits of a result, for provenance."""
        return {"device": self.kind, "precision": self.precision, "runtime": self._named()}

    @property
    def number_bytes(self) -> int:
        """Bytes of a number while it is computed with."""
        return 2 if self.precision == "bfloat16" else 4

    def free_bytes(self) -> int | None:
        """Main memory that is available now; None if the system does not say."""
        return free_main_memory()

    def empty_cache(self) -> None:
        """Nothing is kept between two calls."""

    def open(self, path: Path) -> Network:
        """A network from its ONNX file, ready to run.

        Raises:
            CheckpointError: it cannot be loaded.
        """
        try:
            return self._openvino(path) if self.name == OPENVINO else self._onnxruntime(path)
        except Exception as error:
            text = f"{path} cannot be loaded by {self._named()}: {error}. Reinstall stylus-daw."
            raise CheckpointError("checkpoint.broken", text) from error

    def _named(self) -> str:
        return f"{self.name} {version(self.name)}"

    def _onnxruntime(self, path: Path) -> Network:
        onnxruntime = silent_onnxruntime()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self.threads
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        # between two calls the cores are the DAW's
        options.add_session_config_entry("session.force_spinning_stop", "1")
        session = onnxruntime.InferenceSession(path.read_bytes(), options, providers=self._providers())
        names = [one.name for one in session.get_inputs()]
        return lambda *arrays: np.asarray(session.run(None, dict(zip(names, arrays, strict=True)))[0])

    def _providers(self) -> list[Any]:
        found = [name for name in PROVIDERS.get(self.kind, ()) if name in _providers_here()]
        options = {"device_id": self.index} if self.kind in {"cuda", "directml"} else {}
        return [*((name, options) for name in found), "CPUExecutionProvider"]

    def _openvino(self, path: Path) -> Network:
        """OpenVINO reports every import to Google Analytics, unasked, unless its module for that cannot be found."""
        sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
        import openvino

        core, precision = openvino.Core(), "bf16" if self.precision == "bfloat16" else "f32"
        settings = {"INFERENCE_PRECISION_HINT": precision, "INFERENCE_NUM_THREADS": self.threads}
        compiled = core.compile_model(core.read_model(path), "CPU", settings | {"PERFORMANCE_HINT": "LATENCY"})
        return lambda *arrays: np.array(compiled.create_infer_request().infer(list(arrays))[0])


def choose_runtime(wish: str = "auto", environment: Mapping[str, str] = os.environ) -> Runtime:
    """The best runtime for a device.

    Args:
        wish: ``auto``, ``cpu``, ``cuda`` (NVIDIA, and AMD), ``cuda:1``, ``mps``.
        environment: where overrides are read.

    Raises:
        RequestError: unknown or missing; the message names what there is.
    """
    kind, index = kind_and_index(wish)
    asked, precision = _asked_runtime(environment), asked_precision(environment)
    if kind == "auto":
        kind = "cpu" if asked == OPENVINO else next((one for one in SOUGHT if has_provider(one)), "cpu")
    if kind != "cpu" and not has_provider(kind):
        return _instead(wish, _on_processor(asked, precision, environment))
    if kind != "cpu":
        return Runtime(name=ONNXRUNTIME, kind=kind, index=index, threads=threads_here(environment))
    return _on_processor(asked, precision, environment)


def silent_onnxruntime() -> Any:
    """The module onnxruntime; every import of it goes through here.

    From 1.32 on it reports its use to Microsoft when it is imported, from all systems, and leaves an identifier in the
    user's cache. Only the environment keeps it from that; the call is for the events of Windows.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    return onnxruntime


def has_provider(kind: str) -> bool:
    """Whether onnxruntime can run on this kind of device here.

    >>> has_provider("toaster")
    False
    """
    return any(name in _providers_here() for name in PROVIDERS.get(kind, ()))


def threads_here(environment: Mapping[str, str] = os.environ) -> int:
    """Threads for a network.

    >>> threads_here({"OMP_NUM_THREADS": "3"})
    3
    """
    return min(cores(environment), MOST_THREADS)


def _on_processor(asked: str, precision: str, environment: Mapping[str, str]) -> Runtime:
    """OpenVINO where it is installed. Only it can compute in bfloat16, and only where that is asked for."""
    name = asked or (OPENVINO if _has_openvino() else ONNXRUNTIME)
    half = name == OPENVINO and precision == "bf16"
    honoured = half or precision in {"", "fp32"}
    note = "" if not precision else f"{precision} as asked" if honoured else f"{precision} was asked for"
    precision = "bfloat16" if half else "float32"
    return Runtime(name=name, precision=precision, threads=threads_here(environment), note=note)


def _instead(wish: str, runtime: Runtime) -> Runtime:
    """The processor in place of a GPU that only torch can use: a network this small runs there as well.

    Raises:
        RequestError: torch knows no such device either.
    """
    if importlib.util.find_spec("torch") is None:
        text = (
            f"Device {wish!r} was requested, but onnxruntime cannot use one here. Use 'cpu', or install "
            "onnxruntime-gpu in place of onnxruntime."
        )
        raise RequestError("device.absent", text)
    from stylus_daw.engine.machine.device import choose_device

    place = choose_device(wish)
    log.info("%s is there for Stable Diffusion; the notes are heard on the processor", place.reason)
    return replace(runtime, note=f"onnxruntime cannot use {wish}")


def _asked_runtime(environment: Mapping[str, str]) -> str:
    asked = environment.get("STYLUS_RUNTIME", "")
    if asked and asked not in RUNTIMES:
        raise RequestError("device.runtime", f"STYLUS_RUNTIME is {asked!r}; allowed: {', '.join(RUNTIMES)}.")
    if asked == OPENVINO and not _has_openvino():
        text = f"STYLUS_RUNTIME is 'openvino', which is not installed: {how_to_add('fast')}."
        raise RequestError("device.runtime", text)
    return asked


@lru_cache(maxsize=1)
def _providers_here() -> frozenset[str]:
    return frozenset(silent_onnxruntime().get_available_providers())


@lru_cache(maxsize=1)
def _has_openvino() -> bool:
    return importlib.util.find_spec("openvino") is not None
