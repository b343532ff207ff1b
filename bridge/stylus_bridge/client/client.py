"""A small client of the bridge, for ``stylus-daw send``, the demo and the tests. Starts in milliseconds: no numpy."""

from __future__ import annotations

import json
import time
import uuid
from collections import deque
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from stylus_bridge.client.link import Link
from stylus_bridge.wire.protocol import (
    FINAL,
    PROTOCOL_VERSION,
    AskStatus,
    CancelJob,
    Cancelled,
    ConfirmInserted,
    Done,
    Failed,
    Hello,
    JobMessage,
    ListPresets,
    Message,
    Ping,
    Pong,
    PresetListed,
    Progressed,
    Refused,
    RenderFile,
    SubmitJob,
    Welcome,
    address_of,
)
from stylus_daw.errors import BridgeError, quoted

QUIET_S = 2.0
"""A job of which nothing was heard for this long is asked after."""


class BridgeClient:
    """Talks to the app whose ``bridge.json`` is in ``state_folder``.

    The file is read before every request, so that an app that was started again is found again. All
    requests are idempotent and are repeated when the answer is lost.

    Raises (all methods):
        BridgeError: ``bridge.not_running``, ``bridge.timeout``, or the code that the app answers with.
    """

    def __init__(self, state_folder: Path, *, timeout_s: float = 1.0, attempts: int = 4) -> None:
        self._link = Link(state_folder)
        self._timeout_s = timeout_s
        self._attempts = attempts
        self._inbox: deque[JobMessage] = deque()
        self._submitted: set[str] = set()
        self._has_introduced_itself = False

    def __enter__(self) -> BridgeClient:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the socket; the client opens another when it is used again."""
        self._link.close()

    def hello(self, client: str, client_version: str = "", reply_port: int = 0) -> Welcome:
        """Introduce this host; events of jobs that name ``client`` come here from now on."""
        self._has_introduced_itself = True
        hello = Hello(
            token="", protocol=PROTOCOL_VERSION, client=client, client_version=client_version, reply_port=reply_port
        )
        return self._ask(hello, lambda m: isinstance(m, Welcome))

    def ping(self) -> Pong:
        """The app's version, and how many jobs wait and run."""
        return self._ask(Ping(token=""), lambda m: isinstance(m, Pong))

    def presets(self) -> list[PresetListed]:
        """Every preset, in the app's order."""
        found: dict[int, PresetListed] = {}

        def is_complete(message: Message) -> bool:
            if isinstance(message, PresetListed):
                found[message.index] = message
                return len(found) >= message.count
            return False

        self._ask(ListPresets(token=""), is_complete)
        return [found[index] for index in sorted(found) if found[index].count]

    def submit(self, folder: Path) -> JobMessage:
        """Hand in a job folder. Returns ``Queued``, or the last event of a job that the app knows already."""
        folder = folder.resolve()
        request = SubmitJob(token="", job=_job_in(folder), folder=str(folder))
        self._submitted.add(request.job)
        return self._ask_about(request)

    def render(self, wav: Path, preset: str, job: str | None = None) -> JobMessage:
        """Have a whole file rendered with a preset; ``job`` is made up unless given."""
        request = RenderFile(token="", job=job or str(uuid.uuid4()), wav=str(wav.resolve()), preset=preset)
        self._submitted.add(request.job)
        return self._ask_about(request)

    def status(self, job: str) -> JobMessage:
        """The job's last event."""
        return self._ask_aside(AskStatus(token="", job=job))

    def cancel(self, job: str) -> JobMessage:
        """Stop a job. ``Cancelled``, or its last event while the engine comes to a halt (then see :meth:`wait`)."""
        hears_of_it = job in self._submitted or self._has_introduced_itself
        return (self._ask_aside if hears_of_it else self._ask_about)(CancelJob(token="", job=job))

    def inserted(self, job: str, detail: str) -> None:
        """Tell the app that the stem is in the session."""
        self._link.send(ConfirmInserted(token="", job=job, detail=detail))

    def heard(self) -> list[JobMessage]:
        """Events that came and that nobody waited for, in order; each is given once."""
        self._keep_events()
        events = list(self._inbox)
        self._inbox.clear()
        return events

    def wait(
        self, job: str, on_progress: Callable[[Progressed], None] | None = None, timeout_s: float = 3600.0
    ) -> Done | Cancelled | Failed:
        """The job's end. Asks for it where its message was lost.

        Raises:
            BridgeError: ``bridge.timeout``: the job continues, but not this call.
        """
        deadline = time.monotonic() + timeout_s
        self._keep_events()
        patience = 0.0  # nothing heard yet: it may have ended long ago
        while (left := deadline - time.monotonic()) > 0:
            message = self._next_event(job, min(left, patience)) or self.status(job)
            patience = QUIET_S
            if isinstance(message, FINAL):
                return message
            if on_progress is not None and isinstance(message, Progressed):
                on_progress(message)
        raise BridgeError("bridge.timeout", f"Job {job} has not finished within {timeout_s:g} s. It continues.")

    def _ask_about(self, request: Any) -> JobMessage:
        return self._ask(request, lambda m: isinstance(m, JobMessage) and m.job == request.job)

    def _ask_aside(self, request: Any) -> JobMessage:
        """Ask from a socket of its own: the first that it hears of the job is the answer, and not some event."""
        with BridgeClient(self._link.state_folder, timeout_s=self._timeout_s, attempts=self._attempts) as aside:
            return aside._ask_about(request)

    def _ask(self, request: Any, is_answer: Callable[[Any], bool]) -> Any:
        self._keep_events()
        for _ in range(self._attempts):
            self._link.send(request)
            answer = self._await_answer(address_of(type(request)), is_answer)
            if answer is not None:
                return answer
        raise BridgeError(
            "bridge.timeout",
            f"stylus-daw was asked {self._attempts} times and has not answered {address_of(type(request))}. "
            "If it is busy, wait and try again; otherwise restart it.",
        )

    def _await_answer(self, address: str, is_answer: Callable[[Any], bool]) -> Any:
        deadline = time.monotonic() + self._timeout_s
        while (left := deadline - time.monotonic()) > 0:
            message = self._link.receive(left)
            if isinstance(message, Refused) and message.address == address:
                raise BridgeError(message.code, message.message)
            if message is not None and is_answer(message):
                return message
            self._keep(message)
        return None

    def _next_event(self, job: str, timeout_s: float) -> JobMessage | None:
        for message in self._inbox:
            if message.job == job:
                self._inbox.remove(message)
                return message
        deadline = time.monotonic() + timeout_s
        while (left := deadline - time.monotonic()) > 0:
            message = self._link.receive(left)
            if isinstance(message, JobMessage) and message.job == job:
                return message
            self._keep(message)
        return None

    def _keep(self, message: Any) -> None:
        if isinstance(message, JobMessage):
            self._inbox.append(message)

    def _keep_events(self) -> None:
        """Empty the socket, so that a late answer is not taken for the next one's."""
        for message in self._link.pending():
            self._keep(message)


def _job_in(folder: Path) -> str:
    try:
        return str(json.loads((folder / "job.json").read_text("utf-8-sig"))["job"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BridgeError(
            "job_file.missing", f"{quoted(folder)} does not contain a job.json that names a job: {error}."
        ) from error
