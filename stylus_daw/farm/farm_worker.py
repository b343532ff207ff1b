"""FarmWorker: the queue's worker, on other machines; on this one while they are away."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from stylus_daw.errors import StylusError
from stylus_daw.farm.connection import FarmConnection
from stylus_daw.farm.errors import FarmError
from stylus_daw.farm.farm_settings import FarmSettings
from stylus_daw.farm.one_render import OneRender
from stylus_daw.farm.order import needs_this_machine
from stylus_daw.jobs.job import JobEnding, JobProgressed, JobWasCancelled, RenderRequest
from stylus_daw.jobs.process.worker import RenderWorker

logger = logging.getLogger(__name__)

LANES_EACH = 2  # renders asked for per worker
AWAY_S = 30.0  # s after which a farm that was away is tried again


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

    def warm_up(self) -> None:
        """Workers keep their models loaded; this machine's is loaded when it is needed."""

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
            return OneRender(self.connected, job, request, on_progress, cancelled, self._settings).ending()
        except FarmError as error:
            was_away, self._away_until = time.monotonic() < self._away_until, time.monotonic() + AWAY_S
            said = "" if was_away else f"{error.message} Rendering on this machine."
            return self._here(job, request, on_progress, cancelled, said, error)

    def close(self) -> None:
        """Leave the farm. What it still renders for this machine is cancelled there."""
        with self._one_connection:
            if self._connection is not None:
                self._connection.close()
            self._connection = None
        if self._local is not None:
            self._local.close()

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
        with self._one_local:
            if cancelled.is_set():
                return JobWasCancelled(job=job)
            return self._local.render(job, request, on_progress, cancelled)
