"""What a person does in the window while its heartbeat is measured: the real program, its real core, no screen."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.window.heartbeat import rest, until
from stylus_daw.engine.knobs.points import MAX_POINTS
from stylus_daw.settings import Settings

if TYPE_CHECKING:
    from stylus_ui.shell.app import DesktopApp

JOBS = 1_000
PRESET = "warm-strings"
REGION = Path(__file__).parents[2] / "stylus_daw" / "demo_audio" / "region.flac"
TAKES, STEPS, BATCH = 1_000, 60, 200
FILES, THREE_HOURS = "batch", "three hours.wav"
PLUGIN_FILES, TURN_S, FRAME_S = 4, 5.0, 0.016


@dataclass(slots=True, kw_only=True)
class Stage:
    """The program under measurement.

    Attributes:
        desktop: it.
        hour: a file of an hour.
        loop: a file of ten seconds, rendered a thousand times.
        notes: what else was measured.
    """

    desktop: DesktopApp
    hour: Path
    loop: Path
    notes: dict[str, float] = field(default_factory=dict)

    @property
    def running(self):
        assert self.desktop.running is not None
        return self.desktop.running

    @property
    def context(self):
        return self.running.context

    @property
    def window(self):
        return self.desktop.window

    def panel(self, name: str) -> Any:
        """A panel by the name of its class."""
        from PySide6.QtWidgets import QWidget

        return self.window.findChild(QWidget, name)


@contextmanager
def staged(home: Path, hour: Path, loop: Path) -> Iterator[Stage]:
    """The program from its start to its end."""
    from stylus_ui.shell.app import DesktopApp, _application

    desktop = DesktopApp(Settings(home=home, port=0), _application())
    stage = Stage(desktop=desktop, hour=hour, loop=loop)
    desktop.show()
    until(lambda: desktop.running is not None, "the panels")
    until(lambda: stage.context.app is not None or stage.context.core_problem.value, "the core")
    assert stage.context.app is not None, stage.context.core_problem.value
    rest(2.0)
    try:
        yield stage
    finally:
        desktop.stop()


def idle(stage: Stage) -> None:
    """Nothing."""
    rest(3.0)


def drop_and_render(stage: Stage) -> None:
    """A region and a preset, rendered at high quality."""
    _take(stage, REGION)
    _load_preset(stage)
    stage.context.shortcuts.trigger("render")
    takes = stage.context.workspace.takes
    until(lambda: takes.all.value, "a take")
    stage.notes["render_s"] = until(lambda: takes.all.value[0].is_over, "the render", 400)
    assert takes.all.value[0].stem is not None, takes.all.value[0]


def turn_a_knob(stage: Stage) -> None:
    """Strength up and down, 60 times a second; drafts are rendered and laid over."""
    drafts = stage.panel("TransportPanel").drafts
    workspace, end, at = stage.context.workspace, time.monotonic() + TURN_S, 0
    while time.monotonic() < end:
        at += 1
        workspace.edit_settings(strength=0.3 + 0.5 * (at % 40) / 40, gesture="strength")
        rest(FRAME_S)
    workspace.end_gesture()
    stage.notes["draft_s"] = until(lambda: drafts.shown.value.state in ("ready", "failed"), "the draft")
    assert drafts.shown.value.state == "ready", drafts.shown.value
    rest(0.5)


def drag_a_curve(stage: Stage) -> None:
    """A point of a strength curve with as many points as there may be, up and down, 60 times a second."""
    workspace, curve = stage.context.workspace, stage.panel("LanesPanel").curve
    content = workspace.workpiece.value.content
    assert content is not None
    moments = np.arange(MAX_POINTS) * content.seconds / MAX_POINTS
    workspace.edit_settings(envelope=tuple(zip(moments.tolist(), (1 + np.sin(moments)).tolist(), strict=True)))
    curve.toggle()
    end, at = time.monotonic() + TURN_S, 0
    while time.monotonic() < end:
        at += 1
        point = curve.points.value[MAX_POINTS // 2]
        curve.move(MAX_POINTS // 2, point.at_s, 0.2 + 1.6 * (at % 40) / 40, gesture="curve")
        rest(FRAME_S)
    curve.toggle()
    workspace.edit_settings(envelope=None)


def scan_plugins(stage: Stage) -> None:
    """New files in the user's plugin folder, each loaded in a process of its own."""
    from stylus_ui.presenters.sound.plugin_shelf import PluginShelf

    folder = stage.context.settings.home / "vst3"
    folder.mkdir()
    for number in range(PLUGIN_FILES):
        (folder / f"plugin-{number}.vst3").write_bytes(bytes(1000 + number))
    panel = stage.panel("ChainPanel")
    own = getattr(getattr(panel, "presenter", None), "shelf", None)
    shelf = PluginShelf(stage.context, folders=lambda: (folder,))
    if own is not None:
        shelf.scan.changed.connect(lambda shown: setattr(own.scan, "value", shown))
    shelf.look_for_plugins()
    stage.notes["scan_s"] = until(lambda: not shelf.scan.value.is_running, "the scan")


def open_an_hour(stage: Stage) -> None:
    """Drop it, wait for all of its waveform, zoom in and out."""
    _take(stage, stage.hour)
    presenter = stage.panel("LanesPanel").presenter
    stage.notes["hour_s"] = until(lambda: _peaks(presenter, stage.hour) == 1.0, "the peaks")
    for step in range(60):
        presenter.zoom(1.2 if step < 30 else 1 / 1.2, 1800.0)
        rest(FRAME_S)


def _peaks(presenter, path: Path) -> float:
    audio = presenter.content.value.audio
    opened = audio.opened if audio is not None and audio.path == path else None
    return opened.peaks.fraction if opened is not None else 0.0


def scroll_history(stage: Stage) -> None:
    """From the newest of a thousand jobs to the oldest and back, 60 times a second."""
    panel = stage.panel("HistoryPanel")
    bar, presenter = panel.list.verticalScrollBar(), panel.presenter
    for _ in range(3000):
        if bar.value() == bar.maximum() and len(presenter.entries) >= JOBS:
            break
        bar.setValue(bar.value() + 200)
        rest(FRAME_S)
    stage.notes["jobs"] = len(presenter.entries)
    frames = []
    for value in range(bar.maximum(), -1, -max(1, bar.maximum() // 150)):
        bar.setValue(value)
        began = time.thread_time()
        panel.list.viewport().repaint()
        frames.append((time.thread_time() - began) * 1e3)
        rest(FRAME_S)
    stage.notes["frame_ms"] = sorted(frames)[len(frames) // 2]
    stage.notes["frame_p99_ms"] = sorted(frames)[int(len(frames) * 0.99)]


def _load_preset(stage: Stage) -> None:
    """As a click in the list does it: its style files are looked for away from Qt's thread."""
    workpiece = stage.context.workspace.workpiece
    stage.panel("PresetPanel").presenter.use(PRESET)
    until(lambda: workpiece.value.preset_id == PRESET and not workpiece.value.is_edited, "the preset")


def _take(stage: Stage, path: Path) -> None:
    stage.running.body.intake.take([path])
    workpiece = stage.context.workspace.workpiece
    until(lambda: workpiece.value.content and workpiece.value.content.path == path, "the file")


def go_through_takes(stage: Stage) -> None:
    """A loop that was rendered a thousand times: dropped, its takes gone through, a knob turned, another take made."""
    from stylus_ui.panels.workspace.take_strip import TakeStripView

    _take(stage, stage.loop)
    view = stage.window.findChild(TakeStripView)
    assert view is not None
    strip = view.presenter
    stage.notes["takes_s"] = until(lambda: len(strip.chips.value) >= TAKES, "the takes")
    for action in ("previous_take", "next_take", "swap_takes"):
        for _ in range(STEPS):
            stage.context.shortcuts.trigger(action)
            rest(FRAME_S)
    _load_preset(stage)
    stage.context.shortcuts.trigger("render")
    takes = stage.context.workspace.takes
    until(lambda: takes.unfinished, "the job")
    until(lambda: not takes.unfinished, "the render", 400)


def render_a_batch(stage: Stage) -> None:
    """Two hundred files dropped at once, listed, queued with one preset, the first few rendered, all cancelled."""
    workspace = stage.context.workspace
    stage.running.body.intake.take([stage.hour.with_name(FILES)])
    stage.notes["batch_s"] = until(lambda: len(workspace.workpiece.value.more) == BATCH - 1, "the files")
    _load_preset(stage)
    takes = workspace.takes
    stage.context.shortcuts.trigger("render")
    stage.notes["queued_s"] = until(lambda: len(takes.unfinished) >= BATCH - 10, "the jobs")
    rest(10.0)
    stage.context.shortcuts.trigger("cancel_all")
    stage.notes["cancelled_s"] = until(lambda: not takes.unfinished, "the cancel")
    rest(1.0)


def open_three_hours(stage: Stage) -> None:
    """Drop it, wait for all of its waveform, zoom in and out, move a selection."""
    path = stage.hour.with_name(THREE_HOURS)
    presenter = stage.panel("LanesPanel").presenter
    _take(stage, path)
    stage.notes["three_hours_s"] = until(lambda: _peaks(presenter, path) == 1.0, "the peaks", 600)
    for step in range(60):
        presenter.zoom(1.2 if step < 30 else 1 / 1.2, 5_400.0)
        rest(FRAME_S)


SCENES: Mapping[str, Callable[[Stage], object]] = {
    "idle": idle,
    "render": drop_and_render,
    "knob": turn_a_knob,
    "curve": drag_a_curve,
    "scan": scan_plugins,
    "hour": open_an_hour,
    "history": scroll_history,
    "takes": go_through_takes,
    "batch": render_a_batch,
    "three hours": open_three_hours,
}
"""In this order: the render warms the model up for the knob."""
