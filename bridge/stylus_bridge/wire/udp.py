"""python-osc's UDP server with the defaults that a request-and-answer protocol needs."""

from __future__ import annotations

import errno
import logging
import socket
from collections.abc import Callable
from typing import Any

from pythonosc.dispatcher import Dispatcher
from pythonosc.osc_server import BlockingOSCUDPServer

from stylus_bridge.wire.address import Address
from stylus_daw.errors import BridgeError
from stylus_daw.supervision import SupervisedThread

logger = logging.getLogger(__name__)

PORTS_TO_TRY = 20
BUFFER_BYTES = 4 << 20  # what waits while this computer is busy; the system may allow less
_POLL_S = 0.05
_TAKEN = (errno.EADDRINUSE, errno.EACCES)  # Windows says EACCES of ports that it keeps for itself

OnPacket = Callable[[bytes, Address], None]


class _PacketDispatcher(Dispatcher):
    """Hands every packet on whole.

    python-osc would match address patterns (one request, several answers), keep the type tags to itself
    and drop what it cannot read without a word; here the one who answers sees it all.
    """

    def __init__(self, on_packet: OnPacket) -> None:
        super().__init__(strict_timing=False)
        self._on_packet = on_packet

    def call_handlers_for_packet(self, data: bytes, client_address: Address) -> list[Any]:
        self._on_packet(data, client_address)
        return []


class _Server(BlockingOSCUDPServer):
    max_packet_size = 65_536  # the default, 8192, cuts longer packets off; these get an error instead

    def verify_request(self, request: object, client_address: object) -> bool:
        return True

    def handle_error(self, request: object, client_address: object) -> None:
        logger.exception("a packet from %s could not be handled", client_address)


class UdpListener:
    """A bound socket with its own thread.

    Raises:
        BridgeError: ``bridge.port``: no port is free, or ``host`` is not an address of this computer.
    """

    def __init__(self, host: str, port: int, on_packet: OnPacket) -> None:
        self._server = _bind(host, port, _PacketDispatcher(on_packet))
        self._server.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
        self.thread = SupervisedThread(lambda: self._server.serve_forever(_POLL_S), name="bridge-osc")

    @property
    def port(self) -> int:
        """The port that was free."""
        return int(self._server.server_address[1])

    def start(self) -> None:
        """Hand on packets from now on."""
        self.thread.start()

    def send(self, datagram: bytes, address: Address) -> bool:
        """Send without waiting; UDP does not fail when nobody listens. False: it was certainly not sent."""
        try:
            self._server.socket.sendto(datagram, address)
        except (OSError, OverflowError) as error:
            logger.debug("nothing could be sent to %s: %s", address, error)
            return False
        return True

    def stop(self) -> None:
        """End the thread, then close the socket."""
        if self.thread.is_alive():
            self._server.shutdown()
            self.thread.join()
        self._server.server_close()


def is_anybody_at(address: Address) -> bool:
    """Something has the port of this computer open. What is elsewhere, or cannot be known, counts as there.

    A port that could be bound is nobody's: nothing is sent for this, and nothing is asked.
    """
    host, port = address
    if not host.startswith("127."):
        return True
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        if (exclusive := getattr(socket, "SO_EXCLUSIVEADDRUSE", None)) is not None:
            probe.setsockopt(socket.SOL_SOCKET, exclusive, 1)  # Windows would share a port of every interface
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def _bind(host: str, port: int, dispatcher: Dispatcher) -> _Server:
    last = min(port + PORTS_TO_TRY, 65_535) if port else 0
    for candidate in range(port, last + 1):
        try:
            return _Server((host, candidate), dispatcher)
        except OSError as error:
            if candidate == last or error.errno not in _TAKEN:
                raise _no_port(host, candidate, error) from error
            logger.info("port %d on %s is taken, trying the next", candidate, host)
    raise AssertionError("the last port either binds or raises")


def _no_port(host: str, port: int, error: OSError) -> BridgeError:
    return BridgeError(
        "bridge.port",
        f"Port {port} on {host!r} cannot be opened: {error.strerror or error}. Choose another port or host.",
    )
