"""FarmWorker: the queue's worker, on other machines; on this one while they are away."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from stylus_daw.audio.files import probe
from stylus_daw.engine.request import DEFAULT_CHECKPOINT
from stylus_daw.engine.share import MOST as MOST_SHARES
from stylus_daw.errors import StylusError
from stylus_daw.farm.client.connection import FarmConnection
from stylus_daw.farm.client.one_render import OneRender
from stylus_daw.farm.client.shared_render import SharedRender
from stylus_daw.farm.errors import FarmError
from stylus_daw.farm.farm_settings import FarmSettings
from stylus_daw.farm.order import needs_this_machine
from stylus_daw.jobs.job import JobEnding, JobProgressed, JobWasCancelled, RenderRequest
from stylus_daw.jobs.process.worker import RenderWorker

logger = logging.getLogger(__name__)

LANES_EACH = 2  # renders asked for per worker
MOST_LANES = 32  # jobs of the queue at once; more than that are a batch
AWAY_S = 30.0  # s after which a farm that was away is tried again
LOOK_S = 2.0  # s between two looks how many workers there are
SHARE_S = 60.0  # s of audio that a worker hears at least: below, the messages cost more than they save
TICK_S = 0.1  # s between two looks at a cancel while another job is rendered here


class FarmWorker:
    """Renders as many jobs at once as it is called for; each call blocks its thread.

    Args:
        settings: which farm.
        local: renders while the farm is away, and what cannot leave this machine; None: an error then.
        tell: called with a sentence when renders go elsewhere than one would think.
    """

    def __init__(
        self, settings: FarmSettings, local: RenderWorker | None = None, tell: Callable[[str], object] | None = None
    ) -> None:
        self._settings = settings
        self._local = local
        self._tell = tell or logger.warning
        self._connection: FarmConnection | None = None
        self._away_until = 0.0
        self._one_connection, self._one_local = threading.Lock(), threading.Lock()
        self._room, self._rendering, self._counting = 1, 0, threading.Lock()
        self._closed = threading.Event()
        self._watch: threading.Thread | None = None

    def warm_up(self) -> None:
        """Workers keep their models loaded; this machine's is loaded when it is needed."""

    def room(self) -> int:
        """How many renders the farm has workers for, as of a moment ago; returns at once. One while it is away."""
        if self._watch is None:
            self._watch = threading.Thread(target=self._look, name="farm-room", daemon=True)
            self._watch.start()
        return self._room

    def lanes(self) -> int:
        """How many renders to ask for at once: two per worker, so that files travel while others are rendered.

        One while the farm is away.
        """
        try:
            threads: Any = self.connected().client.nthreads()
            return max(1, LANES_EACH * len(threads))
        except FarmError as error:
            self._away_until = time.monotonic() + AWAY_S
            self._tell(f"{error.message} Rendering on this machine.")
            return 1

    def connected(self) -> FarmConnection:
        """The farm, connected anew where the connection was lost.

        Raises:
            FarmError: it is away.
            FarmRefusedError: it must not be used.
        """
        with self._one_connection:
            if self._connection is None or not self._connection.is_open:
                if self._connection is not None:
                    self._connection.close()
                self._connection = None
                self._connection = FarmConnection(self._settings)
            return self._connection

    def render(
        self,
        job: str,
        request: RenderRequest,
        on_progress: Callable[[JobProgressed], None],
        cancelled: threading.Event,
    ) -> JobEnding:
        """See :meth:`stylus_daw.jobs.process.worker.RenderWorker.render`.

        Raises:
            FarmError: the farm is away, and nothing may be rendered here.
            FarmRefusedError: no worker fits.
            RenderCrashError: the local process died.
        """
        if why := needs_this_machine(request):
            return self._here(job, request, on_progress, cancelled, f"{job} is rendered here: {why}.")
        if time.monotonic() < self._away_until:
            return self._here(job, request, on_progress, cancelled, "")
        try:
            return self._on_farm(job, request, on_progress, cancelled)
        except FarmError as error:
            was_away, self._away_until = time.monotonic() < self._away_until, time.monotonic() + AWAY_S
            said = "" if was_away else f"{error.message} Rendering on this machine."
            return self._here(job, request, on_progress, cancelled, said, error)

    def close(self) -> None:
        """Leave the farm. What it still renders for this machine is cancelled there."""
        self._closed.set()
        with self._one_connection:
            if self._connection is not None:
                self._connection.close()
            self._connection = None
        if self._local is not None:
            self._local.close()

    def _look(self) -> None:
        while not self._closed.is_set():
            self._room = max(1, min(MOST_LANES, self._workers()))
            self._closed.wait(LOOK_S)

    def _workers(self) -> int:
        if time.monotonic() < self._away_until:
            return 0
        try:
            threads: Any = self.connected().client.nthreads()
            return len(threads)
        except (StylusError, OSError, RuntimeError) as error:
            logger.info("nobody says how many workers the farm has: %s", error)
            return 0

    def _on_farm(
        self,
        job: str,
        request: RenderRequest,
        on_progress: Callable[[JobProgressed], None],
        cancelled: threading.Event,
    ) -> JobEnding:
        make = partial(OneRender, self.connected, cancelled=cancelled, settings=self._settings)
        with self._counted():
            shares = self._shares(request)
            if shares > 1:
                return SharedRender(make, job, request, on_progress, cancelled, shares).ending()
            return make(job, request, on_progress).ending()

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._counting:
            self._rendering += 1
        try:
            yield
        finally:
            with self._counting:
                self._rendering -= 1

    def _shares(self, request: RenderRequest) -> int:
        """How many workers may hear the region: those that nobody else needs. 1: it is not shared."""
        settings = request.settings
        if settings.checkpoint != DEFAULT_CHECKPOINT or settings.is_bypassed:
            return 1  # what restyles by sampling hears nothing
        shares = int(_seconds(request) / SHARE_S)
        if shares < 2:
            return 1
        workers = self.connected().workers(settings.checkpoint)
        idle = sum(not one.obstacle and not one.now for one in workers)
        return max(1, min(shares, idle - self._rendering + 1, MOST_SHARES))

    def _here(
        self,
        job: str,
        request: RenderRequest,
        on_progress: Callable[[JobProgressed], None],
        cancelled: threading.Event,
        said: str,
        error: StylusError | None = None,
    ) -> JobEnding:
        if self._local is None:
            raise error or FarmError("farm.away", said or "The farm is away.")
        if said:
            self._tell(said)
        while not self._one_local.acquire(timeout=TICK_S):
            if cancelled.is_set():
                return JobWasCancelled(job=job)
        try:
            if cancelled.is_set():
                return JobWasCancelled(job=job)
            return self._local.render(job, request, on_progress, cancelled)
        finally:
            self._one_local.release()


def _seconds(request: RenderRequest) -> float:
    """Of what is rendered; 0 where the source cannot be read: the render says why."""
    if region := request.region:
        return (region.before + region.length + region.after) / region.rate
    try:
        info = probe(request.source)
    except StylusError:
        return 0.0
    return info.frames / info.rate
