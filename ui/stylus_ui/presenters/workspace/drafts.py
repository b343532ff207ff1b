"""Drafts: while a knob is turned, a few seconds are rendered at draft quality and cover the result. No Qt.

A change waits until the knob rests for a moment, then the seconds around the playhead go to the render process
between its jobs (see ``stylus_daw.jobs.drafts``): a job goes before them, and the next change makes them stale.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.formats.reading import read
from stylus_daw.engine.request import Quality, StyleSettings
from stylus_daw.errors import StylusError
from stylus_daw.jobs.job import JobDone, JobEnding, JobFailed, RenderRequest, Stem
from stylus_ui.audition.programme import Layer
from stylus_ui.audition.sources import ClipSource
from stylus_ui.state.delay import Delay
from stylus_ui.state.dispatch import Background, Dispatcher
from stylus_ui.state.observable import Forget, Property
from stylus_ui.state.preferences import Preferences
from stylus_ui.workspace.curve import shifted
from stylus_ui.workspace.takes import DraftStem, Take
from stylus_ui.workspace.workpiece import Selection, Workpiece
from stylus_ui.workspace.workspace import Workspace

ENABLED = "transport.drafts"
REST_S = 0.25
SECONDS, HANDLE_S, LEAD_S = 4.0, 0.5, 0.5


class DraftState(StrEnum):
    """Where the draft stands."""

    NONE = "none"
    WAITING = "waiting"
    RENDERING = "rendering"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftShown:
    """What is said about the draft.

    Attributes:
        state: where it stands.
        seconds_taken: by the render, once it is ready.
        problem: why it failed.
    """

    state: DraftState = DraftState.NONE
    seconds_taken: float = 0.0
    problem: str = ""


class DraftQueue(Protocol):
    """What is needed of :class:`stylus_daw.jobs.queue.JobQueue`."""

    def draft(self, draft: str, request: RenderRequest, ended: Callable[[JobEnding], object]) -> None: ...

    def cancel_draft(self, draft: str) -> None: ...


class Player(Protocol):
    """What is needed of the transport."""

    @property
    def position(self) -> int: ...

    def show_draft(self, layer: Layer | None) -> None: ...


class Drafts:
    """Renders while knobs are turned.

    Attributes:
        shown: where the draft stands.
        enabled: False: nothing is rendered until it is asked for.
    """

    def __init__(
        self,
        workspace: Workspace,
        player: Player,
        *,
        delay: Delay,
        dispatcher: Dispatcher,
        background: Background,
        preferences: Preferences,
    ) -> None:
        self._workspace, self._player = workspace, player
        self._delay, self._dispatcher, self._background = delay, dispatcher, background
        self._queue: DraftQueue | None = None
        self._turn = 0
        self._job = ""
        self._before = workspace.workpiece.value
        self._looked_at = _stem_of(workspace.takes.shown.value)
        self._folder = Path(tempfile.mkdtemp(prefix="stylus-drafts-"))
        self._forget_waiting: Forget = lambda: None
        self.shown = Property(DraftShown())
        self.enabled = Property(preferences.get(ENABLED, True))
        self.enabled.changed.connect(lambda is_on: preferences.set(ENABLED, is_on))
        self.enabled.changed.connect(lambda _: self.clear())
        workspace.relocated.connect(lambda workpiece: setattr(self, "_before", workpiece))
        workspace.workpiece.changed.connect(self._edited)
        workspace.takes.shown.changed.connect(self._look_at)

    def connect_queue(self, queue: DraftQueue | None) -> None:
        """The core is up, or has gone."""
        self._queue = queue

    def clear(self) -> None:
        """No draft any more: neither one that is heard nor one that is being made."""
        self._stop()
        self.shown.value = DraftShown()
        self._lay_over(None, None)

    def close(self) -> None:
        """Stop, and remove what was rendered."""
        self._stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _edited(self, workpiece: Workpiece) -> None:
        before, self._before = self._before, workpiece
        if workpiece.content != before.content:
            self.clear()
        elif workpiece.treatment != before.treatment and not _counted_up(before, workpiece):
            self._wait() if self._is_possible(workpiece) and not self._is_there() else self.clear()

    def _look_at(self, take: Take | None) -> None:
        """Another stem is in the lane: what lay over the one before goes; a draft that is being made does not."""
        before, self._looked_at = self._looked_at, _stem_of(take) or self._looked_at
        if self._looked_at != before:
            if self._is_there():
                self.clear()
                return
            is_under_way = self.shown.value.state in (DraftState.WAITING, DraftState.RENDERING)
            self._lay_over(None, None) if is_under_way else self.clear()

    def _lay_over(self, layer: Layer | None, stem: DraftStem | None) -> None:
        """Heard and seen; the file of the one before goes when nobody looks at it any more."""
        takes = self._workspace.takes
        before, takes.draft.value = takes.draft.value, stem
        self._player.show_draft(layer)
        if before is not None:
            self._background.run(lambda: shutil.rmtree(before.path.parent, ignore_errors=True))

    def _is_possible(self, workpiece: Workpiece) -> bool:
        return self.enabled.value and self._queue is not None and bool(workpiece.content and workpiece.treatment.styles)

    def _is_there(self) -> bool:
        """All of it has been rendered, and is looked at."""
        take, treatment = self._workspace.takes.shown.value, self._workspace.workpiece.value.treatment
        return take is not None and take.stem is not None and take.is_made_with(treatment)

    def _wait(self) -> None:
        self._stop()
        self.shown.value = DraftShown(state=DraftState.WAITING)
        self._forget_waiting = self._delay(REST_S, self._render)

    def _stop(self) -> None:
        """What is under way is stale."""
        self._turn += 1
        self._forget_waiting()
        queue, job = self._queue, self._job
        if queue is not None and job:
            self._background.run(lambda: queue.cancel_draft(job))

    def _render(self) -> None:
        workpiece, turn, queue = self._workspace.workpiece.value, self._turn, self._queue
        if workpiece.content is None or workpiece.region is None or queue is None:
            return
        part = seconds_around(workpiece.region, self._player.position, workpiece.content.rate)
        self.shown.value = DraftShown(state=DraftState.RENDERING)
        self._background.run(
            lambda: self._submit(queue, part, quickly(workpiece, part), turn),
            failed=lambda error: self._failed(turn, _said(error)),
        )

    def _submit(self, queue: DraftQueue, part: Selection, quick: StyleSettings, turn: int) -> None:
        [(job, request)] = self._workspace.requests(selection=part, engine=quick, folder=self._folder)
        self._job = job
        if turn == self._turn:
            queue.draft(job, request, lambda ending: self._ended(ending, part, turn))

    def _ended(self, ending: JobEnding, part: Selection, turn: int) -> None:
        """On the queue's thread."""
        if isinstance(ending, JobDone):
            self._dispatcher.post(lambda: self._load(ending, part, turn))
        elif isinstance(ending, JobFailed):
            self._dispatcher.post(lambda: self._failed(turn, ending.message))
        else:
            self._dispatcher.post(lambda: self._gave_way(turn))

    def _load(self, ending: JobDone, part: Selection, turn: int) -> None:
        self._background.run(
            lambda: read(ending.stem.path),
            done=lambda clip: self._ready(clip, part, turn, ending.stem),
            failed=lambda error: self._failed(turn, _said(error)),
        )

    def _ready(self, clip: Clip, part: Selection, turn: int, stem: Stem) -> None:
        if turn != self._turn:
            self._background.run(lambda: shutil.rmtree(stem.path.parent, ignore_errors=True))
            return
        self.shown.value = DraftShown(state=DraftState.READY, seconds_taken=stem.seconds_taken)
        length = min(clip.length, part.length)
        drawn = DraftStem(path=stem.path, first=part.first, length=length, seconds_taken=stem.seconds_taken)
        self._lay_over(Layer(source=ClipSource(clip), length=length, at=part.first), drawn)

    def _failed(self, turn: int, problem: str) -> None:
        if turn == self._turn:
            self.shown.value = DraftShown(state=DraftState.FAILED, problem=problem)

    def _gave_way(self, turn: int) -> None:
        """A job came first."""
        if turn == self._turn:
            self.shown.value = DraftShown()


def seconds_around(region: Selection, position: int, rate: int) -> Selection:
    """The few seconds of a region that a draft is made of: just before the playhead, else where the region begins.

    >>> seconds_around(Selection(first=0, length=480_000), 96_000, 48_000)
    Selection(first=72000, length=192000, before=24000, after=24000)
    """
    length = min(region.length, round(SECONDS * rate))
    wished = position - round(LEAD_S * rate) if region.first <= position < region.end else region.first
    first = max(region.first, min(wished, region.end - length))
    handle = round(HANDLE_S * rate)
    return Selection(
        first=first,
        length=length,
        before=min(handle, first - region.first + region.before),
        after=min(handle, region.end + region.after - first - length),
    )


def quickly(workpiece: Workpiece, part: Selection) -> StyleSettings:
    """The settings of a draft: strength over time counts from the region's first sample, so here from the part's."""
    settings, content, region = workpiece.treatment.settings, workpiece.content, workpiece.region
    rate, first = (content.rate, region.first) if content and region else (1, part.first)
    curve = shifted(settings.envelope, (first - part.first) / rate)
    return replace(settings, quality=Quality.DRAFT, steps=None, envelope=curve)


def _counted_up(before: Workpiece, after: Workpiece) -> bool:
    """Only the seed is another one, and it counts up by itself: nobody has turned anything."""
    seed = after.treatment.settings.seed
    if after.seed_locked or seed == before.treatment.settings.seed:
        return False
    settings = replace(before.treatment.settings, seed=seed)
    return replace(before.treatment, settings=settings) == after.treatment


def _stem_of(take: Take | None) -> Path | None:
    return take.stem.path if take and take.stem else None


def _said(error: Exception) -> str:
    return error.message if isinstance(error, StylusError) else f"{type(error).__name__}: {error}"
