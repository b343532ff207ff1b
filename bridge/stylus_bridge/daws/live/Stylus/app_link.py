"""Finds the app and talks to it over UDP, without ever waiting."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from . import osc
from .installed import STATE_FOLDER, VERSION
from .refusal import Refusal

PACKET_BYTES = 65536
PACKETS_PER_TICK = 64


class AppLink:
    """One socket for as long as the script lives; ``bridge.json`` is read before each request."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind(("127.0.0.1", 0))
        self._greeted = ""

    def close(self) -> None:
        self._socket.close()

    def find(self) -> dict[str, Any]:
        """The content of ``bridge.json``.

        Raises:
            Refusal: the app is not running, or uses another protocol.
        """
        try:
            app = json.loads(Path(STATE_FOLDER, "bridge.json").read_text("utf-8"))
            known = {key: app[key] for key in ("protocol", "port", "token", "jobs")}
        except FileNotFoundError:
            raise Refusal("stylus-daw is not running. Start it, then try again.") from None
        except (OSError, ValueError, KeyError, TypeError):
            raise Refusal("bridge.json cannot be read. Start stylus-daw again.") from None
        if known["protocol"] != 1:
            raise Refusal("stylus-daw and this script are of different versions. Run: stylus-daw install live")
        return known

    def is_running(self) -> bool:
        """There is a ``bridge.json``."""
        try:
            self.find()
        except Refusal:
            return False
        return True

    def presets(self) -> list[str]:
        """Ids of the presets; empty if the app has never told them."""
        try:
            text = Path(STATE_FOLDER, "presets.json").read_text("utf-8")
            return [preset["id"] for preset in json.loads(text)["presets"]]
        except (OSError, ValueError, KeyError, TypeError):
            return []

    def ask(self, address: str, *values: Any) -> None:
        """Send one request; the answer comes with :meth:`heard`.

        Raises:
            Refusal: the app is not running.
        """
        app = self.find()
        if self._greeted != app["token"]:
            self._greeted = app["token"]
            self._send(app, "/stylus/hello", 1, "live", VERSION, 0)
        self._send(app, address, *values)

    def heard(self) -> Iterator[tuple[str, list[Any]]]:
        """What has come from the app since the last call."""
        for _ in range(PACKETS_PER_TICK):
            try:
                packet = self._socket.recv(PACKET_BYTES)
                yield osc.decode(packet)
            except (BlockingIOError, InterruptedError):
                return
            except (OSError, ValueError):  # Windows tells of a dead peer here; bridge.json and state.json know more
                continue

    def _send(self, app: dict[str, Any], address: str, *values: Any) -> None:
        try:
            self._socket.sendto(osc.encode(address, app["token"], *values), ("127.0.0.1", app["port"]))
        except OSError:
            return  # the app finds the job's folder by itself


def read_state(folder: Path) -> dict[str, Any] | None:
    """``state.json`` of a job; None before there is one."""
    try:
        return json.loads((folder / "state.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
