"""BridgeServer: listens to DAWs, answers each request exactly once, and tells hosts how their jobs go."""

from __future__ import annotations

import hmac
import logging
import os
import secrets
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any

from stylus_bridge.client.endpoint import Endpoint, remove_endpoint, write_endpoint
from stylus_bridge.desk import JobDesk
from stylus_bridge.events import to_message
from stylus_bridge.folders.presets_file import PresetsFile
from stylus_bridge.folders.refusal_note import leave_note
from stylus_bridge.handlers import Handlers, OnInserted
from stylus_bridge.hosts.budgets import ErrorBudget, RefusalLog
from stylus_bridge.hosts.listeners import read_listeners
from stylus_bridge.hosts.peers import PORTS_FILE, Peers
from stylus_bridge.hosts.subscriptions import Subscriptions
from stylus_bridge.hosts.visitors import Visitors
from stylus_bridge.services import JobService, PresetIndex, RequestBuilder
from stylus_bridge.watcher import FolderWatcher
from stylus_bridge.wire import datagrams as wire
from stylus_bridge.wire.address import Address
from stylus_bridge.wire.arguments import arguments_of, parse
from stylus_bridge.wire.protocol import (
    DEFAULT_PORT,
    FINAL,
    REQUESTS,
    Hello,
    Message,
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
from stylus_daw.jobs.job import JobEvent
from stylus_daw.plain_text import plain
from stylus_daw.supervision import SupervisedThread

logger = logging.getLogger(__name__)
log_in = logging.getLogger("stylus.osc.in")
log_out = logging.getLogger("stylus.osc.out")

_EVERY_INTERFACE = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}


class BridgeServer:
    """The app's side of the bridge: OSC, ``bridge.json``, job folders.

    Attributes:
        token: random per run; the first argument of every request.
        traffic: the last messages in both directions.
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
        visitors = Visitors(state_folder)
        self._desk = JobDesk(
            jobs=jobs, builder=builder, jobs_folder=jobs_folder, allowed_roots=allowed_roots, on_client=visitors.note
        )
        self._peers = Peers(state_folder / PORTS_FILE)
        self._told_all = read_listeners(state_folder)
        self._handlers = Handlers(
            desk=self._desk, peers=self._peers, presets=presets, visitors=visitors, on_inserted=on_inserted
        )
        self._watcher = FolderWatcher(self._desk)
        self._presets_file = PresetsFile(state_folder, presets)
        self._subscriptions = Subscriptions()
        self._in_order = Lock()
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
        return (*heard, self._watcher.thread, self._presets_file.thread)

    @property
    def counts(self) -> dict[str, int]:
        """How many ``requests`` came, were ``refused`` with an error, and were ``muted`` by the rate limit."""
        return dict(self._counts)

    def start(self) -> None:
        """Open the port, write ``bridge.json``, take up folders, tell earlier hosts. Start a server once.

        Raises:
            BridgeError: no port is free, or a folder cannot be written.
        """
        _make_folder(self._jobs_folder)
        self._listener = UdpListener(self._host, self._wanted_port, self._on_packet)
        self._unsubscribe = self._jobs.subscribe(self._on_event)
        try:
            write_endpoint(self._state_folder, self._endpoint())
        except BridgeError:
            self._unsubscribe()
            self._listener.stop()
            raise
        self._listener.start()
        self._presets_file.start()
        self._watcher.start()
        for address in {*self._peers.remembered(), *self._told_all}:
            self._send(Ready(version=__version__), address)
        logger.info("listening to DAWs on %s:%d", self._host, self.port)

    def stop(self) -> None:
        """Undo :meth:`start` in reverse order."""
        self._watcher.stop()
        self._presets_file.stop()
        remove_endpoint(self._state_folder, self.token)
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
        self._act_on(kind, arguments, sender)

    def _wrong_token(self, token: str) -> BridgeError | None:
        if hmac.compare_digest(token.encode(), self.token.encode()):
            return None
        return BridgeError("bridge.token", "The token is from another run. Read bridge.json again and retry.")

    def _act_on(self, kind: type[Any], arguments: list[Any], sender: Address) -> None:
        try:
            request = parse(kind, arguments)
            ask = self._handlers.job_question(request, sender)
            if ask is not None:
                self._answer_about(request.job, ask, self._peers.reply_to(sender))
            else:
                answers = self._handlers.answers(request, sender, self.port)
                for answer, datagram in [(answer, wire.encode(answer)) for answer in answers]:
                    self._send_encoded(answer, datagram, self._peers.reply_to(sender))
                if isinstance(request, Hello):
                    self._tell_untold(plain(request.client), self._peers.reply_to(sender))
        except StylusError as error:
            self._refuse(refusal(error, address_of(kind)), sender)
        except Exception as error:
            logger.exception("%s from %s failed", address_of(kind), sender)
            bug = Refused(code="bug", message=f"{type(error).__name__}: {error}", address=address_of(kind))
            self._refuse(bug, sender)

    def _answer_about(self, job: str, ask: Callable[[], JobEvent], reply_to: Address) -> None:
        """Answer with the job's event; events that happen meanwhile follow the answer."""
        is_new = self._subscriptions.hold(job, reply_to)
        try:
            answer = to_message(ask())
            datagram = wire.encode(answer)
        except BaseException:
            with self._in_order:
                self._send_all(self._subscriptions.abandon(job, reply_to, was_new=is_new), reply_to)
            raise
        with self._in_order:
            self._send_encoded(answer, datagram, reply_to)
            self._send_all(self._subscriptions.settle(job, reply_to, answer), reply_to)

    def _tell_untold(self, client: str, address: Address) -> None:
        """How the jobs ended of which a host has not heard, since it or the app was closed."""
        with self._in_order:
            for event in self._jobs.untold(client) if client else ():
                self._subscriptions.end(event.job, address)
                self._send(to_message(event), address)

    def _on_event(self, event: JobEvent) -> None:
        """A job moved: first its folder, then its host."""
        owners = self._peers.of_client(self._desk.client_of(event.job)) | self._told_all
        self._desk.record(event)
        message = to_message(event)
        with self._in_order:
            for address in self._subscriptions.route(message, owners):
                self._send(message, address)

    def _refuse_stranger(self, error: BridgeError, address: str, sender: Address, *, job: str = "") -> None:
        """Refuse what may come from anybody: rate-limited, and an error is never answered with an error."""
        if address == address_of(Refused) or not self._errors.allows(sender):
            self._counts["muted"] += 1
            return
        if job:
            leave_note(self._jobs_folder, job, error)
        self._refuse(refusal(error, address), sender)

    def _refuse(self, answer: Refused, sender: Address) -> None:
        self._counts["refused"] += 1
        self._refusals.note("%s from %s refused: %s: %s", answer.address, sender, answer.code, answer.message)
        self._send(answer, self._peers.reply_to(sender))

    def _send_all(self, messages: list[Any], address: Address) -> None:
        for message in messages:
            self._send(message, address)

    def _send(self, message: Message, address: Address) -> None:
        try:
            datagram = wire.encode(message)
        except BridgeError as error:
            message = refusal(error, address_of(type(message)))
            datagram = wire.encode(message)
        self._send_encoded(message, datagram, address)

    def _send_encoded(self, message: Message, datagram: bytes, address: Address) -> None:
        arguments = arguments_of(message)
        log_out.debug("%s %s %s", address, address_of(type(message)), arguments)
        self.traffic.note(Direction.OUT, address, address_of(type(message)), arguments)
        if self._listener is not None:
            self._listener.send(datagram, address)
            if isinstance(message, FINAL) and address not in self._told_all:
                self._note_told(message.job)

    def _note_told(self, job: str) -> None:
        try:
            self._jobs.mark_told(job)
        except StylusError as error:
            logger.warning("job %s: told, but that could not be noted: %s", job, error)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BridgeError("bridge.jobs_folder", f"The jobs folder {quoted(folder)} cannot be made: {error}.") from error
