"""What each request means: the message in, the answer out. No sockets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from stylus_bridge.desk import JobDesk
from stylus_bridge.hosts.peers import Peers
from stylus_bridge.hosts.visitors import Visitors
from stylus_bridge.services import PresetIndex
from stylus_bridge.telling import Ask
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

    def job_question(self, request: Any, sender: Address) -> Ask | None:
        """What to ask the desk for a request about one job; None for the others."""
        match request:
            case SubmitJob():
                return lambda tell: self._desk.submit_folder(request.job, Path(request.folder), tell)
            case RenderFile():
                client = self._peers.client_at(sender)
                return lambda tell: self._desk.submit_file(request.job, Path(request.wav), request.preset, client, tell)
            case CancelJob():
                return lambda tell: self._desk.cancel(request.job, tell)
            case AskStatus():
                return lambda tell: self._desk.status(request.job, tell)
        return None

    def answers(self, request: Any, sender: Address, own_port: int) -> list[Message]:
        """The messages that answer any other request.

        Raises:
            StylusError: it is refused.
        """
        match request:
            case Hello():
                return [self._welcome(_cleaned(request), sender, own_port)]
            case Ping():
                queued, running = self._desk.counts()
                return [Pong(version=__version__, queued=queued, running=running)]
            case ListPresets():
                return self._list_presets()
            case ConfirmInserted():
                self._note_inserted(request)
                return []
        raise TypeError(f"{type(request).__name__} is not a request")

    def write_down(self, hello: Hello, reply_to: Address) -> None:
        """Keep on the disk that a host has said hello, and where it wants its answers."""
        said = _cleaned(hello)
        self._visitors.note(said.client, said.client_version)
        if said.reply_port:
            self._peers.remember(reply_to)

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
        return Welcome(
            protocol=PROTOCOL_VERSION,
            version=__version__,
            capabilities=",".join(CAPABILITIES),
            jobs_folder=str(self._desk.resolved_folder),
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


def _cleaned(hello: Hello) -> Hello:
    return replace(hello, client=plain(hello.client), client_version=plain(hello.client_version))
