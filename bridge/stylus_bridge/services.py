"""What the bridge needs from the rest of the app, as Protocols. ``stylus_daw/app.py`` supplies them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from stylus_daw.jobs.job import JobEvent, RenderRequest

if TYPE_CHECKING:
    from stylus_bridge.folders.job_file import JobFile

JobListener = Callable[[JobEvent], None]


class JobService(Protocol):
    """The queue, as far as a host may touch it.

    What is given as ``tell`` is called with what the method returns, on the thread that calls the listeners, in its
    place among the events: after all that had happened, before all that happens next.
    """

    def submit(self, job_id: str, request: RenderRequest, tell: JobListener | None = None, /) -> JobEvent:
        """Queue a job; a known id is answered with its state and not rendered again."""
        ...

    def cancel(self, job_id: str, tell: JobListener | None = None, /) -> JobEvent:
        """Stop a job; raises JobError ``job.unknown``."""
        ...

    def status(self, job_id: str, tell: JobListener | None = None, /) -> JobEvent:
        """A job's last event; raises JobError ``job.unknown``."""
        ...

    def in_order(self, step: Callable[[], object], /) -> None:
        """Call ``step`` on the thread that calls the listeners, after all that has happened."""
        ...

    def untold(self, client: str, /) -> Sequence[JobEvent]:
        """The outcomes of a client's jobs that no host has been told."""
        ...

    def mark_told(self, job_id: str, /) -> None:
        """A host has been told the outcome of the job, if it has one."""
        ...

    def client_of(self, job_id: str, /) -> str:
        """Who submitted the job; raises JobError ``job.unknown``."""
        ...

    def subscribe(self, listener: JobListener, /) -> Callable[[], object]:
        """Call ``listener`` at every event from now on, from any thread; the result ends that."""
        ...


class PresetIndex(Protocol):
    """The presets that a host may name."""

    def list(self) -> Sequence[tuple[str, str]]:
        """``(id, name)`` of each, in the order for menus."""
        ...


class RequestBuilder(Protocol):
    """Turns what a host asked for into a render request."""

    def build(self, job: JobFile, folder: Path, /) -> RenderRequest:
        """The request of a job folder. ``job.source`` is absolute and was checked."""
        ...

    def build_short(self, job_id: str, wav: Path, preset: str, /) -> RenderRequest:
        """The request of the short form: the whole of ``wav``, at position 0."""
        ...
