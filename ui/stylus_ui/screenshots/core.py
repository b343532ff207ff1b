"""A core without a model, for pictures and tests of the window: real journal, queue and bridge; renders on demand."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from stylus_bridge.host_requests import HostRequests
from stylus_bridge.server import BridgeServer
from stylus_daw.app import App
from stylus_daw.audio.files import Shortfall
from stylus_daw.jobs.job import (
    JobDone,
    JobEnding,
    JobFailed,
    JobProgressed,
    JobWasCancelled,
    Origin,
    Region,
    RenderRequest,
    Stem,
    StyleFile,
)
from stylus_daw.jobs.journal.journal import Journal
from stylus_daw.jobs.queue import JobQueue
from stylus_daw.presets.library.library import PresetLibrary
from stylus_daw.presets.requests import PresetRequests
from stylus_daw.settings import Settings

RATE = 48_000
SECONDS = 10


class HandWorker:
    """Renders as far as it is told; see ``stylus_daw.jobs.dispatcher.Worker``.

    Attributes:
        begun: ids of the jobs that came, in order.
    """

    def __init__(self) -> None:
        self.begun: list[str] = []
        self._report: Callable[[float, str], object] | None = None
        self._ending: JobEnding | None = None
        self._changed = threading.Condition()

    def render(
        self,
        job: str,
        request: RenderRequest,
        on_progress: Callable[[JobProgressed], None],
        cancelled: threading.Event,
    ) -> JobEnding:
        with self._changed:
            self.begun.append(job)
            self._ending = None
            self._report = lambda fraction, stage: on_progress(JobProgressed(job=job, fraction=fraction, stage=stage))
            self._changed.notify_all()
            while self._ending is None and not cancelled.is_set():
                self._changed.wait(0.01)
            self._report = None
            return self._ending or JobWasCancelled(job=job)

    def progress(self, fraction: float, stage: str = "restyling") -> None:
        """The running job is that far; waits for one to run."""
        with self._changed:
            self._changed.wait_for(lambda: self._report, timeout=10)
            assert self._report is not None
            self._report(fraction, stage)

    def finish(self, stem: Path, short: Shortfall | None = None) -> None:
        """The running job is done, with that stem; ``short``: its source breaks off."""
        job = self._running()
        made = Stem(path=stem, start=0, length=SECONDS * RATE, rate=RATE, channels=2, seconds_taken=3.1, short=short)
        self._end(JobDone(job=job, stem=made))

    def fail(self, message: str, code: str = "engine.memory") -> None:
        """The running job fails."""
        self._end(JobFailed(job=self._running(), code=code, message=message))

    def close(self) -> None: ...

    def _running(self) -> str:
        with self._changed:
            self._changed.wait_for(lambda: self._report, timeout=10)
            return self.begun[-1]

    def _end(self, ending: JobEnding) -> None:
        with self._changed:
            self._ending = ending
            self._changed.notify_all()


@contextmanager
def hand_core(settings: Settings, worker: HandWorker, *, fill: Callable[[Journal], object] = id) -> Iterator[App]:
    """An app whose renders are made by hand.

    Args:
        settings: its folders and port.
        worker: renders.
        fill: what the journal knows already.
    """
    with ExitStack() as stack:
        presets = PresetLibrary(user_folder=settings.presets)
        journal = Journal(settings.journal)
        stack.callback(journal.close)
        fill(journal)
        queue = JobQueue(journal, worker)
        queue.start()
        stack.callback(queue.stop)
        server = BridgeServer(
            jobs=queue,
            presets=presets,
            builder=HostRequests(
                requests=PresetRequests(presets=presets, settings=settings), jobs_folder=settings.jobs
            ),
            jobs_folder=settings.jobs,
            state_folder=settings.home,
            port=settings.port,
        )
        server.start()
        stack.callback(server.stop)
        yield App(settings=settings, presets=presets, journal=journal, queue=queue, server=server)


def request_of(
    folder: Path,
    *,
    client: str = "reaper",
    project: str = "Late Night",
    track: str = "Gtr",
    preset: str = "Warm Strings",
) -> RenderRequest:
    """A request of ten seconds."""
    return RenderRequest(
        source=folder / "input.wav",
        stem=folder / "stem.wav",
        styles=(StyleFile(path=folder / "style.flac"),),
        region=Region(start=0, length=SECONDS * RATE, rate=RATE),
        origin=Origin(client=client, project=project, track=track, preset=preset),
    )


def record_done(journal: Journal, job: str, request: RenderRequest, stem: Path | None = None) -> None:
    """A finished job."""
    made = Stem(path=stem or request.stem, start=0, length=SECONDS * RATE, rate=RATE, channels=2, seconds_taken=3.1)
    journal.record_queued([(job, request)])
    journal.record_finished(job, JobDone(job=job, stem=made))
