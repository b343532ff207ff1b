"""Hosts that have said hello."""

from __future__ import annotations

import json
import logging
from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import TypeVar

from stylus_bridge.wire.address import Address
from stylus_bridge.wire.protocol import Hello
from stylus_daw.atomic import write_text_atomic
from stylus_daw.regular_file import read_regular

logger = logging.getLogger(__name__)

MAX_PEERS = 64
PORTS_FILE = "reply_ports.json"
MOST_BYTES = 1 << 20  # many times what stylus-daw writes there

_T = TypeVar("_T")


class Peers:
    """Reply addresses of hosts; those with a fixed port are remembered across runs."""

    def __init__(self, ports_file: Path) -> None:
        self._ports_file = ports_file
        self._lock = Lock()
        self._reply_to: OrderedDict[Address, Address] = OrderedDict()
        self._client_at: OrderedDict[Address, str] = OrderedDict()

    def welcome(self, sender: Address, hello: Hello) -> Address:
        """Know where a host wants its answers, and return that. A fixed address is to be :meth:`remember`-ed.

        It hears of jobs once it has joined: its welcome is the first that it hears.
        """
        reply_to = (sender[0], hello.reply_port) if hello.reply_port else sender
        with self._lock:
            _put(self._reply_to, sender, reply_to)
        return reply_to

    def join(self, reply_to: Address, client: str) -> None:
        """Tell this host of its client's jobs from now on."""
        with self._lock:
            _put(self._client_at, reply_to, client)

    def reply_to(self, sender: Address) -> Address:
        """Where ``sender`` wants its answers: where its hello said, else where it sends from."""
        with self._lock:
            return self._reply_to.get(sender, sender)

    def of_client(self, client: str) -> frozenset[Address]:
        """The reply addresses of all hosts that introduced themselves as ``client``."""
        with self._lock:
            return frozenset(a for a, name in self._client_at.items() if name and name == client)

    def client_at(self, sender: Address) -> str:
        """How ``sender`` introduced itself, or an empty string."""
        with self._lock:
            return self._client_at.get(self._reply_to.get(sender, sender), "")

    def remembered(self) -> list[Address]:
        """Fixed reply addresses of earlier hellos, of this run or another."""
        try:
            entries = json.loads(read_regular(self._ports_file, MOST_BYTES))
            return [(str(host), int(port)) for host, port in entries if 0 < int(port) < 65_536]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, TypeError, RecursionError) as error:
            logger.warning("%s cannot be read and is ignored: %s", self._ports_file, error)
            return []

    def remember(self, address: Address) -> None:
        """Write down a fixed reply address. One writer at a time."""
        before = self.remembered()
        after = [*(known for known in before if known != address), address][-MAX_PEERS:]
        try:
            if after != before:
                write_text_atomic(self._ports_file, json.dumps(after))
        except OSError as error:
            logger.warning("%s cannot be written: %s", self._ports_file, error)


def _put(entries: OrderedDict[Address, _T], key: Address, value: _T) -> None:
    entries[key] = value
    entries.move_to_end(key)
    if len(entries) > MAX_PEERS:
        entries.popitem(last=False)
