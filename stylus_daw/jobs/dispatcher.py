"""Dispatcher: threads that render what waits. Every render ends, whatever happens to it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from stylus_daw.errors import StylusError
from stylus_daw.jobs.drafts import DraftRender
from stylus_daw.jobs.job import JobEnding, JobEvent, JobFailed, JobProgressed, RenderRequest
from stylus_daw.jobs.journal.retrying import until_written
from stylus_daw.jobs.process.worker import RenderCrashError
from stylus_daw.supervision import SupervisedThread

logger = logging.getLogger(__name__)

LOOK_AGAIN_S = 1.0


class Worker(Protocol):
    """What the queue needs of :class:`stylus_daw.jobs.process.worker.RenderWorker`."""

    def render(
        self,
        job: str,
        request: RenderRequest,
        on_progress: Callable[[JobProgressed], None],
        cancelled: threading.Event,
    ) -> JobEnding: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Lanes:
    """How many jobs run at once.

    Attributes:
        most: never more than these.
        now: how many the worker has room for; must return at once.
    """

    most: int = 1
    now: Callable[[], int] = lambda: 1

    def has_room(self, running: int) -> bool:
        """Whether another job may begin beside so many."""
        return running == 0 or running < min(self.most, self.now())

    @property
    def look_again_s(self) -> float | None:
        """Seconds after which a job that waits looks for room again; None: only a job that ends makes room."""
        return LOOK_AGAIN_S if self.most > 1 else None


@dataclass(slots=True, kw_only=True)
class Run:
    """A job that the worker is on.

    Attributes:
        attempts, deaths: as the journal counts them.
        has_begun: the render process is at work on it; before, its death is not the job's fault.
    """

    job: str
    attempts: int
    deaths: int
    last: JobEvent
    has_begun: bool = False
    cancelled: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What the dispatcher asks and tells the queue; each is called on one of the dispatcher's threads.

    Attributes:
        begin: waits for the next job or draft; None: the queue stops.
        request: of a job, from the journal.
        progressed: a running job moved on.
        settle: enters how a job ended, or that the render process died.
        leave: the job does not run any more, settled or not.
        end_draft: the same for a draft.
    """

    begin: Callable[[], Run | DraftRender | None]
    request: Callable[[str], RenderRequest]
    progressed: Callable[[JobProgressed], None]
    settle: Callable[[Run, JobEnding | RenderCrashError], None]
    leave: Callable[[Run], None]
    end_draft: Callable[[], None]


class Dispatcher:
    """Takes from the line, renders, settles, until ``stopping`` is set.

    Args:
        worker: renders; called by each thread.
        line: the queue.
        stopping: ends the threads.
        lanes: the most renders at once.

    Attributes:
        threads: one per lane.
    """

    def __init__(self, worker: Worker, line: Line, stopping: threading.Event, *, lanes: int = 1) -> None:
        self._worker, self._line, self._stopping = worker, line, stopping
        names = (f"job-dispatcher-{number}" for number in range(lanes))
        self.threads = tuple(SupervisedThread(self._dispatch, name=name) for name in names)

    def start(self) -> None:
        """Take what waits."""
        for thread in self.threads:
            thread.start()

    def join(self, timeout_s: float) -> None:
        """Wait for all renders to end, for so long at most."""
        deadline = time.monotonic() + timeout_s
        for thread in self.threads:
            if thread.is_alive():
                thread.join(max(0.0, deadline - time.monotonic()))

    def _dispatch(self) -> None:
        while (run := until_written(self._line.begin, self._stopping)) is not None:
            if isinstance(run, DraftRender):
                self._render_draft(run)
            else:
                self._run_to_its_end(run)

    def _run_to_its_end(self, run: Run) -> None:
        """Whatever happens, the job does not run afterwards."""
        try:
            result = self._render(run)
            until_written(lambda: self._line.settle(run, result), self._stopping)
        except Exception:
            logger.exception("job %s: its end could not be entered", run.job)
        finally:
            self._line.leave(run)

    def _render(self, run: Run) -> JobEnding | RenderCrashError:
        try:
            return self._ending(run.job, lambda: self._line.request(run.job), self._progressed, run.cancelled)
        except RenderCrashError as death:
            logger.warning("job %s: %s: %s", run.job, "begun" if run.has_begun else "not begun", death)
            return death

    def _progressed(self, event: JobProgressed) -> None:
        until_written(lambda: self._line.progressed(event), self._stopping)

    def _render_draft(self, render: DraftRender) -> None:
        try:
            ending = self._ending(render.draft, lambda: render.request, _nobody, render.cancelled)
        except RenderCrashError as death:
            ending = JobFailed(job=render.draft, code=death.code, message=death.message)
        self._line.end_draft()
        render.tell(ending)

    def _ending(
        self,
        job: str,
        request: Callable[[], RenderRequest],
        progress: Callable[[JobProgressed], None],
        cancelled: threading.Event,
    ) -> JobEnding:
        """What the worker makes of it; only a crash is raised."""
        try:
            return self._worker.render(job, request(), progress, cancelled)
        except RenderCrashError:
            raise
        except StylusError as error:
            return JobFailed(job=job, code=error.code, message=error.message)
        except Exception as error:
            logger.exception("job %s: a bug", job)
            return JobFailed(job=job, code="bug", message=f"{type(error).__name__}: {error}. See the log.")


def _nobody(progress: JobProgressed) -> None:
    """Hears the progress of drafts."""
