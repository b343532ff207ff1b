"""Queues, histories and DAWs to look at."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from stylus_bridge.client.client import BridgeClient
from stylus_bridge.hosts.visitors import Visitors
from stylus_daw.jobs.job import JobFailed, JobWasCancelled
from stylus_daw.jobs.journal.journal import Journal
from stylus_daw.presets.library.library import PresetLibrary
from stylus_ui.kit.elided import Elided
from stylus_ui.panels.daws.status import StatusPanel
from stylus_ui.panels.history.history import HistoryPanel
from stylus_ui.presenters.daws.daw_scripts import DawLine, ScriptState
from stylus_ui.presenters.daws.status import Told
from stylus_ui.screenshots.core import record_done, request_of

if TYPE_CHECKING:
    from stylus_ui.screenshots.states import Studio

TOKEN_FILE = "/home/you/.local/share/stylus-daw/bridge.json"
MEMORY = (
    "The render process died 2 times on this job (exit code 137). Most often memory ran out: close other programs, "
    "choose a shorter region, and render again."
)
ROWS = (
    ("reaper", "Late Night", "Keys", "Glass Vibes"),
    ("window", "", "loop_096_Am", "Dusty Rhodes"),
    ("ardour", "Film cue 4", "Cello (close)", "Warm Strings"),
    ("live", "Set A", "Bass", "Brass Section"),
    ("reaper", "Late Night", "Gtr", "Warm Strings"),
)


def mixed_history(journal: Journal) -> None:
    """What a morning leaves behind: done, cancelled, failed."""
    stems = style_stems()
    for at, (client, project, track, preset) in enumerate(ROWS):
        request = request_of(journal.path.parent, client=client, project=project, track=track, preset=preset)
        job = f"done-{at:06}"
        if track == "Bass":
            journal.record_queued([(job, request)])
            journal.record_finished(job, JobFailed(job=job, code="engine.memory", message=MEMORY))
        elif at == 1:
            journal.record_queued([(job, request)])
            journal.record_finished(job, JobWasCancelled(job=job))
        else:
            record_done(journal, job, request, stems[at % len(stems)])


def busy_queue(journal: Journal, *, waiting: int = 3) -> None:
    """One that will be rendered, and some that wait, over a history."""
    mixed_history(journal)
    for at in range(waiting + 1):
        client, project, track, preset = ROWS[at % len(ROWS)]
        request = request_of(journal.path.parent, client=client, project=project, track=track, preset=preset)
        journal.record_queued([(f"wait-{at:06}", request)])


def style_stems() -> list[Path]:
    """Sounds to stand for stems."""
    library = PresetLibrary()
    return [library.styles(preset)[0].path for preset in library.all()[:9]]


def history(studio: Studio) -> None:
    """What was rendered, what was not; the keyboard on the first row."""
    studio.start_core(mixed_history)
    studio.settle()
    panel = studio.window.findChild(QWidget, "HistoryPanel")
    assert isinstance(panel, HistoryPanel)
    panel.list.setFocus()
    panel.list.setCurrentIndex(panel.list.model().index(0, 0))


def queue(studio: Studio) -> None:
    """One renders, three wait."""
    worker = studio.start_core(busy_queue)
    for percent in (2, 20, 41, 62):
        worker.progress(percent / 100)
        studio.settle()
        studio.settle()


def connected(studio: Studio) -> QWidget:
    """A DAW is there; scripts were just installed; the log is open."""
    studio.start_core()
    panel = _status(studio)
    with BridgeClient(studio.home) as daw:
        Visitors(studio.home).note("reaper", "7.1")
        daw.hello("ardour", "8.4")
        daw.ping()
    studio.settle()
    steps = ("In REAPER, open Actions > Show action list > New action > Load ReaScript.", "Choose the file and run it.")
    panel.presenter.told.value = {"reaper": Told(text="6 files installed. Then:", steps=steps)}
    panel.presenter.alignment.value = Told(text="Exact to the sample: the stem begins and ends where its region does.")
    panel.popover.log.toggle.click()
    return _opened(studio, panel)


def alone(studio: Studio) -> QWidget:
    """No DAW has been heard; the alignment is being tested."""
    studio.start_core()
    panel = _status(studio)
    said = "Sending clicks all the way round. This takes about half a minute."
    panel.presenter.alignment.value = Told(is_running=True, text=said)
    return _opened(studio, panel)


def failed(studio: Studio) -> None:
    """The core did not start."""
    said = "Port 47140 on '127.0.0.1' cannot be opened: Permission denied. Choose another port or host."
    studio.context.core_problem.value = said


def _status(studio: Studio) -> StatusPanel:
    panel = studio.window.findChild(QWidget, "StatusPanel")
    assert isinstance(panel, StatusPanel)
    return panel


def _opened(studio: Studio, panel: StatusPanel) -> QWidget:
    """The popover with the DAWs of a producer, not of this machine."""
    studio.settle()
    heard = time.time()
    panel.presenter.daws.value = (
        DawLine(name="reaper", title="REAPER", scripts=ScriptState.INSTALLED, version="1.0", heard_at=heard - 300),
        DawLine(name="ardour", title="Ardour", scripts=ScriptState.OUTDATED, version="0.8", heard_at=heard - 9),
        DawLine(name="live", title="Ableton Live", scripts=ScriptState.NOT_INSTALLED),
        DawLine(name="bitwig", title="Bitwig Studio"),
    )
    place = next(one for one in panel.popover.findChildren(Elided) if one.text() == str(panel.presenter.token_file))
    place.setText(TOKEN_FILE)
    panel.popover.fit()
    panel.popover.show()
    return panel.popover


STATES: Mapping[str, Callable[[Studio], QWidget | None]] = {
    "history": history,
    "queue": queue,
    "status-connected": connected,
    "status-alone": alone,
    "status-failed": failed,
}
