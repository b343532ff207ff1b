"""What each request means: the message in, the answer out. No sockets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from stylus_bridge.desk import JobDesk
from stylus_bridge.events import to_message
from stylus_bridge.hosts.peers import Peers
from stylus_bridge.hosts.visitors import Visitors
from stylus_bridge.services import PresetIndex
from stylus_bridge.wire.address import Address
from stylus_bridge.wire.protocol import (
    CAPABILITIES,
    PROTOCOL_VERSION,
    AskStatus,
    CancelJob,
    ConfirmInserted,
    Hello,
    ListPresets,
    Message,
    Ping,
    Pong,
    PresetListed,
    RenderFile,
    SubmitJob,
    Welcome,
)
from stylus_daw import __version__
from stylus_daw.errors import BridgeError
from stylus_daw.jobs.job import JobEvent
from stylus_daw.plain_text import plain

OnInserted = Callable[[str, str], None]
"""Told the job and the host's detail when the host has put the stem into the session."""


class Handlers:
    """Answers requests that were checked already."""

    def __init__(
        self, *, desk: JobDesk, peers: Peers, presets: PresetIndex, visitors: Visitors, on_inserted: OnInserted | None
    ) -> None:
        self._desk = desk
        self._peers = peers
        self._presets = presets
        self._visitors = visitors
        self._on_inserted = on_inserted

    def job_question(self, request: Any, sender: Address) -> Callable[[], JobEvent] | None:
        """What to ask the desk for a request that makes its sender a listener of a job; None for the others."""
        match request:
            case SubmitJob():
                return lambda: self._desk.submit_folder(request.job, Path(request.folder))
            case RenderFile():
                client = self._peers.client_at(sender)
                return lambda: self._desk.submit_file(request.job, Path(request.wav), request.preset, client)
            case CancelJob():
                return lambda: self._desk.cancel(request.job)
        return None

    def answers(self, request: Any, sender: Address, own_port: int) -> list[Message]:
        """The messages that answer any other request.

        Raises:
            StylusError: it is refused.
        """
        match request:
            case Hello():
                said = replace(request, client=plain(request.client), client_version=plain(request.client_version))
                return [self._welcome(said, sender, own_port)]
            case Ping():
                queued, running = self._desk.counts()
                return [Pong(version=__version__, queued=queued, running=running)]
            case ListPresets():
                return self._list_presets()
            case AskStatus():
                return [to_message(self._desk.status(request.job))]
            case ConfirmInserted():
                self._note_inserted(request)
                return []
        raise TypeError(f"{type(request).__name__} is not a request")

    def _welcome(self, hello: Hello, sender: Address, own_port: int) -> Welcome:
        if hello.protocol != PROTOCOL_VERSION:
            raise BridgeError(
                "protocol.version",
                f"{hello.client} uses protocol {hello.protocol}, this app {PROTOCOL_VERSION}. "
                "Install the host scripts of this version.",
            )
        if hello.reply_port == own_port:
            raise BridgeError("osc.range", f"reply_port {own_port} is the app's own. Use the port you listen on, or 0.")
        self._peers.welcome(sender, hello)
        self._visitors.note(hello.client, hello.client_version)
        return Welcome(
            protocol=PROTOCOL_VERSION,
            version=__version__,
            capabilities=",".join(CAPABILITIES),
            jobs_folder=str(self._desk.jobs_folder.resolve()),
        )

    def _list_presets(self) -> list[Message]:
        presets = self._presets.list()
        if not presets:
            return [PresetListed(index=0, count=0, id="", name="")]
        return [PresetListed(index=i, count=len(presets), id=id, name=name) for i, (id, name) in enumerate(presets)]

    def _note_inserted(self, request: ConfirmInserted) -> None:
        self._desk.status(request.job)
        if self._on_inserted is not None:
            self._on_inserted(request.job, request.detail)
