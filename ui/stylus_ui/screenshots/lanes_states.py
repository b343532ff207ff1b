"""Every state of the lanes, for pictures: ``python -m stylus_ui.screenshots.lanes_states OUT``.

:func:`states` may be called with any panel, as long as events run between a state and its picture.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import resources
from pathlib import Path

import numpy as np

from stylus_daw.audio.files import read, write_audio
from stylus_daw.engine.request import Quality, StyleSettings
from stylus_daw.jobs.job import Origin, RenderRequest, Stem
from stylus_ui.panels.lanes.lanes import LanesPanel
from stylus_ui.presenters.lanes.ruler import Tempo
from stylus_ui.workspace.content_file import content_of
from stylus_ui.workspace.takes import Take, TakeState
from stylus_ui.workspace.workpiece import Content, Selection
from stylus_ui.workspace.workspace import Workspace

SIZE = 760, 420
SETTLES_S = 0.8
CONTENT, RESULT = "region.flac", "brass-section.flac"

State = Callable[[], object]


def states(panel: LanesPanel, workspace: Workspace, folder: Path) -> dict[str, State]:
    """Calls that bring a panel into each state, by name, in an order that works.

    Args:
        panel: of the lanes.
        workspace: of its context, empty.
        folder: for audio.
    """
    content = _content(folder)
    region = content.frames // 5, content.frames // 2
    selection = Selection(first=region[0], length=region[1], before=content.rate // 2, after=content.rate // 2)
    draft = _take(content, selection, folder)
    presenter = panel.presenter
    missing = replace(content, path=folder / "gone.wav")
    message = "Memory ran out while rendering. Close other programs, or choose a shorter region."

    def show(take: Take) -> None:
        workspace.takes.shown.value = take

    return {
        "empty": lambda: None,
        "dropped": lambda: workspace.open_content(content),
        "region": lambda: (workspace.select(selection), presenter.set_position(3.2)),
        "waiting": lambda: show(draft),
        "rendering": lambda: show(replace(draft, state=TakeState.RENDERING, fraction=0.62, stage="restyling")),
        "done": lambda: show(_done(draft, folder, content, selection)),
        "spectrum": lambda: presenter.show_mel(True),
        "zoomed": lambda: (presenter.zoom(8.0, 3.2), presenter.show_mel(False)),
        "samples": lambda: presenter.zoom(400.0, 3.2),
        "bars": lambda: (presenter.show_all(), setattr(presenter.tempo, "value", Tempo(bpm=96, first_bar=17))),
        "failed": lambda: show(replace(draft, state=TakeState.FAILED, message=message)),
        "gone": lambda: workspace.open_content(missing),
    }


def _content(folder: Path) -> Content:
    source = folder / "Keys.wav"
    with resources.as_file(resources.files("stylus_daw") / "demo_audio" / CONTENT) as demo:
        write_audio(source, read(demo))
    origin = Origin(client="reaper", project="Late Night", track="Keys")
    return replace(content_of(source), origin=origin)


def _take(content: Content, selection: Selection, folder: Path) -> Take:
    request = RenderRequest(
        source=content.path,
        stem=folder / "stem.wav",
        styles=(),
        region=selection.region(content),
        settings=StyleSettings(quality=Quality.DRAFT),
    )
    return Take(job="win-1", request=request)


def _done(take: Take, folder: Path, content: Content, selection: Selection) -> Take:
    with resources.as_file(resources.files("stylus_presets") / "styles" / RESULT) as style:
        clip = read(style)
    count = min(clip.length, round(selection.length * clip.rate / content.rate))
    write_audio(folder / "stem.wav", clip.with_samples(np.ascontiguousarray(clip.samples[:, :count])))
    stem = Stem(
        path=folder / "stem.wav", start=0, length=count, rate=clip.rate, channels=clip.channels, seconds_taken=3.1
    )
    return replace(take, state=TakeState.DONE, fraction=1.0, stem=stem)


@contextmanager
def shown() -> Iterator[tuple[LanesPanel, Workspace]]:
    """A panel by itself, with real threads."""
    from PySide6.QtWidgets import QApplication

    from stylus_daw.settings import Settings
    from stylus_ui.kit.look import put_on
    from stylus_ui.kit.mainthread import MainThread
    from stylus_ui.shell.composition import Composition
    from stylus_ui.state.background import ThreadBackground

    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    with tempfile.TemporaryDirectory() as home:
        dispatcher = MainThread()
        background = ThreadBackground(dispatcher)
        world = Composition(
            Settings(home=Path(home)), dispatcher=dispatcher, background=background, notify=print, language="en"
        )
        put_on(application, world.context.theme)
        panel = LanesPanel(world.context)
        panel.resize(*SIZE)
        panel.show()
        yield panel, world.context.workspace
        panel.presenter.close()
        background.close()
        world.close()


def _wait(seconds: float) -> None:
    """Let events and other threads run (``QTest.qWait`` keeps the interpreter to itself)."""
    from PySide6.QtWidgets import QApplication

    until = time.monotonic() + seconds
    while time.monotonic() < until:
        QApplication.processEvents()
        time.sleep(0.01)


def _photograph(out: Path, scale: int) -> None:
    from stylus_ui.drawing.theme import Mode

    with tempfile.TemporaryDirectory() as folder, shown() as (panel, workspace):
        for name, enter in states(panel, workspace, Path(folder)).items():
            enter()
            for mode in (Mode.DARK, Mode.LIGHT):
                panel.theme.mode.value = mode
                _wait(SETTLES_S)
                panel.grab().save(str(out / f"lanes-{name}-{mode.value}-{scale}.png"))


def main() -> None:
    """Pictures of all states, both themes, 100 and 200 %."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--scale", type=int)
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    if asked.scale:
        _photograph(asked.out, asked.scale)
        return
    for scale in (100, 200):  # Qt takes its scale when it starts
        surroundings = {**os.environ, "QT_SCALE_FACTOR": f"{scale / 100:g}"}
        surroundings.setdefault("QT_QPA_PLATFORM", "offscreen")
        command = [sys.executable, "-m", "stylus_ui.screenshots.lanes_states", str(asked.out), "--scale", str(scale)]
        subprocess.run(command, env=surroundings, check=True)


if __name__ == "__main__":
    main()
