"""RenderWorker: the render process from the outside: start it early, give it a job, stop it reliably.

The process is spawned, never forked (a fork would copy threads' locks and an accelerator's state). It
is not a multiprocessing daemon, because it starts the plugin process; instead it ends by
itself when the pipe to its parent closes.
"""

from __future__ import annotations

import atexit
import logging
import multiprocessing
import signal
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection

from stylus_daw.errors import JobError
from stylus_daw.jobs.job import JobEnding, JobProgressed, JobWasCancelled, RenderRequest
from stylus_daw.jobs.process.child import CancelOrder, Heartbeat, LogLine, RendererReady, RenderOrder, run_child
from stylus_daw.jobs.process.progress import ProgressGate
from stylus_daw.jobs.process.watchdog import Patience, Watchdog

logger = logging.getLogger(__name__)

TICK_S = 0.05  # s between two looks at the pipe and the cancel
GRACE_S = 3.0  # s between a cancel and the kill
REAP_S = 5.0  # s to wait for a killed process


class RenderCrashError(JobError):
    """The render process is gone, and the job with it; another run may succeed."""

    def __init__(self, how: str) -> None:
        super().__init__("job.crashed", f"The render process died ({how}).")
        self.how = how


class RenderStuckError(RenderCrashError):
    """The render process did not move any more, and was killed."""


class RenderWorker:
    """Holds one render process, renders one job at a time in it, and replaces it when it dies.

    Args:
        renderer: ``"module:function"``; called without arguments in the process, gives a Renderer.
        grace_s: seconds between a cancel and the kill.
        patience: when a render counts as stuck.
    """

    def __init__(self, renderer: str, *, grace_s: float = GRACE_S, patience: Patience | None = None) -> None:
        self._renderer = renderer
        self._patience = patience or Patience()
        self._grace_s = grace_s
        self._process: _RenderProcess | None = None
        self._is_closed = False
        self._lock = threading.Lock()
        # multiprocessing waits at exit for processes that are not daemons, so ours must be gone by then.
        atexit.register(self.close)

    @property
    def pid(self) -> int | None:
        """Process id of the render process, None while there is none."""
        process = self._process
        return process.pid if process is not None and process.is_alive() else None

    def warm_up(self) -> None:
        """Start the render process, which loads its model at once. Does not wait for it."""
        self._ready_process()

    def render(
        self,
        job: str,
        request: RenderRequest,
        on_progress: Callable[[JobProgressed], None],
        cancelled: threading.Event,
    ) -> JobEnding:
        """Render one job and wait for its end. One call at a time.

        Args:
            job: its id.
            request: what to render.
            on_progress: called on this thread, at most 20 times a second, fractions never falling.
            cancelled: set it from any thread to end the job at its next step, or by force after the grace time;
                at once while the process still loads its model.

        Raises:
            RenderCrashError: the process died under the job.
            RenderStuckError: it was stopped, or the job did not move for too long; the process is replaced.
        """
        process, gate, cancel = self._ready_process(), ProgressGate(), _Cancel(cancelled, self._grace_s)
        watchdog = Watchdog(self._patience, request.device, has_started=process.has_started)
        process.send(RenderOrder(job=job, request=request.to_json()))
        while not cancel.is_overdue():
            if cancel.is_new():
                process.send(CancelOrder(job=job))
                if not process.is_ready:
                    return JobWasCancelled(job=job)  # it is loading its model, and will skip the job
            event = process.receive(job, TICK_S, watchdog)
            if isinstance(event, JobProgressed):
                watchdog.progressed(event.stage)
                gate.offer(event)
            progress = gate.held() if isinstance(event, JobEnding) else gate.due()
            if progress is not None:
                on_progress(progress)
            if isinstance(event, JobEnding):
                return event
            if complaint := watchdog.complaint():
                self._replace(process)
                raise RenderStuckError(complaint)
        logger.warning("job %s: did not stop within %g s; its process is killed", job, self._grace_s)
        self._replace(process)
        return JobWasCancelled(job=job)

    def close(self) -> None:
        """Kill the render process, whatever it does. The worker cannot be used again. Safe to call twice."""
        atexit.unregister(self.close)
        with self._lock:
            self._is_closed = True
            if self._process is not None:
                self._process.kill()

    def _ready_process(self) -> _RenderProcess:
        with self._lock:
            if self._is_closed:
                raise RenderCrashError("the worker is closed")
            if self._process is None or not self._process.is_alive():
                self._process = _RenderProcess(self._renderer)
            return self._process

    def _replace(self, process: _RenderProcess) -> None:
        process.kill()
        if not self._is_closed:
            self.warm_up()


class _RenderProcess:
    """One process and the pipe to it."""

    def __init__(self, renderer: str) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, far_end = context.Pipe()
        self.is_ready = self.has_started = False
        level = logging.getLogger().getEffectiveLevel()
        self._process = context.Process(target=run_child, args=(far_end, renderer, level), name="stylus-render")
        try:
            self._process.start()
        except OSError as error:
            raise JobError(
                "job.no_process", f"The render process cannot be started: {error}. Close other programs and try again."
            ) from error
        finally:
            far_end.close()  # else the pipe never ends when the process does
        logger.info("render process %s started", self._process.pid)

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def is_alive(self) -> bool:
        return self._process.is_alive()

    def kill(self) -> None:
        # The connection is left to the garbage collector: another thread may be waiting on it.
        self._process.kill()
        self._process.join(REAP_S)

    def send(self, order: RenderOrder | CancelOrder) -> None:
        try:
            self._connection.send(order)
        except OSError as error:
            raise self._died() from error

    def receive(self, job: str, timeout_s: float, watchdog: Watchdog) -> JobProgressed | JobEnding | None:
        """The next message about ``job``, None if there is none within the timeout."""
        try:
            message = _next_message(self._connection, timeout_s)
        except (EOFError, OSError) as error:
            raise self._died() from error
        if message is not None:
            self.has_started = True
            watchdog.alive()
        if isinstance(message, Heartbeat):
            return None
        if isinstance(message, LogLine):
            logging.getLogger(message.name).log(message.level, "%s", message.text)
            return None
        if isinstance(message, RendererReady):
            self.is_ready = True
            return None
        if message is None and not self.is_alive() and not self._connection.poll(0):
            raise self._died()  # a process of its own may hold the pipe open
        return message if message is not None and message.job == job else None

    def _died(self) -> RenderCrashError:
        self._process.join(REAP_S)
        self._process.kill()
        return RenderCrashError(_how_it_ended(self._process.exitcode))


class _Cancel:
    """Whether the job's cancel is new, and whether its grace time is over."""

    def __init__(self, cancelled: threading.Event, grace_s: float) -> None:
        self._cancelled = cancelled
        self._grace_s = grace_s
        self._deadline: float | None = None

    def is_new(self) -> bool:
        """True once: the first time that the event is found set."""
        if self._deadline is not None or not self._cancelled.is_set():
            return False
        self._deadline = time.monotonic() + self._grace_s
        return True

    def is_overdue(self) -> bool:
        return self._deadline is not None and time.monotonic() >= self._deadline


Message = JobProgressed | JobEnding | RendererReady | Heartbeat | LogLine


def _next_message(connection: Connection, timeout_s: float) -> Message | None:
    return connection.recv() if connection.poll(timeout_s) else None


def _how_it_ended(exitcode: int | None) -> str:
    """For people.

    >>> _how_it_ended(3)
    'exit code 3'
    """
    if exitcode is None:
        return "it closed its pipe"
    try:
        return signal.Signals(-exitcode).name
    except ValueError:
        return f"exit code {exitcode}"
