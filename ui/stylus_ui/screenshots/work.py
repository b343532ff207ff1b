"""The workspace's own render in all its states: under way, done, failed; and a machine without a sound output."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from stylus_daw.audio.files import read, write_audio
from stylus_daw.jobs.job import JobFailed
from stylus_daw.presets.library.library import PresetLibrary, factory_folder
from stylus_ui.audition.output import OutputState
from stylus_ui.panels.lanes.lanes import LanesPanel
from stylus_ui.panels.listening.transport import TransportPanel
from stylus_ui.presenters.workspace.drafts import DraftShown, DraftState
from stylus_ui.screenshots.core import HandWorker
from stylus_ui.screenshots.jobs import MEMORY, mixed_history
from stylus_ui.workspace.takes import DraftStem, TakeState
from stylus_ui.workspace.workpiece import StyleSlot

if TYPE_CHECKING:
    from stylus_ui.screenshots.states import Studio

REGION = Path(__file__).parents[3] / "stylus_daw" / "demo_audio" / "region.flac"
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


def drafted(studio: Studio) -> None:
    """A knob was turned: a few seconds of something else cover the result."""
    done(studio)
    content = studio.context.workspace.workpiece.value.content
    assert content is not None
    first, length = content.rate, 3 * content.rate
    made = read(_rendered(studio.home / "all.wav", preset="brass-hall"), first=first, length=length)
    write_audio(studio.home / "draft.wav", made)
    stem = DraftStem(path=studio.home / "draft.wav", first=first, length=length, seconds_taken=0.7)
    studio.context.workspace.takes.draft.value = stem
    panel = studio.window.findChild(TransportPanel)
    assert panel is not None
    panel.drafts.shown.value = DraftShown(state=DraftState.READY, seconds_taken=0.7)
    _arrived(studio)


def compared(studio: Studio) -> None:
    """Four takes, one of them with a name and a star, and the controls of another."""
    done(studio)
    workspace, notes = studio.context.workspace, studio.context.take_notes
    first = workspace.takes.shown.value
    assert first is not None
    for number, changes in enumerate(({"seed": 7}, {"strength": 0.8}, {"strength": 1.25, "structure": 0.4}), start=2):
        settings = replace(first.request.settings, **changes)
        origin = replace(first.request.origin, take=number, edited="seed" not in changes)
        request = replace(first.request, settings=settings, origin=origin)
        workspace.takes.add(replace(first, job=f"take-{number}", request=request))
    notes.change("take-3", name="Softer chorus", is_starred=True)
    workspace.takes.show("take-3")
    _arrived(studio)


def kept(studio: Studio) -> None:
    """A render failed, and the take before it is back."""
    done(studio)
    takes = studio.context.workspace.takes
    shown = takes.shown.value
    assert shown is not None
    takes.add(replace(shown, job="failed", state=TakeState.RENDERING, stem=None))
    takes.tell(JobFailed(job="failed", code="engine.memory", message=MEMORY))
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


def curved(studio: Studio) -> None:
    """Strength over time, held."""
    studio.start_core()
    dropped(studio)
    studio.settle()
    panel = studio.window.findChild(LanesPanel)
    assert panel is not None
    panel.curve.toggle()
    for at_s, factor in ((1.5, 0.2), (4.0, 1.0), (6.5, 1.6), (9.0, 0.5)):
        panel.curve.add(at_s, factor)
    _arrived(studio)


def blended(studio: Studio) -> None:
    """Four styles, the second one heard most."""
    studio.start_core()
    dropped(studio)
    names = (("choir", 0.5), ("cello", 1.5), ("flute", 0.3), ("harp", 0.7))
    folder = factory_folder() / "styles"
    slots = [StyleSlot(path=folder / f"{name}.flac", weight=weight) for name, weight in names]
    studio.context.workspace.set_styles(slots)
    _arrived(studio)


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


def _rendered(stem: Path, *, preset: str = PRESET) -> Path:
    """By the real engine, as the command line does it."""
    command = [sys.executable, "-m", "stylus_daw", "render", str(REGION), "--preset", preset, "-o", str(stem)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return stem


STATES: Mapping[str, Callable[[Studio], QWidget | None]] = {
    "dropped": dropped,
    "blended": blended,
    "curved": curved,
    "rendering": rendering,
    "done": done,
    "drafted": drafted,
    "compared": compared,
    "kept": kept,
    "failed": failed,
    "no-device": no_device,
}
