"""The workspace's own render in all its states: under way, done, failed; and a machine without a sound output."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from stylus_daw.presets.library import PresetLibrary
from ui.audition.output import OutputState
from ui.panels.transport import TransportPanel
from ui.screenshot_core import HandWorker
from ui.screenshot_jobs import MEMORY, mixed_history

if TYPE_CHECKING:
    from ui.screenshot_states import Studio

REGION = Path(__file__).parents[1] / "stylus_daw" / "demo_audio" / "region.flac"
PRESET = "warm-strings"
SPEAKERS = OutputState(device="Built-in speakers", names=("Built-in speakers", "USB interface"))
SILENT = OutputState(problem="No sound output was found. Connect one, then try again.")


def rendering(studio: Studio) -> None:
    """The result fills from the left."""
    worker = _begun(studio)
    for percent in (4, 21, 43, 62):
        worker.progress(percent / 100)
        studio.settle()


def done(studio: Studio) -> None:
    """What the engine made of it."""
    worker = _begun(studio)
    worker.progress(0.9)
    worker.finish(_rendered(studio.home / "stem.wav"))
    _arrived(studio)


def failed(studio: Studio) -> None:
    """It could not be rendered, and what helps."""
    worker = _begun(studio)
    worker.progress(0.2)
    worker.fail(MEMORY)
    _arrived(studio)


def no_device(studio: Studio) -> None:
    """Nothing can be heard, and why."""
    dropped(studio)
    _heard_on(studio, SILENT)


def dropped(studio: Studio) -> None:
    """A region and a preset."""
    library = PresetLibrary()
    preset = library.get(PRESET)
    studio.context.workspace.load_preset(preset, library.styles(preset))
    studio.body.intake.take([REGION])
    _heard_on(studio, SPEAKERS)


def _begun(studio: Studio) -> HandWorker:
    worker = studio.start_core(mixed_history)
    app, workspace = studio.context.app, studio.context.workspace
    assert app is not None
    workspace.connect_core(app)
    app.queue.subscribe(lambda event: studio.context.dispatcher.post(lambda: workspace.on_event(event)))
    dropped(studio)
    studio.settle()
    workspace.render()
    studio.settle()
    return worker


def _arrived(studio: Studio) -> None:
    for _ in range(4):
        studio.settle()


def _heard_on(studio: Studio, state: OutputState) -> None:
    """A sound output that does not depend on this machine's."""
    studio.settle()
    panel = studio.window.findChild(TransportPanel)
    assert panel is not None
    panel.transport.device.value, panel.transport.output.value = state.device, state


def _rendered(stem: Path) -> Path:
    """By the real engine, as the command line does it."""
    command = [sys.executable, "-m", "stylus_daw", "render", str(REGION), "--preset", PRESET, "-o", str(stem)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return stem


STATES: Mapping[str, Callable[[Studio], QWidget | None]] = {
    "dropped": dropped,
    "rendering": rendering,
    "done": done,
    "failed": failed,
    "no-device": no_device,
}
