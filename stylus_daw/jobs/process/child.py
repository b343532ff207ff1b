"""The render process from the inside: takes orders from a pipe, renders one job at a time.

The main thread renders (plugins need that). A second thread reads the pipe, so that a cancel is seen
in the middle of a render and the process ends as soon as its parent has gone, however it went. A
cancel travels over the pipe too, not through a shared ``multiprocessing.Event``: a process that is
killed inside ``Event.is_set`` leaves the Event locked for everybody.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from queue import SimpleQueue

from stylus_daw.errors import JobCancelled, StylusError
from stylus_daw.jobs.job import JobDone, JobEnding, JobFailed, JobProgressed, JobWasCancelled, RenderRequest, Stem
from stylus_daw.jobs.process.priority import give_way
from stylus_daw.jobs.process.renderer import Renderer, load_renderer

logger = logging.getLogger(__name__)

HEARTBEAT_S = 2.0
"""Seconds between two signs of life."""

LOG_HEAD, LOG_TAIL = 1_000, 7_000
"""Characters kept of a long log text. A message under 16 KiB goes through the pipe in one piece."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderOrder:
    """Parent to child: render this. ``request`` is the JSON of a RenderRequest."""

    job: str
    request: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelOrder:
    """Parent to child: stop this job at the next step."""

    job: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RendererReady:
    """Child to parent: the model is loaded, or cannot be; from now on orders are obeyed at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """Child to parent: the process runs, whatever its main thread does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """Child to parent: a log record, for the handlers of the app."""

    name: str
    level: int
    text: str


def run_child(connection: Connection, renderer: str, log_level: int) -> None:
    """Entry point of the render process. Ctrl-C in a terminal reaches every process: here the parent decides."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    give_way()
    child = RenderChild(connection, renderer)
    logging.basicConfig(level=log_level, format="%(message)s", handlers=[_PipeHandler(child)], force=True)
    child.run()


class RenderChild:
    """One renderer and the job it is on."""

    def __init__(self, connection: Connection, renderer: str) -> None:
        self._connection = connection
        self._renderer_name = renderer
        self._renderer: Renderer | None = None
        self._orders: SimpleQueue[RenderOrder] = SimpleQueue()
        self._cancelled_jobs: set[str] = set()
        self.job = ""
        self._sending = threading.Lock()

    def run(self) -> None:
        threading.Thread(target=self._read_orders, name="orders", daemon=True).start()
        threading.Thread(target=self._beat, name="heartbeat", daemon=True).start()
        self._warm_up()
        self.send(RendererReady())
        while True:
            order = self._orders.get()
            self.job = order.job
            self.send(self._answer(order))
            self.job = ""
            self._cancelled_jobs.discard(order.job)

    def send(self, message: JobProgressed | JobEnding | RendererReady | Heartbeat | LogLine) -> None:
        with self._sending:
            try:
                self._connection.send(message)
            except OSError:
                os._exit(0)  # the parent has gone

    def _beat(self) -> None:
        while True:
            self.send(Heartbeat())
            time.sleep(HEARTBEAT_S)

    def _read_orders(self) -> None:
        while True:
            try:
                order = self._connection.recv()
            except (EOFError, OSError):
                os._exit(0)  # the parent has gone; the main thread may be deep inside a render
            if isinstance(order, CancelOrder):
                self._cancelled_jobs.add(order.job)
            else:
                self._orders.put(order)

    def _warm_up(self) -> None:
        try:
            self._loaded()
        except Exception:
            logger.exception("The renderer %s cannot be created; every job will try again", self._renderer_name)

    def _loaded(self) -> Renderer:
        if self._renderer is None:
            self._renderer = load_renderer(self._renderer_name)
        return self._renderer

    def _answer(self, order: RenderOrder) -> JobEnding:
        try:
            return JobDone(job=order.job, stem=self._render(order))
        except JobCancelled:
            return JobWasCancelled(job=order.job)
        except StylusError as error:
            return JobFailed(job=order.job, code=error.code, message=error.message)
        except MemoryError:
            logger.exception("Out of memory")
            return JobFailed(job=order.job, code="job.memory", message=_out_of_memory(order.request))
        except Exception as error:
            logger.exception("A bug")
            return JobFailed(job=order.job, code="bug", message=_bug_message(error))

    def _render(self, order: RenderOrder) -> Stem:
        def is_cancelled() -> bool:
            return order.job in self._cancelled_jobs

        def progress(fraction: float, stage: str) -> None:
            if is_cancelled():
                raise JobCancelled
            self.send(JobProgressed(job=order.job, fraction=float(fraction), stage=stage))

        if is_cancelled():  # while the model was being loaded
            raise JobCancelled
        stem = self._loaded().render(RenderRequest.from_json(order.request), progress, is_cancelled)
        if not isinstance(stem, Stem):
            raise TypeError(f"{self._renderer_name} gave {type(stem).__name__} instead of a Stem")
        return stem


def _out_of_memory(request: str) -> str:
    from stylus_daw.engine.shelf.unheard import smaller_render  # not in the parent: it brings scipy

    smaller = smaller_render(RenderRequest.from_json(request).settings.checkpoint)
    return f"Memory ran out while rendering. Close other programs, or choose {smaller}."


def _bug_message(error: Exception) -> str:
    return f"A fault in stylus-daw ({type(error).__name__}: {error}). The log has the details; please report it."[:500]


class _PipeHandler(logging.Handler):
    """Sends log records, with the job they belong to, to the parent, which has the handlers."""

    def __init__(self, child: RenderChild) -> None:
        super().__init__()
        self._child = child

    def emit(self, record: logging.LogRecord) -> None:
        text = f"job {self._child.job}: {self.format(record)}" if self._child.job else self.format(record)
        if len(text) > LOG_HEAD + LOG_TAIL:
            text = f"{text[:LOG_HEAD]}\n[…]\n{text[-LOG_TAIL:]}"
        self._child.send(LogLine(name=record.name, level=record.levelno, text=text))
