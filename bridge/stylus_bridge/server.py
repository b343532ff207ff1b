"""BridgeServer: listens to DAWs, answers each request exactly once, and tells hosts how their jobs go."""

from __future__ import annotations

import hmac
import logging
import os
import secrets
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from stylus_bridge.client.endpoint import Endpoint, remove_endpoint, write_endpoint
from stylus_bridge.desk import JobDesk
from stylus_bridge.errands import Errands
from stylus_bridge.folders.presets_file import PresetsFile
from stylus_bridge.folders.refusal_note import leave_note
from stylus_bridge.handlers import Handlers, OnInserted
from stylus_bridge.hosts.budgets import ErrorBudget, RefusalLog
from stylus_bridge.hosts.listeners import read_listeners
from stylus_bridge.hosts.peers import PORTS_FILE, Peers
from stylus_bridge.hosts.visitors import Visitors
from stylus_bridge.services import JobService, PresetIndex, RequestBuilder
from stylus_bridge.telling import Teller
from stylus_bridge.watcher import FolderWatcher
from stylus_bridge.wire import datagrams as wire
from stylus_bridge.wire.address import Address
from stylus_bridge.wire.arguments import parse
from stylus_bridge.wire.protocol import (
    DEFAULT_PORT,
    REQUESTS,
    AskStatus,
    Hello,
    Ping,
    Ready,
    Refused,
    SubmitJob,
    address_of,
    refusal,
)
from stylus_bridge.wire.traffic import Direction, Traffic
from stylus_bridge.wire.udp import UdpListener
from stylus_daw import __version__
from stylus_daw.errors import BridgeError, StylusError, quoted
from stylus_daw.plain_text import plain
from stylus_daw.supervision import SupervisedThread

logger = logging.getLogger(__name__)
log_in = logging.getLogger("stylus.osc.in")

AT_ONCE = (Hello, Ping)
"""Requests that need neither disk nor lock: whatever the others wait for, the app can be seen to live."""

_EVERY_INTERFACE = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}


class BridgeServer:
    """The app's side of the bridge: OSC, ``bridge.json``, job folders.

    Attributes:
        token: random per run; the first argument of every request.
        traffic: the last messages in both directions.
        visitors: when each host was last heard of.
    """

    def __init__(
        self,
        *,
        jobs: JobService,
        presets: PresetIndex,
        builder: RequestBuilder,
        jobs_folder: Path,
        state_folder: Path,
        allowed_roots: tuple[Path, ...] = (),
        host: str = "127.0.0.1",
        port: int = DEFAULT_PORT,
        on_inserted: OnInserted | None = None,
    ) -> None:
        self.token = secrets.token_hex(16)
        self.traffic = Traffic()
        self._jobs = jobs
        self._jobs_folder = jobs_folder
        self._state_folder = state_folder
        self._host = host
        self._wanted_port = port
        self.visitors = Visitors(state_folder)
        self._desk = JobDesk(
            jobs=jobs,
            builder=builder,
            jobs_folder=jobs_folder,
            allowed_roots=allowed_roots,
            on_client=self.visitors.note,
        )
        self._peers = Peers(state_folder / PORTS_FILE)
        self._told_all = read_listeners(state_folder)
        self._handlers = Handlers(
            desk=self._desk, peers=self._peers, presets=presets, visitors=self.visitors, on_inserted=on_inserted
        )
        self._teller = Teller(
            jobs=jobs, desk=self._desk, peers=self._peers, told_all=self._told_all, traffic=self.traffic
        )
        self._watcher = FolderWatcher(self._desk)
        self._presets_file = PresetsFile(state_folder, presets)
        self._errands = Errands()
        self._errors, self._refusals = ErrorBudget(), RefusalLog()
        self._counts: Counter[str] = Counter()
        self._listener: UdpListener | None = None
        self._unsubscribe: Callable[[], object] = lambda: None

    @property
    def port(self) -> int:
        """The port in use; 0 before :meth:`start`."""
        return self._listener.port if self._listener else 0

    @property
    def threads(self) -> tuple[SupervisedThread, ...]:
        """What must live from :meth:`start` to :meth:`stop`."""
        heard = (self._listener.thread,) if self._listener else ()
        return (*heard, self._errands.thread, self._watcher.thread, self._presets_file.thread)

    @property
    def counts(self) -> dict[str, int]:
        """How many ``requests`` came, were ``refused`` with an error, were ``muted`` by the rate
        limit, and were ``dropped`` because too many waited."""
        return dict(self._counts)

    def start(self) -> None:
        """Open the port, write ``bridge.json``, take up folders, tell earlier hosts. Start a server once.

        Raises:
            BridgeError: no port is free, or a folder cannot be written.
        """
        _make_folder(self._jobs_folder)
        self._listener = UdpListener(self._host, self._wanted_port, self._on_packet)
        self._teller.speak_through(self._listener)
        self._unsubscribe = self._jobs.subscribe(self._teller.tell_event)
        try:
            write_endpoint(self._state_folder, self._endpoint())
        except BridgeError:
            self._unsubscribe()
            self._listener.stop()
            raise
        self._errands.start()
        self._listener.start()
        self._presets_file.start()
        self._watcher.start()
        for address in {*self._peers.remembered(), *self._told_all}:
            self._teller.send(Ready(version=__version__), address)
        logger.info("listening to DAWs on %s:%d", self._host, self.port)

    def stop(self) -> None:
        """Undo :meth:`start` in reverse order."""
        self._watcher.stop()
        self._presets_file.stop()
        remove_endpoint(self._state_folder, self.token)
        self._errands.stop()
        self._unsubscribe()
        if self._listener is not None:
            self._listener.stop()

    def _endpoint(self) -> Endpoint:
        return Endpoint(
            host=_EVERY_INTERFACE.get(self._host, self._host),
            port=self.port,
            token=self.token,
            pid=os.getpid(),
            version=__version__,
            jobs=str(self._jobs_folder.resolve()),
        )

    def _on_packet(self, packet: bytes, sender: Address) -> None:
        sender = (sender[0], sender[1])
        try:
            for datagram in wire.split_packet(packet):
                self._on_message(datagram, sender)
        except BridgeError as error:
            self._refuse_stranger(error, "", sender)

    def _on_message(self, datagram: bytes, sender: Address) -> None:
        self._counts["requests"] += 1
        address = ""
        try:
            envelope = wire.open_envelope(datagram)
            address = envelope.address
            kind, arguments = wire.read_arguments(envelope, REQUESTS)
        except BridgeError as error:
            self._refuse_stranger(error, address, sender)
            return
        wrong = self._wrong_token(arguments[0])
        if wrong is not None:
            self._refuse_stranger(wrong, address, sender, job=arguments[1] if kind is SubmitJob else "")
            return
        log_in.debug("%s %s %s", sender, address, arguments[1:])
        self.traffic.note(Direction.IN, sender, address, arguments[1:])
        if kind in AT_ONCE:
            self._act_on(kind, arguments, sender)
        elif not self._errands.add(lambda: self._act_on(kind, arguments, sender)):
            self._counts["dropped"] += 1

    def _wrong_token(self, token: str) -> BridgeError | None:
        if hmac.compare_digest(token.encode(), self.token.encode()):
            return None
        return BridgeError("bridge.token", "The token is from another run. Read bridge.json again and retry.")

    def _act_on(self, kind: type[Any], arguments: list[Any], sender: Address) -> None:
        try:
            request = parse(kind, arguments)
            ask, reply_to = self._handlers.job_question(request, sender), self._peers.reply_to(sender)
            if ask is not None:
                self._teller.answer_about(request.job, ask, reply_to, stays=kind is not AskStatus)
            else:
                self._answer(request, sender)
        except StylusError as error:
            self._refuse(refusal(error, address_of(kind)), sender)
        except Exception as error:
            logger.exception("%s from %s failed", address_of(kind), sender)
            bug = Refused(code="bug", message=f"{type(error).__name__}: {error}", address=address_of(kind))
            self._refuse(bug, sender)

    def _answer(self, request: Any, sender: Address) -> None:
        answers = self._handlers.answers(request, sender, self.port)
        reply_to = self._peers.reply_to(sender)
        encoded = [(answer, wire.encode(answer)) for answer in answers]
        if isinstance(request, Hello):  # first: a host that has been welcomed is remembered, even if the app ends now
            self._note(request, reply_to)
        for answer, datagram in encoded:
            self._teller.send_encoded(answer, datagram, reply_to)
        if isinstance(request, Hello):
            self._peers.join(reply_to, plain(request.client))
            self._teller.tell_untold(plain(request.client), reply_to)

    def _note(self, hello: Hello, reply_to: Address) -> None:
        key = (plain(hello.client), reply_to)
        self._errands.add_once(key, lambda: self._handlers.write_down(hello, reply_to))

    def _refuse_stranger(self, error: BridgeError, address: str, sender: Address, *, job: str = "") -> None:
        """Refuse what may come from anybody: rate-limited, and an error is never answered with an error."""
        if address == address_of(Refused) or not self._errors.allows(sender):
            self._counts["muted"] += 1
            return
        if job:
            self._errands.add(lambda: leave_note(self._jobs_folder, job, error))
        self._refuse(refusal(error, address), sender)

    def _refuse(self, answer: Refused, sender: Address) -> None:
        self._counts["refused"] += 1
        self._refusals.note("%s from %s refused: %s: %s", answer.address, sender, answer.code, answer.message)
        self._teller.send(answer, self._peers.reply_to(sender))


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BridgeError("bridge.jobs_folder", f"The jobs folder {quoted(folder)} cannot be made: {error}.") from error
