"""JobQueue: takes jobs, runs them in the order in which they came, and gives each exactly one outcome.

The journal is written before anything is answered or published, and it refuses a second outcome:
what it says holds, whatever dies. A cancel wins over everything that happens after it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence

from stylus_daw.errors import JobError
from stylus_daw.jobs.dispatcher import Dispatcher, Lanes, Line, Run, Worker
from stylus_daw.jobs.drafts import DraftRender, DraftSlot
from stylus_daw.jobs.feed import EventFeed, Listener, Step
from stylus_daw.jobs.giving_up import MAX_RUNS, app_died, verdict
from stylus_daw.jobs.job import JobEnding, JobEvent, JobPhase, JobProgressed, JobQueued, JobWasCancelled, RenderRequest
from stylus_daw.jobs.journal.journal import JobRecord, Journal
from stylus_daw.jobs.process.worker import RenderCrashError, RenderStuckError
from stylus_daw.supervision import SupervisedThread

logger = logging.getLogger(__name__)


class JobQueue:
    """Dispatcher threads between a journal and a worker. All methods may be called from any thread.

    A queue runs once: ``start`` it, ``stop`` it. ``stop`` closes the worker, not the journal. What is given as ``tell``
    is called with what the method returns, on the feed's thread, in its place among the events.
    """

    def __init__(self, journal: Journal, worker: Worker, lanes: Lanes | None = None) -> None:
        self._journal = journal
        self._worker = worker
        self._lanes = lanes or Lanes()
        self._feed = EventFeed()
        self._waiting: list[str] = []
        self._runs: dict[str, Run] = {}
        self._false_starts = 0
        self._drafts = DraftSlot()
        self._changed = threading.Condition()
        self._stopping = threading.Event()
        line = Line(
            begin=self._begin,
            request=lambda job: self._journal.get(job).request,
            progressed=self._progress,
            settle=self._settle,
            leave=self._leave,
            end_draft=self._end_draft,
        )
        self._dispatcher = Dispatcher(worker, line, self._stopping, lanes=self._lanes.most)

    @property
    def threads(self) -> tuple[SupervisedThread, ...]:
        """What must live while the queue does."""
        return *self._dispatcher.threads, self._feed.thread

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` with every event, on the feed's thread; returns a function that ends the subscription."""
        return self._feed.subscribe(listener)

    def start(self) -> None:
        """Take up what a former run of the app left unfinished, then everything that is submitted."""
        with self._changed:
            self._waiting.clear()
            self._journal.prune()
            for record in self._journal.unfinished():
                self._take_up(record)
            self._dispatcher.start()
        self._feed.start()

    def stop(self, timeout_s: float = 5.0) -> None:
        """Interrupt the running jobs and end. Unfinished jobs stay in the journal and run at the next start."""
        with self._changed:
            self._stopping.set()
            for run in self._runs.values():
                run.cancelled.set()
            self._drafts.clear()
            self._changed.notify_all()
        self._dispatcher.join(timeout_s)
        self._worker.close()
        self._dispatcher.join(timeout_s)
        self._feed.close()

    def in_order(self, step: Step) -> None:
        """Call ``step`` on the feed's thread, after all that has happened so far."""
        self._feed.call(step)

    def submit(self, job: str, request: RenderRequest, tell: Listener | None = None) -> JobEvent:
        """Queue a job, journal first. An id that is known already is answered with its state, never rendered again.

        Raises:
            RequestError: the id is not allowed.
            JobError: ``queue.stopped``, or the journal cannot be written.
        """
        with self._changed:
            if not self._enter([(job, request)]):
                logger.info("job %s: submitted again", job)
            return self.status(job, tell)

    def submit_all(self, asked: Sequence[tuple[str, RenderRequest]]) -> None:
        """Queue several as `submit` does, but as one: an app that dies meanwhile has journalled all of them or none."""
        with self._changed:
            self._enter(asked)

    def cancel(self, job: str, tell: Listener | None = None) -> JobEvent:
        """End a job: a waiting one now, a running one at its next step (its last event returns, the outcome follows).

        A job that is finished stays as it is; its outcome returns.
        """
        with self._changed:
            record = self._journal.get(job)
            if record.is_finished:
                return self._told(record.event, tell)
            if run := self._runs.get(job):
                self._journal.record_cancel_requested(job)
                run.cancelled.set()
                return self._told(run.last, tell)
            return self._told(self._finish(JobWasCancelled(job=job)), tell)

    def draft(self, draft: str, request: RenderRequest, ended: Callable[[JobEnding], object]) -> None:
        """Render something when no job waits; nothing is journalled or published (see ``stylus_daw.jobs.drafts``).

        A draft that waits or runs is cancelled by the next one; a running one also by a job. ``ended`` gets
        exactly one ending; it is called on the queue's thread or this one and must return at once.

        Raises:
            JobError: ``queue.stopped``.
        """
        render = DraftRender(draft=draft, request=request, ended=ended)
        with self._changed:
            if self._stopping.is_set():
                raise JobError("queue.stopped", "stylus-daw is closing. Start it and try again.")
            self._drafts.put(render)
            self._changed.notify_all()

    def cancel_draft(self, draft: str) -> None:
        """This draft is not wanted any more; another one stays."""
        with self._changed:
            self._drafts.cancel(draft)

    def status(self, job: str, tell: Listener | None = None) -> JobEvent:
        """The job's last event; a waiting job's present position.

        Raises:
            JobError: ``job.unknown``.
        """
        with self._changed:
            return self._told(self._status(job), tell)

    def wait(self, job: str, timeout_s: float | None = None) -> JobEvent:
        """Block until the job is finished and give its outcome.

        Raises:
            JobError: ``job.unknown``, or ``job.unfinished`` after the timeout.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: self._journal.get(job).is_finished, timeout_s):
                raise JobError("job.unfinished", f"Job {job} is not finished after {timeout_s:g} s.")
            return self._journal.get(job).event

    def untold(self, client: str) -> tuple[JobEvent, ...]:
        """The outcomes of a client's jobs that no host has been told, since it or the app was closed."""
        return tuple(record.event for record in self._journal.untold(client))

    def mark_told(self, job: str) -> None:
        """A host has been told the outcome of the job, if it has one."""
        self._journal.record_told(job)

    def client_of(self, job: str) -> str:
        """Who submitted the job, as it named itself.

        Raises:
            JobError: ``job.unknown``.
        """
        return self._journal.get(job).client

    @property
    def waiting(self) -> tuple[str, ...]:
        """Ids of the jobs that wait, the next one first."""
        with self._changed:
            return tuple(self._waiting)

    @property
    def running(self) -> tuple[str, ...]:
        """Ids of the jobs that are rendered now."""
        with self._changed:
            return tuple(self._runs)

    def _enter(self, asked: Sequence[tuple[str, RenderRequest]]) -> bool:
        """Journal, line up and publish; whether any of them is new."""
        if self._stopping.is_set():
            raise JobError("queue.stopped", "stylus-daw is closing. Start it and try again.")
        fresh = self._journal.record_queued(asked, len(self._waiting))
        if fresh:
            self._drafts.give_way()
        for job in fresh:
            self._waiting.append(job)
            self._feed.publish(JobQueued(job=job, position=len(self._waiting) - 1))
        self._changed.notify_all()
        return bool(fresh)

    def _status(self, job: str) -> JobEvent:
        if run := self._runs.get(job):
            return run.last
        if job in self._waiting:
            return JobQueued(job=job, position=self._waiting.index(job))
        return self._journal.get(job).event

    def _take_up(self, record: JobRecord) -> None:
        if record.cancel_requested:
            self._finish(JobWasCancelled(job=record.job))
        elif record.phase is JobPhase.RUNNING and record.attempts >= MAX_RUNS:
            self._finish(app_died(record.job, record.checkpoint))
        else:
            if record.phase is JobPhase.RUNNING:
                self._journal.record_requeued(record.job, attempts=record.attempts, deaths=record.deaths)
            self._waiting.append(record.job)

    def _begin(self) -> Run | DraftRender | None:
        with self._changed:
            while not self._stopping.is_set():
                if self._waiting and self._lanes.has_room(len(self._runs)):
                    return self._next_run()
                if self._drafts.can_begin and not self._waiting:
                    return self._drafts.begin()
                self._changed.wait(self._lanes.look_again_s if self._waiting else None)
            return None

    def _next_run(self) -> Run:
        record = self._journal.record_started(job := self._waiting[0])
        self._waiting.remove(job)
        first = JobProgressed(job=job, fraction=0.0, stage="starting again" if record.attempts else "starting")
        run = self._runs[job] = Run(job=job, attempts=record.attempts, deaths=record.deaths, last=first)
        self._feed.publish(first)
        return run

    def _progress(self, event: JobProgressed) -> None:
        with self._changed:
            if run := self._runs.get(event.job):
                self._count(run)
                run.last = event
            self._feed.publish(event)

    def _count(self, run: Run) -> None:
        """The first progress of a run: from here on its death may be the job's fault."""
        if not run.has_begun:
            self._journal.record_begun(run.job)
            run.has_begun, run.attempts, self._false_starts = True, run.attempts + 1, 0

    def _settle(self, run: Run, result: JobEnding | RenderCrashError) -> None:
        with self._changed:
            if self._journal.get(run.job).cancel_requested:
                self._finish(JobWasCancelled(job=run.job))
            elif self._stopping.is_set() and isinstance(result, RenderCrashError | JobWasCancelled):
                self._journal.record_requeued(run.job, attempts=run.attempts - run.has_begun, deaths=run.deaths)
            elif not isinstance(result, RenderCrashError):
                self._finish(result)
            else:
                self._after_death(run, result)
            self._runs.pop(run.job, None)

    def _after_death(self, run: Run, death: RenderCrashError) -> None:
        """A process that dies while it loads is not the job's fault; one that is stuck has had its time."""
        is_to_blame = run.has_begun or isinstance(death, RenderStuckError)
        deaths, false_starts = run.deaths + is_to_blame, 0 if is_to_blame else self._false_starts + 1
        checkpoint = self._journal.get(run.job).checkpoint
        if failed := verdict(run.job, checkpoint, death, deaths=deaths, false_starts=false_starts):
            self._finish(failed)
        else:
            self._journal.record_requeued(run.job, attempts=run.attempts, deaths=deaths)
            self._waiting.insert(0, run.job)
        self._false_starts = 0 if failed else false_starts

    def _leave(self, run: Run) -> None:
        with self._changed:
            if self._runs.get(run.job) is run:  # not begun anew by another lane
                del self._runs[run.job]
            self._changed.notify_all()

    def _end_draft(self) -> None:
        with self._changed:
            self._drafts.end()
            self._changed.notify_all()

    def _finish(self, event: JobEnding) -> JobEnding:
        self._journal.record_finished(event.job, event)
        if event.job in self._waiting:
            self._waiting.remove(event.job)
        self._changed.notify_all()
        return self._feed.publish(event)

    def _told(self, event: JobEvent, tell: Listener | None) -> JobEvent:
        """Called with the lock held, so that nothing comes between what is told and its place among the events."""
        if tell is not None:
            self._feed.call(lambda: tell(event))
        return event
