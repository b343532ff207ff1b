"""Stands between Ardour and the app, and keeps what both say."""

from __future__ import annotations

import json
import select
import socket
from pathlib import Path
from threading import Event, Thread
from typing import Any

from pythonosc.osc_message import OscMessage


class OscTap:
    """Puts its own port (and, if given, another token) into ``bridge.json`` for as long as it is open."""

    def __init__(self, home: Path, token: str | None = None) -> None:
        self._path = home / "bridge.json"
        self._kept = self._path.read_text("utf-8")
        endpoint: dict[str, Any] = json.loads(self._kept)
        self._app = ("127.0.0.1", endpoint["port"])
        self._front = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._front.bind(("127.0.0.1", 0))
        self._back = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._back.bind(("127.0.0.1", 0))
        changes = {"port": self._front.getsockname()[1]} | ({"token": token} if token else {})
        self._changed = json.dumps(endpoint | changes)
        self.asked: list[OscMessage] = []
        self.answered: list[OscMessage] = []
        self._stop = Event()
        self._thread = Thread(target=self._pass_on, daemon=True)

    def __enter__(self) -> OscTap:
        self._path.write_text(self._changed, "utf-8")
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._path.write_text(self._kept, "utf-8")
        self._stop.set()
        self._thread.join()
        self._front.close()
        self._back.close()

    def _pass_on(self) -> None:
        while not self._stop.is_set():
            ready, _, _ = select.select([self._front, self._back], [], [], 0.1)
            for sock in ready:
                packet = sock.recv(65_536)
                (self.asked if sock is self._front else self.answered).append(OscMessage(packet))
                if sock is self._front:
                    self._back.sendto(packet, self._app)
