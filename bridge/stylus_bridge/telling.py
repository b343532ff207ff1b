"""Teller: sends messages to hosts, and everything about a job in the order in which it happened."""

from __future__ import annotations

import logging
from collections.abc import Callable

from stylus_bridge.desk import JobDesk
from stylus_bridge.events import is_final, to_message
from stylus_bridge.hosts.peers import Peers
from stylus_bridge.hosts.subscriptions import Subscriptions
from stylus_bridge.services import JobListener, JobService
from stylus_bridge.wire import datagrams as wire
from stylus_bridge.wire.address import Address
from stylus_bridge.wire.arguments import arguments_of
from stylus_bridge.wire.protocol import FINAL, Message, address_of, refusal
from stylus_bridge.wire.traffic import Direction, Traffic
from stylus_bridge.wire.udp import UdpListener, is_anybody_at
from stylus_daw.errors import BridgeError, StylusError
from stylus_daw.jobs.job import JobEvent

logger = logging.getLogger(__name__)
log_out = logging.getLogger("stylus.osc.out")

Ask = Callable[[JobListener], object]
"""A question to the desk. What it is given is called with the answer, in its place among the events."""


class Teller:
    """The app's voice.

    Args:
        jobs: tells how jobs go, on one thread.
        desk: keeps the folders of jobs.
        peers: hosts that have said hello.
        told_all: ports that hear of every job and can ask for nothing.
        traffic: where what is sent is noted.
    """

    def __init__(
        self, *, jobs: JobService, desk: JobDesk, peers: Peers, told_all: frozenset[Address], traffic: Traffic
    ) -> None:
        self._jobs, self._desk, self._peers, self._told_all = jobs, desk, peers, told_all
        self._traffic = traffic
        self._subscriptions = Subscriptions()
        self._listener: UdpListener | None = None

    def speak_through(self, listener: UdpListener) -> None:
        """Send from this socket."""
        self._listener = listener

    def answer_about(self, job: str, ask: Ask, reply_to: Address, *, stays: bool) -> None:
        """Have ``reply_to`` told what the desk says of the job; if it ``stays``, also what happens to it later.

        Raises:
            StylusError: the desk refuses.
        """
        self._subscriptions.hold(job, reply_to, stays=stays)
        try:
            ask(lambda event: self._answer(job, event, reply_to))
        except BaseException:
            self._jobs.in_order(lambda: self._give_up(job, reply_to))
            raise

    def tell_untold(self, client: str, address: Address) -> None:
        """How the jobs ended of which a host has not heard, since it or the app was closed."""
        if client:
            self._jobs.in_order(lambda: self._tell_untold(client, address))

    def tell_event(self, event: JobEvent) -> None:
        """A job moved: first its folder, then its host."""
        owners = self._peers.of_client(self._client_of(event)) | self._told_all
        self._desk.record(event)
        message = to_message(event)
        for address in self._subscriptions.route(message, owners):
            self.send(message, address)

    def _client_of(self, event: JobEvent) -> str:
        """Whose job it is. After a restart the journal knows before the job's folder has been taken up."""
        client = self._desk.client_of(event.job)
        if client or not is_final(event):
            return client
        try:
            return self._jobs.client_of(event.job)
        except StylusError:
            return ""

    def send(self, message: Message, address: Address) -> None:
        """Send a message, or why it cannot be sent."""
        try:
            datagram = wire.encode(message)
        except BridgeError as error:
            message = refusal(error, address_of(type(message)))
            datagram = wire.encode(message)
        self.send_encoded(message, datagram, address)

    def send_encoded(self, message: Message, datagram: bytes, address: Address) -> None:
        """Send a message whose bytes are known."""
        arguments = arguments_of(message)
        log_out.debug("%s %s %s", address, address_of(type(message)), arguments)
        self._traffic.note(Direction.OUT, address, address_of(type(message)), arguments)
        was_sent = self._listener is not None and self._listener.send(datagram, address)
        if was_sent and isinstance(message, FINAL) and address not in self._told_all and is_anybody_at(address):
            self._note_told(message.job)

    def _answer(self, job: str, event: JobEvent, reply_to: Address) -> None:
        answer = to_message(event)
        self._subscriptions.settle(job, reply_to, answer)
        self.send(answer, reply_to)

    def _give_up(self, job: str, reply_to: Address) -> None:
        for message in self._subscriptions.abandon(job, reply_to):
            self.send(message, reply_to)

    def _tell_untold(self, client: str, address: Address) -> None:
        for event in self._jobs.untold(client):
            self._subscriptions.end(event.job, address)
            self.send(to_message(event), address)

    def _note_told(self, job: str) -> None:
        try:
            self._jobs.mark_told(job)
        except StylusError as error:
            logger.warning("job %s: told, but that could not be noted: %s", job, error)
