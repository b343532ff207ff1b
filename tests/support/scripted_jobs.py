"""Hand-written stands-in for what the app gives the bridge, and a host that speaks raw OSC."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pythonosc.osc_message_builder import OscMessageBuilder

from stylus_bridge.folders.job_file import JobFile
from stylus_bridge.wire import datagrams as wire
from stylus_bridge.wire.protocol import EVENTS
from stylus_daw.errors import JobError, PresetError
from stylus_daw.jobs.job import (
    JobDone,
    JobEvent,
    JobFailed,
    JobProgressed,
    JobQueued,
    JobWasCancelled,
    Origin,
    RenderRequest,
    Stem,
    StyleFile,
)

Tell = Callable[[JobEvent], object] | None


class ScriptedJobs:
    """A JobService that does only what the test says."""

    def __init__(self) -> None:
        self.requests: dict[str, RenderRequest] = {}
        self.last: dict[str, JobEvent] = {}
        self.while_submitting: Callable[[str], None] = lambda job: None
        self.cancelled: list[str] = []
        self.told: list[str] = []
        self._listeners: list[Callable[[JobEvent], None]] = []

    def submit(self, job_id: str, request: RenderRequest, tell: Tell = None) -> JobEvent:
        if job_id in self.requests:
            return self.status(job_id, tell)
        self.requests[job_id] = request
        queued = JobQueued(job=job_id, position=len(self.requests) - 1)
        self.emit(queued)
        self._told(queued, tell)
        self.while_submitting(job_id)
        return queued

    def cancel(self, job_id: str, tell: Tell = None) -> JobEvent:
        event = self.status(job_id)
        self.cancelled.append(job_id)
        if isinstance(event, JobQueued):
            event = JobWasCancelled(job=job_id)
            self.emit(event)
        return self._told(event, tell)

    def status(self, job_id: str, tell: Tell = None) -> JobEvent:
        if job_id not in self.last:
            raise JobError("job.unknown", f"There is no job {job_id}.")
        return self._told(self.last[job_id], tell)

    def in_order(self, step: Callable[[], object]) -> None:
        step()

    def _told(self, event: JobEvent, tell: Tell) -> JobEvent:
        if tell is not None:
            tell(event)
        return event

    def untold(self, client: str) -> list[JobEvent]:
        ended = (JobDone, JobFailed, JobWasCancelled)
        return [
            e for e in self.last.values() if isinstance(e, ended) and e.job not in self.told and self.owns(client, e)
        ]

    def mark_told(self, job_id: str) -> None:
        self.told.append(job_id)

    def client_of(self, job_id: str) -> str:
        return self.requests[job_id].origin.client if job_id in self.requests else ""

    def owns(self, client: str, event: JobEvent) -> bool:
        return self.client_of(event.job) == client

    def subscribe(self, listener: Callable[[JobEvent], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def emit(self, event: JobEvent) -> None:
        self.last[event.job] = event
        for listener in list(self._listeners):
            listener(event)

    def progress(self, job: str, fraction: float, stage: str = "styling") -> None:
        self.emit(JobProgressed(job=job, fraction=fraction, stage=stage))

    def finish(self, job: str) -> None:
        stem = self.requests[job].stem
        self.emit(JobDone(job=job, stem=Stem(path=stem, start=2**53 + 1, length=480, rate=48_000, channels=2)))

    def fail(self, job: str, message: str = "It went wrong.") -> None:
        self.emit(JobFailed(job=job, code="engine.nan", message=message))


class FixedPresets:
    def __init__(self, *presets: tuple[str, str]) -> None:
        self.presets = presets

    def list(self) -> Sequence[tuple[str, str]]:
        return self.presets


class PlainBuilder:
    """Builds requests without a preset library; the preset ``nope`` is unknown, ``bug`` breaks."""

    def __init__(self, jobs_folder: Path) -> None:
        self.jobs_folder = jobs_folder
        self.built: list[JobFile] = []

    def build(self, job: JobFile, folder: Path) -> RenderRequest:
        self.built.append(job)
        return self._request(Path(job.source), folder / "stem.wav", job.preset, job.client)

    def build_short(self, job_id: str, wav: Path, preset: str) -> RenderRequest:
        return self._request(wav, self.jobs_folder / job_id / "stem.wav", preset, "short")

    def _request(self, source: Path, stem: Path, preset: str, client: str) -> RenderRequest:
        if preset == "nope":
            raise PresetError("preset.unknown", "There is no preset 'nope'. Did you mean 'warm-strings'?")
        if preset == "bug":
            raise ZeroDivisionError("a bug in the builder")
        styles = (StyleFile(path=source),)
        return RenderRequest(source=source, stem=stem, styles=styles, origin=Origin(client=client, preset=preset))


class RawHost:
    """A UDP socket that sends whatever a test wants and reads what comes back."""

    def __init__(self, port: int, token: str) -> None:
        self.token = token
        self.app = ("127.0.0.1", port)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))

    @property
    def port(self) -> int:
        return int(self.socket.getsockname()[1])

    def close(self) -> None:
        self.socket.close()

    def send(self, packet: bytes) -> None:
        self.socket.sendto(packet, self.app)

    def ask(self, address: str, *arguments: Any, tags: str | None = None) -> None:
        """Send a message that begins with the token."""
        self.send(message(address, self.token, *arguments, tags=tags and "s" + tags))

    def next(self, timeout_s: float = 10.0) -> Any:
        """The next message from the app."""
        self.socket.settimeout(timeout_s)
        return wire.decode(self.socket.recv(65_536), EVENTS)

    def hears(self, count: int) -> list[Any]:
        """The next ``count`` messages."""
        return [self.next() for _ in range(count)]

    def hears_nothing(self, seconds: float = 0.05) -> bool:
        """The app says nothing more within a moment."""
        self.socket.settimeout(seconds)
        try:
            self.socket.recv(65_536)
        except TimeoutError:
            return True
        return False

    def answer(self, address: str, *arguments: Any) -> Any:
        """The one and only answer to a request."""
        self.ask(address, *arguments)
        answer = self.next()
        assert self.hears_nothing(0.03), "a second answer came"
        return answer


def message(address: str, *arguments: Any, tags: str | None = None) -> bytes:
    """An OSC message with python-osc's own idea of the types unless ``tags`` are given."""
    builder = OscMessageBuilder(address)
    for index, argument in enumerate(arguments):
        builder.add_arg(argument, tags[index] if tags else None)
    return builder.build().dgram


def soon(claim: Callable[[], bool], timeout_s: float = 5.0) -> bool:
    """``claim`` comes true within a few seconds."""
    deadline = time.monotonic() + timeout_s
    while not claim():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True
