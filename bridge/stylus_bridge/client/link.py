"""The client's end of the wire: finds the app through ``bridge.json`` and exchanges datagrams with it."""

from __future__ import annotations

import contextlib
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

from stylus_bridge.client.endpoint import ENDPOINT_FILE, Endpoint, read_endpoint
from stylus_bridge.wire import datagrams as wire
from stylus_bridge.wire.protocol import EVENTS
from stylus_daw.errors import BridgeError, StylusError, quoted


class Link:
    """One UDP socket, connected to the app that ``bridge.json`` names at the time of sending."""

    def __init__(self, state_folder: Path) -> None:
        self.state_folder = state_folder
        self._socket: socket.socket | None = None
        self._peer = ("", 0)

    def close(self) -> None:
        """Close the socket; the next message opens another."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def send(self, request: Any) -> None:
        """Send a request with the token of the running app now."""
        endpoint = self._endpoint()
        try:
            self._connected(endpoint).send(wire.encode(replace(request, token=endpoint.token)))
        except OSError as error:
            raise _not_running(self.state_folder, f"nothing listens at {endpoint.host}:{endpoint.port}") from error

    def receive(self, timeout_s: float) -> Any:
        """The app's next message; None after the timeout, and for anything that is not a message of the app."""
        if self._socket is None:
            return None
        self._socket.settimeout(timeout_s)
        try:
            packet = self._socket.recv(65_536)
        except (TimeoutError, BlockingIOError):
            return None
        except OSError as error:
            self.close()
            raise _not_running(self.state_folder, "nothing listens at the port that bridge.json names") from error
        with contextlib.suppress(StylusError):
            return wire.decode(packet, EVENTS)
        return None

    def pending(self) -> list[Any]:
        """What has arrived already. That an earlier app is gone does not matter here: the next message looks anew."""
        messages = []
        with contextlib.suppress(BridgeError):
            while (message := self.receive(0.0)) is not None:
                messages.append(message)
        return messages

    def _endpoint(self) -> Endpoint:
        endpoint = read_endpoint(self.state_folder)
        if endpoint is None:
            raise _not_running(self.state_folder, "there is no bridge.json")
        return endpoint

    def _connected(self, endpoint: Endpoint) -> socket.socket:
        peer = (endpoint.host, endpoint.port)
        if self._socket is None or self._peer != peer:
            self.close()
            self._socket = socket.socket(socket.AF_INET6 if ":" in endpoint.host else socket.AF_INET, socket.SOCK_DGRAM)
            self._socket.connect(peer)
            self._peer = peer
        return self._socket


def _not_running(state_folder: Path, reason: str) -> BridgeError:
    return BridgeError(
        "bridge.not_running",
        f"stylus-daw is not running ({reason}; looked for {quoted(state_folder / ENDPOINT_FILE)}). "
        "Start it with: stylus-daw ui (with a window) or stylus-daw serve (without).",
    )
