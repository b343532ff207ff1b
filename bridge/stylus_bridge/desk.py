"""The desk where jobs are submitted, whether a message or a folder brought them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from threading import Lock

from stylus_bridge.folders.job_file import JobFile
from stylus_bridge.folders.job_folder import JOB_FILE, check_inside, read_job
from stylus_bridge.folders.state_writer import StateWriter, put_state
from stylus_bridge.services import JobListener, JobService, RequestBuilder
from stylus_bridge.wire import datagrams as wire
from stylus_bridge.wire.protocol import Done
from stylus_daw.atomic_inside import is_link
from stylus_daw.errors import BridgeError, JobError, StylusError, quoted
from stylus_daw.jobs.job import JobEvent, JobFailed, RenderRequest
from stylus_daw.regular_file import is_regular_file

logger = logging.getLogger(__name__)

_LONGEST_NUMBER = -(2**62)


class JobDesk:
    """Checks what a host submits, has it built, queues it once, and keeps its folder's ``state.json``.

    Attributes:
        jobs_folder: where hosts put job folders, each named by its job id.
        allowed_roots: further folders that sources may be in.
    """

    def __init__(
        self,
        *,
        jobs: JobService,
        builder: RequestBuilder,
        jobs_folder: Path,
        allowed_roots: tuple[Path, ...] = (),
        on_client: Callable[[str], None] = lambda client: None,
    ) -> None:
        self.jobs_folder = jobs_folder
        self.allowed_roots = allowed_roots
        self._jobs = jobs
        self._builder = builder
        self._on_client = on_client
        self._states = StateWriter()
        self._one_submission = Lock()

    @cached_property
    def resolved_folder(self) -> Path:
        """The jobs folder without links, as it is when first asked for."""
        return self.jobs_folder.resolve()

    def submit_folder(self, job: str, folder: Path, tell: JobListener | None = None) -> JobEvent:
        """Queue a job folder. A known job is answered with its state. For ``tell``, see :class:`JobService`.

        Raises:
            StylusError: it cannot be rendered as asked; the folder's ``state.json`` says so too.
        """
        with self._one_submission:
            known = self.find(job, tell)
            if known is not None:
                return known
            folder = self._check_folder(job, folder)
            try:
                file = self._read(job, folder)
                request = self._built(job, lambda: self._builder.build(file, folder))
            except StylusError as error:
                put_state(folder, JobFailed(job=job, code=error.code, message=error.message))
                raise
            return self._queue(job, request, folder, file.client, tell)

    def submit_file(
        self, job: str, wav: Path, preset: str, client: str = "", tell: JobListener | None = None
    ) -> JobEvent:
        """Queue the short form; its ``state.json`` goes to ``<jobs>/<job>``.

        Raises:
            StylusError: it cannot be rendered as asked.
        """
        with self._one_submission:
            known = self.find(job, tell)
            if known is not None:
                return known
            source = self._check_source(wav)
            folder = self._make_folder(job)
            request = self._built(job, lambda: self._builder.build_short(job, source, preset))
            named = replace(request.origin, client=client or request.origin.client)
            return self._queue(job, replace(request, origin=named), folder, client, tell)

    def find(self, job: str, tell: JobListener | None = None) -> JobEvent | None:
        """The job's last event; None for an unknown job."""
        try:
            return self.status(job, tell)
        except JobError as error:
            if error.code == "job.unknown":
                return None
            raise

    def status(self, job: str, tell: JobListener | None = None) -> JobEvent:
        """The job's last event.

        Raises:
            JobError: ``job.unknown``.
        """
        return self._jobs.status(job, tell)

    def cancel(self, job: str, tell: JobListener | None = None) -> JobEvent:
        """Stop a job. Returns its last event: a running job's outcome follows when the engine has stopped.

        Raises:
            JobError: ``job.unknown``.
        """
        return self._jobs.cancel(job, tell)

    def refuse_folder(self, folder: Path, event: JobEvent) -> None:
        """End a folder whose job never reached the queue."""
        put_state(folder, event)

    def adopt(self, job: str, folder: Path) -> bool:
        """Take up a folder of an earlier run. False: the queue does not know its job."""
        if self.find(job) is None:
            return False
        self._states.add(job, folder, _client_in(folder, self.allowed_roots) or self._jobs.client_of(job))
        if (event := self.find(job)) is not None:  # asked after the folder is known: no later event can be missed
            self._states.write_first(event)
        return True

    def record(self, event: JobEvent) -> None:
        """An event has happened: write it to the job's folder."""
        self._states.write(event)

    def client_of(self, job: str) -> str:
        """The ``client`` named by the job's folder, or an empty string."""
        return self._states.client_of(job)

    def counts(self) -> tuple[int, int]:
        """How many jobs of this bridge wait, and how many run."""
        return self._states.counts()

    def unfinished(self) -> list[tuple[str, Path]]:
        """Jobs of this bridge that wait or run, with their folders."""
        return self._states.unfinished()

    def _check_folder(self, job: str, folder: Path) -> Path:
        resolved = check_inside(folder, (self.jobs_folder,), "job_folder.place")
        if resolved != self.jobs_folder.resolve() / job:
            raise BridgeError(
                "job_folder.place",
                f"The folder of job {job!r} is {quoted(resolved)}; it must be {quoted(self.jobs_folder / job)}.",
            )
        return resolved

    def _read(self, job: str, folder: Path) -> JobFile:
        file = read_job(folder, self.allowed_roots)
        if file.job != job:
            raise BridgeError(
                "job_file.job", f"The folder is named {job!r} but job.json says {file.job!r}; give both the same id."
            )
        return file

    def _built(self, job: str, build: Callable[[], RenderRequest]) -> RenderRequest:
        try:
            request = build()
            _check_fits_a_packet(job, request)
        except StylusError:
            raise
        except Exception as error:
            logger.exception("job %s: building its request failed", job)
            raise BridgeError("bug", f"{type(error).__name__}: {error}. The log has more.") from error
        return request

    def _check_source(self, wav: Path) -> Path:
        if not wav.is_absolute():
            raise BridgeError("job_file.source", f"{quoted(wav)} is not an absolute path. Send the full path.")
        source = check_inside(wav, (self.jobs_folder, *self.allowed_roots), "job_file.source")
        if not is_regular_file(source):
            raise BridgeError(
                "job_file.source", f"{quoted(str(source)[:300])} is not a file. Write it before sending the message."
            )
        return source

    def _make_folder(self, job: str) -> Path:
        folder = self.jobs_folder / job
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BridgeError("job_folder.unwritable", f"{quoted(folder)} cannot be created: {error}.") from error
        if is_link(folder):
            raise BridgeError("job_folder.place", f"{quoted(folder)} is a link; a job's folder must be a folder.")
        return folder

    def _queue(self, job: str, request: RenderRequest, folder: Path, client: str, tell: JobListener | None) -> JobEvent:
        self._states.add(job, folder, client)
        try:
            event = self._jobs.submit(job, request, tell)
        except BaseException:
            self._states.remove(job)
            raise
        logger.info("job %s: taken from %s", job, client or "a host")
        self._on_client(client)
        return event


def _check_fits_a_packet(job: str, request: RenderRequest) -> None:
    """Refuse a job before it is rendered if its ``done`` could not be told."""
    number = _LONGEST_NUMBER
    path = str(request.stem)
    wire.encode(Done(job=job, stem_path=path, start_sample=number, length_samples=number, rate=0, channels=0))


def _client_in(folder: Path, allowed_roots: tuple[Path, ...]) -> str:
    try:
        return read_job(folder, allowed_roots).client if (folder / JOB_FILE).exists() else ""
    except StylusError:
        return ""
