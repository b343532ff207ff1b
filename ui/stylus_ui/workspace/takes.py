"""Take: a render of this workspace and how far it is; TakeList: all of them. No Qt."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from stylus_daw.chain.planning import spec_of
from stylus_daw.errors import PresetError
from stylus_daw.jobs.job import (
    JobDone,
    JobEvent,
    JobFailed,
    JobProgressed,
    JobQueued,
    JobWasCancelled,
    RenderRequest,
    Stem,
)
from stylus_ui.state.observable import Property, Signal
from stylus_ui.workspace.workpiece import Treatment

KEPT = 1_000
"""Takes that are over; one that is not is never forgotten."""


class TakeState(StrEnum):
    """Where a take stands."""

    WAITING = "waiting"
    RENDERING = "rendering"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


_OPEN = (TakeState.WAITING, TakeState.RENDERING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """One render.

    Attributes:
        job: its id in the queue.
        request: what was asked for.
        state: where it stands.
        fraction: 0..1.
        stage: a short word of the engine.
        position: jobs before it in the queue.
        stem: once it is done.
        code, message: of a failure.
    """

    job: str
    request: RenderRequest
    state: TakeState = TakeState.WAITING
    fraction: float = 0.0
    stage: str = ""
    position: int = 0
    stem: Stem | None = None
    code: str = ""
    message: str = ""

    @property
    def number(self) -> int:
        """Which take of its source it is; 0: nobody has counted."""
        return self.request.origin.take

    def is_made_with(self, treatment: Treatment) -> bool:
        """It is what a render with these styles, knobs and effects would be."""
        request = self.request
        slots = [(slot.path, slot.weight, slot.part) for slot in treatment.styles]
        styles = [(style.path, style.weight, style.part) for style in request.styles]
        try:
            return (slots, treatment.settings, treatment.chain) == (styles, request.settings, spec_of(request.chain))
        except PresetError:  # an effect of another version
            return False

    @property
    def is_over(self) -> bool:
        return self.state not in _OPEN

    def after(self, event: JobEvent) -> Take:
        """The take as an event of its job leaves it. An outcome is final."""
        if self.is_over:
            return self
        if isinstance(event, JobQueued):
            return replace(self, state=TakeState.WAITING, position=event.position)
        if isinstance(event, JobProgressed):
            return replace(self, state=TakeState.RENDERING, fraction=event.fraction, stage=event.stage)
        if isinstance(event, JobDone):
            return replace(self, state=TakeState.DONE, fraction=1.0, stem=event.stem)
        if isinstance(event, JobFailed):
            return replace(self, state=TakeState.FAILED, code=event.code, message=event.message)
        return replace(self, state=TakeState.CANCELLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftStem:
    """A few seconds that were rendered while a knob was turned. They cover the take that is looked at.

    Attributes:
        path: the sound; it goes with the draft.
        first, length: samples of the content that it is on.
        seconds_taken: by the render.
    """

    path: Path
    first: int
    length: int
    seconds_taken: float = 0.0


class TakeList:
    """The takes of the workspace, newest first, and the one that is looked at.

    Attributes:
        all: every take.
        shown: the one in the result lane; None: none yet. Where it is cancelled or fails, the take before it comes
            back, if there is one of the same content.
        draft: what covers it; None: nothing does.
        done: emits a take that has just succeeded. failed: one that has not.
    """

    def __init__(self) -> None:
        self.all: Property[tuple[Take, ...]] = Property(())
        self.shown: Property[Take | None] = Property(None)
        self.draft: Property[DraftStem | None] = Property(None)
        self._before: Take | None = None
        self._numbers: dict[Path, int] = {}
        self._grouped: tuple[Take, ...] = ()
        self._by_source: dict[str, list[Take]] = {}
        self.done: Signal[Take] = Signal()
        self.failed: Signal[Take] = Signal()

    def claim(self, source: Path, count: int) -> int:
        """The number of the next take of a source; the ``count - 1`` after it are taken, too."""
        first = max((self._numbers.get(source, 0), *(take.number for take in self.of(source)))) + 1
        self._numbers[source] = first + count - 1
        return first

    def named(self, job: str) -> Take | None:
        """The take of that job, if it is here."""
        return next((take for take in self.all.value if take.job == job), None)

    def of(self, source: Path) -> tuple[Take, ...]:
        """The takes of a source, newest first."""
        return tuple(self._groups().get(str(source), ()))

    def restore(self, takes: Sequence[Take]) -> None:
        """Earlier takes of one source, newest first: they come back among its others, and none is shown."""
        known = {take.job for take in self.all.value}
        fresh = [take for take in takes if take.job not in known]
        sources = {take.request.source for take in fresh}
        same = [take for take in self.all.value if take.request.source in sources]
        others = [take for take in self.all.value if take.request.source not in sources]
        same = sorted((*same, *fresh), key=lambda take: -take.number)  # stable: those without a number keep their order
        self.all.value = _kept((*same, *others))

    def forget(self, job: str) -> None:
        """A take goes; where it was shown, the newest finished one of the same content comes."""
        gone = self.named(job)
        if gone is None:
            return
        self.all.value = tuple(take for take in self.all.value if take is not gone)
        self._before = None if self._before and self._before.job == job else self._before
        if self.shown.value is not None and self.shown.value.job == job:
            earlier = self._earlier(gone)
            self._look_at(None if earlier is gone else earlier)

    def add(self, take: Take) -> None:
        """Add a take and show it; one that is known is only shown."""
        self.add_all([take])

    def add_all(self, takes: Sequence[Take], source: Path | None = None) -> None:
        """Add the takes of one render, and show the first of them; with ``source``, the first of that source."""
        known = {take.job for take in self.all.value}
        if fresh := tuple(take for take in takes if take.job not in known):
            self.all.value = _kept((*fresh, *self.all.value))
        if first := next((take for take in takes if source in (None, take.request.source)), None):
            self.show(first.job)

    def show(self, job: str) -> None:
        """Look at the take of that job, if there is one."""
        self._look_at(self.named(job) or self.shown.value)

    @property
    def heard(self) -> Take | None:
        """What B plays: the take that is looked at; until it has a stem, the one before it."""
        shown = self.shown.value
        return shown if shown is None or shown.stem else self._earlier(shown)

    def failed_after(self, take: Take) -> Take | None:
        """The newest take of the same content, where it has failed and that one is shown instead of it."""
        newer = itertools.takewhile(lambda one: one.job != take.job, self.all.value)
        newest = next((one for one in newer if one.request.source == take.request.source), None)
        return newest if newest and newest.state is TakeState.FAILED else None

    def tell(self, event: JobEvent) -> None:
        """Take in what happened to a job; jobs that do not belong to these takes are ignored."""
        self.tell_all([event])

    def tell_all(self, events: Sequence[JobEvent]) -> None:
        """Take in what happened to several jobs; of each, one event."""
        by_job = {event.job: event for event in events}
        known = [take for take in self.all.value if take.job in by_job]
        changed = {take.job: after for take in known if (after := take.after(by_job[take.job])) != take}
        if not changed:
            return
        groups = self._groups()
        for before in known:
            group = groups[str(before.request.source)]
            at = next(at for at, take in enumerate(group) if take is before)
            group[at] = changed.get(before.job, before)
        self._grouped = tuple(changed.get(take.job, take) for take in self.all.value)
        self.all.value = self._grouped
        for job, after in changed.items():
            self._show_change(by_job[job], after)

    def _groups(self) -> dict[str, list[Take]]:
        """The takes by their source: made anew after takes have come or gone, kept while they are rendered."""
        if self._grouped is not self.all.value:
            self._grouped, self._by_source = self.all.value, {}
            for take in self.all.value:
                self._by_source.setdefault(str(take.request.source), []).append(take)
        return self._by_source

    def _show_change(self, event: JobEvent, after: Take) -> None:
        if self.shown.value is not None and self.shown.value.job == after.job:
            self._look_at(after if after.stem or not after.is_over else self._earlier(after))
        if isinstance(event, JobDone):
            self.done.emit(after)
        elif not isinstance(event, JobWasCancelled) and after.is_over:
            self.failed.emit(after)

    def _look_at(self, take: Take | None) -> None:
        if take is not None and take.stem:
            self._before = take
        self.shown.value = take

    def _earlier(self, take: Take) -> Take:
        """The finished take of the same content that was looked at last, else the newest, else the take itself."""
        finished = (self._before, *self.all.value)
        return next((one for one in finished if one and one.stem and one.request.source == take.request.source), take)

    @property
    def next_to_end(self) -> Take | None:
        """The take that is rendered, else the one that waits longest."""
        waiting = self.unfinished
        return next((take for take in waiting if take.state is TakeState.RENDERING), waiting[-1] if waiting else None)

    @property
    def unfinished(self) -> tuple[Take, ...]:
        return tuple(take for take in self.all.value if not take.is_over)


def _kept(takes: tuple[Take, ...]) -> tuple[Take, ...]:
    """Without the oldest of those that are over, where they are too many."""
    if len(takes) <= KEPT:
        return takes
    over = itertools.count()
    return tuple(take for take in takes if not take.is_over or next(over) < KEPT)
