"""OneRender: one job on the farm, from its order to its stem."""

from __future__ import annotations

import hashlib
import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from distributed import Future

from stylus_daw.audio.files import write_made_stem
from stylus_daw.errors import AudioFileError, StylusError
from stylus_daw.farm.client.connection import FarmConnection
from stylus_daw.farm.errors import FULL, FarmError, FarmRefusedError
from stylus_daw.farm.farm_settings import FarmSettings
from stylus_daw.farm.files.shared import SharedFolder
from stylus_daw.farm.files.store import CHUNK_BYTES
from stylus_daw.farm.files.transfer import download
from stylus_daw.farm.identity import identity_for
from stylus_daw.farm.order import RESOURCE, Rendered, RenderOrder, order_of, paths_of
from stylus_daw.farm.reaching import CONNECT_S, away
from stylus_daw.farm.worker.service import render_order
from stylus_daw.farm.worker_said import WorkerSaid
from stylus_daw.jobs.job import JobDone, JobEnding, JobFailed, JobProgressed, JobWasCancelled, RenderRequest
from stylus_daw.jobs.process.progress import ProgressGate

logger = logging.getLogger(__name__)

TICK_S = 0.02  # s between two looks at the task and the cancel
RETRIES = 1  # further runs of an order whose render process died: a second crash is hardly chance
RECONNECT_S = 20.0  # s for which a scheduler that has gone is waited for, before renders stay here
CACHED = "stylus-daw-made"  # where the scheduler remembers which worker has which stem


class OneRender:
    """One job on the farm, from its order to its stem.

    Args:
        connected: gives the farm, connected anew where the connection was lost; ``FarmError`` while it is away.
        on_progress: called on the thread of :meth:`ending`.
        cancelled: looked at every ``TICK_S``.
        settings: which farm, and the folder that it shares.
    """

    def __init__(
        self,
        connected: Callable[[], FarmConnection],
        job: str,
        request: RenderRequest,
        on_progress: Callable[[JobProgressed], None],
        cancelled: threading.Event,
        settings: FarmSettings,
    ) -> None:
        self._connected = connected
        self._job = job
        self._request = request
        self._on_progress = on_progress
        self._cancelled = cancelled
        self._settings = settings
        self._events: queue.SimpleQueue[Mapping[str, Any]] = queue.SimpleQueue()
        self._gate = ProgressGate()
        self._has_run = False

    def ending(self) -> JobEnding:
        """The outcome. A scheduler or a worker that goes is survived for ``RECONNECT_S``, once the job has run at all.

        Raises:
            FarmError: the farm is away for longer, or has no room.
            FarmRefusedError: no worker fits.
        """
        identity = identity_for(self._request.settings.checkpoint)
        deadline = 0.0
        while not self._cancelled.is_set():
            try:
                connection = self._connected()
                order = order_of(self._request, identity, shared=self._settings.shared, probe=connection.probe)
                ending = self._on(connection, order)
                if ending is not None:
                    return ending
                deadline = 0.0
            except FarmError as error:
                deadline = deadline or time.monotonic() + RECONNECT_S
                if error.code == FULL or not self._has_run or time.monotonic() > deadline:
                    raise
                self._cancelled.wait(0.5)
            except AudioFileError as error:
                return JobFailed(job=self._job, code=error.code, message=error.message)
        return JobWasCancelled(job=self._job)

    def made_before(self) -> JobEnding | None:
        """The outcome where somebody had the same work done, and its stem is still there.

        Raises:
            FarmError: the farm is away.
        """
        connection = self._connected()
        identity = identity_for(self._request.settings.checkpoint)
        try:
            order = order_of(self._request, identity, shared=self._settings.shared, probe=connection.probe)
        except AudioFileError:
            return None
        return self._made_before(connection, order)

    def _on(self, connection: FarmConnection, order: RenderOrder) -> JobEnding | None:
        """The outcome; None: once more."""
        if made := self._made_before(connection, order):
            return made
        files = {order.files[role].sha256: path for role, path in paths_of(self._request).items()}
        connection.attend(order.task, files, self._events.put)
        future = self._submitted(connection, order)
        self._has_run = True
        try:
            return self._watched(connection, order, future)
        finally:
            connection.leave(order.task)
            future.release()

    def _submitted(self, connection: FarmConnection, order: RenderOrder) -> Future:
        workers = connection.workers(order.checkpoint)
        fitting = [one.address for one in workers if not one.obstacle]
        if not fitting:
            raise _no_worker(self._settings, workers)
        try:
            return connection.client.submit(
                render_order,
                order.as_json(),
                key=order.task,
                resources={RESOURCE: 1},
                retries=RETRIES,
                workers=fitting if len(fitting) < len(workers) else None,
                pure=False,
            )
        except (OSError, RuntimeError, ValueError) as error:
            raise away(self._settings, error) from error

    def _watched(self, connection: FarmConnection, order: RenderOrder, future: Future) -> JobEnding | None:
        while future.status == "pending":
            if self._cancelled.wait(TICK_S):
                future.cancel()
                return JobWasCancelled(job=self._job)
            self._show()
        self._show()
        if future.status == "error":
            error: Any = future.exception(timeout=CONNECT_S)
            return self._failed(error)
        if future.status != "finished":
            connection.forget_workers()
            return None  # the scheduler has gone, or a worker that alone fitted
        try:
            raw: Any = future.result(timeout=CONNECT_S)
            rendered = Rendered(**raw)
        except Exception as error:  # noqa: BLE001 - whatever Dask raises: the result went with its worker
            logger.info("job %s: its result was lost (%s); once more", self._job, error)
            return None
        return self._ended(connection, order, rendered)

    def _show(self) -> None:
        """Progress, on the thread of the job."""
        while not self._events.empty():
            said = self._events.get()
            self._gate.offer(JobProgressed(job=self._job, fraction=float(said["fraction"]), stage=str(said["stage"])))
        if (progress := self._gate.due()) is not None:
            self._on_progress(progress)

    def _failed(self, error: BaseException | None) -> JobEnding:
        if isinstance(error, StylusError):
            return JobFailed(job=self._job, code=error.code, message=error.message)
        text = f"The farm gave the job up: {type(error).__name__}: {error}"[:500]
        return JobFailed(job=self._job, code="job.crashed", message=f"{text}. Look at the workers' logs.")

    def _ended(self, connection: FarmConnection, order: RenderOrder, rendered: Rendered) -> JobEnding | None:
        if rendered.state == "cancelled":
            return None  # by somebody who asked for the same work, and is gone
        if rendered.state == "failed":
            connection.forget_workers()
            if rendered.code == FULL:
                logger.warning("job %s: %s has no room (%s); elsewhere", self._job, rendered.name, rendered.message)
                return None
            return JobFailed(job=self._job, code=rendered.code, message=rendered.message)
        try:
            self._write(connection, rendered)
        except FarmError as error:
            logger.info("job %s: %s Once more", self._job, error)
            return None
        connection.client.set_metadata([CACHED, order.key], rendered.as_json())
        return JobDone(job=self._job, stem=rendered.stem_at(self._request.stem))

    def _made_before(self, connection: FarmConnection, order: RenderOrder) -> JobEnding | None:
        """The same work, asked for earlier by anybody: its stem, if its worker still has it."""
        try:
            raw: Any = connection.client.get_metadata([CACHED, order.key], default=None)
            if not raw:
                return None
            rendered = Rendered(**{**raw, "shared": ""})
            if rendered.worker not in {one.address for one in connection.workers(order.checkpoint) if not one.silent}:
                return None
            self._write(connection, rendered)
        except (FarmError, OSError, RuntimeError, TypeError):
            return None
        return JobDone(job=self._job, stem=rendered.stem_at(self._request.stem))

    def _write(self, connection: FarmConnection, rendered: Rendered) -> None:
        """The stem at its place, whole or not at all."""
        request = self._request
        write_made_stem(
            request.stem,
            _checked(self._chunks(connection, rendered), rendered.sha256),
            rendered.size,
            protect=(request.source, *(style.path for style in request.styles)),
            replaces_links=request.is_in_job_folder,
        )

    def _chunks(self, connection: FarmConnection, rendered: Rendered) -> Iterator[bytes]:
        shared = self._settings.shared and rendered.shared and SharedFolder(self._settings.shared).take(rendered.shared)
        if shared:
            with shared.open("rb") as stream:
                yield from iter(lambda: stream.read(CHUNK_BYTES), b"")
            shared.unlink(missing_ok=True)
        else:
            yield from download(connection.client, rendered.worker, rendered.sha256, rendered.size)


def _checked(chunks: Iterator[bytes], sha256: str) -> Iterator[bytes]:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
        yield chunk
    if digest.hexdigest() != sha256:
        raise FarmError("farm.transfer", "The stem arrived damaged.")


def _no_worker(settings: FarmSettings, workers: Sequence[WorkerSaid]) -> StylusError:
    """Refused where all have another version or model; where one has no room or is silent, renders can stay here."""
    farm = f"farm at {settings.address.url}"
    if full := [one.full for one in workers if one.full and not one.complaint]:
        return FarmError(FULL, f"No worker of the {farm} has room. {full[0]}")
    if silent := [one.silent for one in workers if one.silent]:
        return FarmError("farm.no_worker", f"No worker of the {farm} can be used. {' '.join(silent)}")
    if not workers:
        text = f"The {farm} has no workers. Start one: stylus-daw farm worker ADDRESS."
        return FarmError("farm.no_worker", text)
    return FarmRefusedError("farm.refused", " ".join(one.complaint for one in workers))
