"""The examinations of ``stylus-daw doctor``: each gives a finding, none raises."""

from __future__ import annotations

import platform
import shutil
import socket
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from stylus_daw import __version__
from stylus_daw.errors import StylusError
from stylus_daw.settings import HOME_VARIABLE, Settings, state_folder

ESSENTIAL = (
    "torch", "diffusers", "transformers", "safetensors", "numpy", "scipy", "soundfile", "soxr", "pedalboard",
    "pyloudnorm", "python-osc", "pydantic", "platformdirs", "typer", "rich",
)  # fmt: skip
OPTIONAL = {
    "PySide6-Essentials": "only the window needs it",
    "matplotlib": "only the demo's picture and the benchmark need it: pip install 'stylus-daw[bench]'",
}
LITTLE_SPACE_BYTES = 1_000_000_000


class State(Enum):
    """How grave a finding is."""

    OK = "ok"
    NOTE = "note"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line: what was looked at, what was seen, what to do about it."""

    name: str
    state: State
    text: str
    remedy: str = ""


def examine(state_dir: Path | None = None, port: int | None = None) -> Iterator[Finding]:
    """All findings, one after the other."""
    settings = Settings(home=state_folder(state_dir), **({} if port is None else {"port": port}))
    yield Finding(name="stylus-daw", state=State.OK, text=f"{__version__}, Python {platform.python_version()}")
    yield from _packages()
    yield _device()
    yield _checkpoint()
    yield _bridge(settings)
    yield _state_folder(settings.home)
    yield from _presets(settings)
    yield _audio_output()


def _packages() -> Iterator[Finding]:
    for name in (*ESSENTIAL, *OPTIONAL):
        try:
            yield Finding(name=name, state=State.OK, text=version(name))
        except PackageNotFoundError:
            state = State.NOTE if name in OPTIONAL else State.FAILED
            yield Finding(name=name, state=state, text="not installed", remedy=OPTIONAL.get(name, f"pip install {name}"))


def _device() -> Finding:
    try:
        from stylus_daw.engine.device import choose_device

        return Finding(name="device", state=State.OK, text=choose_device().reason)
    except (ImportError, OSError, StylusError) as error:
        remedy = "install torch as its own site says for this machine"
        return Finding(name="device", state=State.FAILED, text=f"torch cannot be used: {error}", remedy=remedy)


def _checkpoint() -> Finding:
    """The embedded weights, from their file alone: the model is not loaded."""
    try:
        from safetensors import SafetensorError

        from stylus_daw.engine.checkpoints.mini import FAMILY, embedded_folder
    except ImportError as error:
        return Finding(name="checkpoint", state=State.FAILED, text=f"cannot be looked at: {error}", remedy="reinstall")
    weights = embedded_folder() / "model.safetensors"
    try:
        text = f"{FAMILY}, {_parameters(weights) / 1e6:.1f} million parameters, sha256 {_sha256(weights)[:16]}"
        return Finding(name="checkpoint", state=State.OK, text=text)
    except (SafetensorError, OSError) as error:
        remedy = "reinstall stylus-daw"
        return Finding(name="checkpoint", state=State.FAILED, text=f"{weights} cannot be read: {error}", remedy=remedy)


def _parameters(weights: Path) -> int:
    from math import prod

    from safetensors import safe_open

    with safe_open(weights, framework="numpy") as tensors:
        return sum(prod(tensors.get_slice(name).get_shape()) for name in tensors.keys())  # noqa: SIM118 - no mapping


def _sha256(path: Path) -> str:
    from stylus_daw.engine.fingerprint import sha256_of_files

    return sha256_of_files([path])


def _bridge(settings: Settings) -> Finding:
    from bridge.instance import running_instance

    first = running_instance(settings.home)
    if first is not None:
        text = f"stylus-daw {first.version} is running: process {first.pid}, port {first.port}"
        return Finding(name="bridge", state=State.OK, text=text)
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", settings.port))
    except (OSError, OverflowError) as error:
        remedy = "the next free port will be taken, and bridge.json says which"
        return Finding(name="bridge", state=State.NOTE, text=f"port {settings.port}: {error}", remedy=remedy)
    return Finding(name="bridge", state=State.OK, text=f"stylus-daw does not run; port {settings.port} is free")


def _state_folder(home: Path) -> Finding:
    remedy = f"name another folder with --state-dir or {HOME_VARIABLE}"
    try:
        nearest = next(folder for folder in (home, *home.parents) if folder.exists())
        with tempfile.TemporaryFile(dir=nearest):
            free = shutil.disk_usage(nearest).free
    except OSError as error:
        return Finding(name="state folder", state=State.FAILED, text=f"{home} cannot be written: {error}", remedy=remedy)
    text = f"{home}, {free / 1e9:.1f} GB free" + ("" if home.exists() else "; made when first needed")
    if free < LITTLE_SPACE_BYTES:
        return Finding(name="state folder", state=State.NOTE, text=text, remedy=f"free some space, or {remedy}")
    return Finding(name="state folder", state=State.OK, text=text)


def _presets(settings: Settings) -> Iterator[Finding]:
    from stylus_daw.presets import library

    library.logger.disabled = True  # what is broken is a finding here
    presets = library.PresetLibrary(user_folder=settings.presets)
    count = len(presets.all())
    remedy = "" if count else "reinstall stylus-daw"
    yield Finding(name="presets", state=State.OK if count else State.FAILED, text=f"{count}", remedy=remedy)
    for broken in presets.broken():
        yield Finding(name="preset", state=State.NOTE, text=broken.reason, remedy=f"mend or remove {broken.path}")
    for preset in presets.all():
        try:
            presets.styles(preset)
        except StylusError as error:
            yield Finding(name="preset", state=State.NOTE, text=error.message)


def _audio_output() -> Finding:
    """Where the window will audition; rendering needs none."""
    try:
        from pedalboard.io import AudioStream

        name = AudioStream.default_output_device_name
    except (ImportError, RuntimeError, OSError) as error:
        return Finding(name="audio output", state=State.NOTE, text=f"none: audition disabled ({error})")
    if not name:
        return Finding(name="audio output", state=State.NOTE, text="none: audition disabled")
    return Finding(name="audio output", state=State.OK, text=str(name))
