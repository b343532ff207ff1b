"""The examinations of ``stylus-daw doctor``. What goes wrong in one is its finding, and the next one continues."""

from __future__ import annotations

import platform
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from ctypes.util import find_library
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from stylus_daw import __version__
from stylus_daw.commands.doctor.finding import Finding, State
from stylus_daw.engine.machine.heavy import missing_packages
from stylus_daw.errors import StylusError
from stylus_daw.own_program import how_to_add, is_bundled
from stylus_daw.settings import HOME_VARIABLE, Settings, state_folder

ESSENTIAL = (
    "onnxruntime",
    "numpy",
    "scipy",
    "soundfile",
    "soxr",
    "pedalboard",
    "pyloudnorm",
    "python-osc",
    "pydantic",
    "platformdirs",
    "typer",
    "rich",
)
_DIFFUSION = "only Stable Diffusion needs it", "diffusion"
OPTIONAL = {
    "PySide6-Essentials": ("only a window needs it", "gui"),
    "torch": _DIFFUSION,
    "diffusers": _DIFFUSION,
    "transformers": _DIFFUSION,
    "openvino": ("faster with STYLUS_PRECISION=bf16 on processors that have it", "fast"),
    "distributed": ("only a farm of several machines needs it", "farm"),
    "matplotlib": ("only the demo's picture and the benchmark need it", "bench"),
}
"""What each is good for, and the extra that brings it."""
GRAPHICS = ("EGL", "GL")  # belong to the system's drivers, so that a bundle leaves them out
WINDOW_LIBRARIES = GRAPHICS if is_bundled() else (*GRAPHICS, "xkbcommon", "dbus-1", "fontconfig")
LITTLE_SPACE_BYTES = 1_000_000_000  # bytes: less is a note, because an hour of audio needs about as much


_JOURNAL_AWAY = (
    "stylus-daw does not start with it, or stops at it: end stylus-daw, and move {path}* elsewhere. "
    "The history and jobs that were not finished go with it; stems and presets stay"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """A look at one thing, and what helps where even the look fails."""

    name: str
    look: Callable[[Settings], Iterator[Finding]]
    remedy: str

    def findings(self, settings: Settings) -> Iterator[Finding]:
        try:
            yield from self.look(settings)
        except (ImportError, OSError, ValueError, RuntimeError, StylusError) as error:
            yield Finding(name=self.name, state=State.FAILED, text=f"{error}", remedy=self.remedy)


def examine(state_dir: Path | None = None, port: int | None = None, *, aligns: bool = False) -> Iterator[Finding]:
    """All findings, one after the other. ``aligns`` adds the slow one: clicks through the whole way."""
    settings = Settings(home=state_folder(state_dir))
    settings = settings if port is None else replace(settings, port=port)
    yield Finding(name="stylus-daw", text=f"{__version__}, Python {platform.python_version()}")
    for examination in (*EXAMINATIONS, *((ALIGNMENT,) if aligns else ())):
        yield from examination.findings(settings)


def _packages(settings: Settings) -> Iterator[Finding]:
    for name in (*ESSENTIAL, *OPTIONAL):
        try:
            yield Finding(name=name, text=version(name))
        except PackageNotFoundError:
            if name in OPTIONAL and is_bundled():
                continue  # nothing can be added to it
            if name in OPTIONAL:
                why, extra = OPTIONAL[name]
                yield Finding(name=name, state=State.NOTE, text="not installed", remedy=f"{why}: {how_to_add(extra)}")
            else:
                yield Finding(name=name, state=State.FAILED, text="not installed", remedy=f"pip install {name}")


def _audio_files(settings: Settings) -> Iterator[Finding]:
    import soundfile

    yield Finding(name="audio files", text=f"libsndfile {soundfile.__libsndfile_version__}")


def _effects(settings: Settings) -> Iterator[Finding]:
    """Its wheel looks for libatomic in the system, which a Linux without a desktop may lack."""
    import pedalboard

    yield Finding(name="effects", text=f"{pedalboard.__name__} can be loaded")


def _window_libraries(settings: Settings) -> Iterator[Finding]:
    """What Qt needs from a Linux system and does not include; nothing to say elsewhere."""
    missing = [name for name in WINDOW_LIBRARIES if platform.system() == "Linux" and find_library(name) is None]
    if missing:
        text = f"lib{', lib'.join(missing)} not found"
        remedy = "only a window needs them: install with the system's package manager"
        yield Finding(name="Qt libraries", state=State.NOTE, text=text, remedy=remedy)


def _device(settings: Settings) -> Iterator[Finding]:
    from stylus_daw.engine.machine.runtime import choose_runtime

    yield Finding(name="device", text=choose_runtime().reason)
    if not missing_packages():
        from stylus_daw.engine.machine.device import choose_device

        yield Finding(name="device of Stable Diffusion", text=choose_device().reason)


def _checkpoint(settings: Settings) -> Iterator[Finding]:
    """The embedded model, loaded as a render loads it."""
    from stylus_daw.engine.layouts.memory_needs import parameters
    from stylus_daw.engine.request import DEFAULT_CHECKPOINT
    from stylus_daw.engine.shelf.library import ModelLibrary
    from stylus_daw.engine.shelf.registry import find_checkpoint, open_checkpoint

    library = ModelLibrary(settings.home)
    layout = find_checkpoint(DEFAULT_CHECKPOINT, library).layout
    loaded = open_checkpoint(DEFAULT_CHECKPOINT, "cpu", library)
    text = f"{loaded.name}, {parameters(layout) / 1e6:.2f} million parameters, sha256 {loaded.sha256}"
    yield Finding(name="checkpoint", text=text)


def _bridge(settings: Settings) -> Iterator[Finding]:
    from stylus_bridge.client.instance import running_instance

    first = running_instance(settings.home)
    if first is not None:
        text = f"stylus-daw {first.version} is running: process {first.pid}, port {first.port}"
        yield Finding(name="bridge", text=text)
        return
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", settings.port))
        yield Finding(name="bridge", text=f"stylus-daw is not running; port {settings.port} is free")
    except (OSError, OverflowError) as error:
        remedy = "the next free port is used, and bridge.json says which"
        yield Finding(name="bridge", state=State.NOTE, text=f"port {settings.port}: {error}", remedy=remedy)


def _daws(settings: Settings) -> Iterator[Finding]:
    from stylus_daw.commands.doctor.daw_checks import daws, token_file

    yield from token_file(settings)
    yield from daws(settings)


def _alignment(settings: Settings) -> Iterator[Finding]:
    from stylus_daw.alignment import measured_alignment

    found = measured_alignment()
    text = (
        f"clicks return {found.lag_samples} samples late; "
        f"begin: sample {found.start_sample:,}, due {found.expected_start_sample:,}; "
        f"length: {found.length_samples:,} samples, due {found.expected_length_samples:,}"
    )
    state, remedy = (State.OK, "") if found.is_exact else (State.FAILED, "please report it")
    yield Finding(name="alignment", state=state, text=text, remedy=remedy)


def _state_folder(settings: Settings) -> Iterator[Finding]:
    home = settings.home
    existing = next(folder for folder in (home, *home.parents) if folder.exists())
    with tempfile.TemporaryFile(dir=existing):
        free = shutil.disk_usage(existing).free
    text = f"{home}, {free / 1e9:.1f} GB free" + ("" if home.exists() else "; created when first needed")
    is_little = free < LITTLE_SPACE_BYTES
    state, remedy = (State.NOTE, "free some space") if is_little else (State.OK, "")
    yield Finding(name="state folder", state=state, text=text, remedy=remedy)


def _journal(settings: Settings) -> Iterator[Finding]:
    """The app does not start with a journal that it cannot read, and does not throw it away by itself."""
    from stylus_daw.jobs.journal.checking import check_journal
    from stylus_daw.jobs.journal.journal import JournalError

    path = settings.journal
    if not path.exists():
        return
    try:
        yield Finding(name="journal", text=f"{check_journal(path):,} jobs")
    except JournalError as error:
        remedy = "update stylus-daw" if error.code == "journal.newer" else _JOURNAL_AWAY.format(path=path)
        yield Finding(name="journal", state=State.FAILED, text=f"{path}: {error.message}", remedy=remedy)


def _presets(settings: Settings) -> Iterator[Finding]:
    from stylus_daw.presets.library import finding, library

    finding.logger.disabled = True  # what is broken is a finding here
    presets = library.PresetLibrary(user_folder=settings.presets)
    if not presets.all():
        raise ValueError("there are none")
    yield Finding(name="presets", text=f"{len(presets.all())}")
    for broken in presets.broken():
        yield Finding(name="preset", state=State.NOTE, text=broken.reason, remedy=f"repair or remove {broken.path}")
    for preset in presets.all():
        try:
            presets.styles(preset)
        except StylusError as error:
            yield Finding(name="preset", state=State.NOTE, text=error.message)


def _audio_output(settings: Settings) -> Iterator[Finding]:
    """The sound output of the window; rendering does not need one."""
    try:
        from pedalboard.io import AudioStream

        name, why = AudioStream.default_output_device_name, ""
    except (ImportError, RuntimeError, OSError) as error:
        name, why = None, f" ({error})"
    if name:
        yield Finding(name="audio output", text=str(name))
    else:
        yield Finding(name="audio output", state=State.NOTE, text=f"none: audition disabled{why}")


def _farm(settings: Settings) -> Iterator[Finding]:
    """Which farm is in use; nothing to say where none is. `farm status` tells whether it answers."""
    from stylus_daw.farm.farm_settings import read_farm

    if farm := read_farm(settings.home):
        yield Finding(name="farm", text=f"renders go to {farm.address.url}; stylus-daw farm status shows it")


REINSTALL = "reinstall stylus-daw"
EXAMINATIONS = (
    Examination(name="packages", look=_packages, remedy=REINSTALL),
    Examination(name="audio files", look=_audio_files, remedy="install libsndfile with the system's package manager"),
    Examination(name="effects", look=_effects, remedy="Debian and Ubuntu: apt-get install libatomic1"),
    Examination(name="Qt libraries", look=_window_libraries, remedy="none"),
    Examination(name="device", look=_device, remedy="pip install onnxruntime"),
    Examination(name="checkpoint", look=_checkpoint, remedy=REINSTALL),
    Examination(name="bridge", look=_bridge, remedy=REINSTALL),
    Examination(name="state folder", look=_state_folder, remedy=f"name another with --state-dir or {HOME_VARIABLE}"),
    Examination(name="journal", look=_journal, remedy="name another folder with --state-dir"),
    Examination(name="farm", look=_farm, remedy="or leave it: stylus-daw farm use none"),
    Examination(name="DAWs", look=_daws, remedy=REINSTALL),
    Examination(name="presets", look=_presets, remedy=REINSTALL),
    Examination(name="audio output", look=_audio_output, remedy="none"),
)
ALIGNMENT = Examination(name="alignment", look=_alignment, remedy=REINSTALL)
