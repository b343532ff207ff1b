"""SharedRender: a long region, heard by several workers at once and then rendered by one: the same samples, sooner."""

from __future__ import annotations

import logging
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from stylus_daw.engine.knobs.style_settings import StyleSettings
from stylus_daw.engine.share import Share
from stylus_daw.farm.client.one_render import OneRender
from stylus_daw.jobs.job import JobDone, JobEnding, JobProgressed, JobWasCancelled, Origin, RenderRequest

logger = logging.getLogger(__name__)

HEARD = 0.5  # where in the progress the hearing ends: about its share of the time

MakeRender = Callable[[str, RenderRequest, Callable[[JobProgressed], None]], OneRender]
"""A render of the same farm under the same cancel, from its id, its request and who hears of its progress."""


class SharedRender:
    """One job, whose region is heard in shares.

    Args:
        make: makes the renders that it consists of.
        job: its id.
        request: what to render.
        on_progress: called on the thread of :meth:`ending`, or under a lock on others.
        cancelled: ends it.
        shares: how many.
    """

    def __init__(
        self,
        make: MakeRender,
        job: str,
        request: RenderRequest,
        on_progress: Callable[[JobProgressed], None],
        cancelled: threading.Event,
        shares: int,
    ) -> None:
        self._make, self._job, self._request = make, job, request
        self._on_progress, self._cancelled = on_progress, cancelled
        self._fractions = [0.0] * shares
        self._telling = threading.Lock()

    def ending(self) -> JobEnding:
        """See :meth:`OneRender.ending`. What cannot be shared is rendered by one worker."""
        whole = self._make(self._job, self._request, self._on_progress)
        if made := whole.made_before():
            return made
        with tempfile.TemporaryDirectory(prefix="stylus-daw-heard-") as folder:
            heard = self._heard(Path(folder))
            if self._cancelled.is_set():
                return JobWasCancelled(job=self._job)
            if not heard:
                return whole.ending()
            return self._make(self._job, replace(self._request, heard=heard), self._later).ending()

    def _heard(self, folder: Path) -> tuple[Path, ...]:
        """The files of all shares; empty where one was not heard."""
        shares = [Share(number=number, of=len(self._fractions)) for number in range(len(self._fractions))]
        with ThreadPoolExecutor(len(shares), "shares") as pool:
            endings = list(pool.map(lambda share: self._hear(share, folder / f"{share.number}.npy"), shares))
        if all(isinstance(ending, JobDone) for ending in endings):
            return tuple(ending.stem.path for ending in endings if isinstance(ending, JobDone))
        if not self._cancelled.is_set():
            logger.info("job %s is rendered by one worker: %s", self._job, endings)
        return ()

    def _hear(self, share: Share, path: Path) -> JobEnding:
        """Knobs, chain and styles have no say in what is heard, so another style finds it made."""
        settings = StyleSettings(checkpoint=self._request.settings.checkpoint)
        request = RenderRequest(
            source=self._request.source,
            stem=path,
            styles=(),
            region=self._request.region,
            settings=settings,
            origin=Origin(client=self._request.origin.client),
            share=share,
        )

        def progressed(event: JobProgressed) -> None:
            with self._telling:
                self._fractions[share.number] = event.fraction
                done = HEARD * sum(self._fractions) / len(self._fractions)
                self._on_progress(replace(event, job=self._job, fraction=done))

        return self._make(f"{self._job}-{share.number}", request, progressed).ending()

    def _later(self, event: JobProgressed) -> None:
        self._on_progress(replace(event, fraction=HEARD + (1.0 - HEARD) * event.fraction))
