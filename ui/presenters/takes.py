"""Take: a render of this workspace and how far it is; TakeList: all of them. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

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
from ui.observable import Property, Signal

KEPT = 64


class TakeState(StrEnum):
    """Where a take stands."""

    WAITING = "waiting"
    RENDERING = "rendering"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


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
    def is_over(self) -> bool:
        return self.state in (TakeState.DONE, TakeState.FAILED, TakeState.CANCELLED)

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


class TakeList:
    """The takes of the workspace, the newest first, and the one that is looked at.

    Attributes:
        all: every take.
        shown: the one in the result lane; None: none yet.
        done: emits a take that has just succeeded. failed: one that has not.
    """

    def __init__(self) -> None:
        self.all: Property[tuple[Take, ...]] = Property(())
        self.shown: Property[Take | None] = Property(None)
        self.done: Signal[Take] = Signal()
        self.failed: Signal[Take] = Signal()

    def add(self, take: Take) -> None:
        """A take comes, and is shown; one that is known is only shown."""
        if all(known.job != take.job for known in self.all.value):
            self.all.value = (take, *self.all.value)[:KEPT]
        self.shown.value = next(known for known in self.all.value if known.job == take.job)

    def show(self, job: str) -> None:
        """Look at the take of that job, if there is one."""
        self.shown.value = next((take for take in self.all.value if take.job == job), self.shown.value)

    def step(self, by: int) -> None:
        """Look at a newer (negative) or older take."""
        jobs = [take.job for take in self.all.value]
        if self.shown.value is not None and jobs:
            at = jobs.index(self.shown.value.job) + by
            self.show(jobs[min(max(at, 0), len(jobs) - 1)])

    def tell(self, event: JobEvent) -> None:
        """Something happened to a job; jobs that are none of these takes do not matter."""
        before = next((take for take in self.all.value if take.job == event.job), None)
        if before is None or (after := before.after(event)) == before:
            return
        self.all.value = tuple(after if take is before else take for take in self.all.value)
        if self.shown.value is not None and self.shown.value.job == after.job:
            self.shown.value = after
        if isinstance(event, JobDone):
            self.done.emit(after)
        elif not isinstance(event, JobWasCancelled) and after.is_over:
            self.failed.emit(after)

    @property
    def unfinished(self) -> tuple[Take, ...]:
        return tuple(take for take in self.all.value if not take.is_over)
