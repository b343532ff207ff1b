"""Flood: hostile datagrams while the app renders, and whether valid requests are still answered."""

from __future__ import annotations

import contextlib
import random
import selectors
import socket
import threading
import time
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench.reliability.house import House, until
from bench.reliability.measured import MIB, Row, bytes_in, holding_of, percentile
from stylus_bridge.client.endpoint import Endpoint
from stylus_bridge.wire import datagrams as wire
from stylus_bridge.wire.protocol import EVENTS, AskStatus, Hello, Ping, Pong, SubmitJob
from stylus_daw.errors import StylusError

GOAL_P99_MS, GOAL_GROWTH, GOAL_LOG = 20.0, 32 * MIB, 10 * MIB
ASKING = 250  # ports that ask in turn
PORTS, PER_SECOND = 64, 10_000  # from as many ports the flood comes, and how fast


class Hostile:
    """Datagrams of every bad kind, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._good = [
            wire.encode(Ping(token="0" * 32)),
            wire.encode(Hello(token="", protocol=1, client="\N{BELL}" * 40, client_version="x", reply_port=9)),
            wire.encode(SubmitJob(token="x" * 64, job="a", folder="/../../etc")),
            wire.encode(AskStatus(token="0" * 32, job="a")),
        ]

    def next(self) -> bytes:
        """One more."""
        made = self._random.choice((self._noise, self._mutated, self._cut, self._bundle, self._nested))
        return made()

    def _noise(self) -> bytes:
        return self._random.randbytes(self._random.choice((0, 1, 4, 7, 64, 1_400, 8_000)))

    def _mutated(self) -> bytes:
        packet = bytearray(self._random.choice(self._good))
        for _ in range(self._random.randint(1, 6)):
            packet[self._random.randrange(len(packet))] = self._random.randrange(256)
        return bytes(packet)

    def _cut(self) -> bytes:
        packet = self._random.choice(self._good)
        return packet[: self._random.randrange(len(packet))]

    def _bundle(self) -> bytes:
        size = self._random.choice((0, 1, 2**31 - 1, 2**32 - 1, 16))
        return b"#bundle\0" + self._random.randbytes(8) + size.to_bytes(4, "big") + self._mutated()

    def _nested(self) -> bytes:
        packet = self._random.choice(self._good)
        for _ in range(self._random.randint(1, 40)):
            packet = b"#bundle\0" + bytes(7) + b"\1" + len(packet).to_bytes(4, "big") + packet
        return packet


class Pinger:
    """Valid requests at a rate of its own, and how long each answer took.

    An answer does not name its question: each question has a port of its own until its turn comes again, a quarter of a
    second later at 1,000 per second. What is not answered by then is lost.
    """

    def __init__(self, endpoint: Endpoint, per_second: float) -> None:
        self._sockets = [_connected(endpoint) for _ in range(ASKING)]
        self._packet, self._period = wire.encode(Ping(token=endpoint.token)), 1.0 / per_second
        self._sent: dict[socket.socket, float] = {}
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=part) for part in (self._ask, self._listen)]
        self.asked, self.seconds = 0, list[float]()

    def __enter__(self) -> Pinger:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()
        for one in self._sockets:
            one.close()

    def _ask(self) -> None:
        due = time.monotonic()
        while not self._stop.is_set():
            asking = self._sockets[self.asked % ASKING]
            with contextlib.suppress(OSError):
                while asking.recv(65_536):
                    """What comes now is too late."""
            self._sent[asking] = time.monotonic()
            with contextlib.suppress(OSError):
                asking.send(self._packet)
            self.asked += 1
            due += self._period
            time.sleep(max(due - time.monotonic(), 0.0))

    def _listen(self) -> None:
        with selectors.DefaultSelector() as heard:
            for one in self._sockets:
                heard.register(one, selectors.EVENT_READ)
            while not self._stop.is_set():
                for key, _ in heard.select(0.1):
                    self._note(key.fileobj)

    def _note(self, asking: Any) -> None:
        with contextlib.suppress(OSError, StylusError):
            if isinstance(wire.decode(asking.recv(65_536), EVENTS), Pong) and asking in self._sent:
                self.seconds.append(time.monotonic() - self._sent.pop(asking))


def _connected(endpoint: Endpoint) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.connect((endpoint.host, endpoint.port))
    made.setblocking(False)
    return made


def flood(house: House, datagrams: int, jobs: int) -> list[Row]:
    """Send that many hostile datagrams while ``jobs`` are rendered and 1,000 pings come each second."""
    house.start()
    endpoint = house.endpoint()
    assert house.app is not None
    names = [f"flood-{number}" for number in range(jobs)]
    for name in names:
        house.hand_in(name)
    until(lambda: house.outcome(names[0]) is not None, 120)  # warm, and rendering
    before, log_before = holding_of(house.app.pid), bytes_in(house.home, "*.log*")
    began = time.monotonic()
    flooding = get_context("spawn").Process(target=_send, args=(endpoint.host, endpoint.port, datagrams))
    with Pinger(endpoint, 1_000) as pinger:
        flooding.start()
        flooding.join()
    seconds, dropped = time.monotonic() - began, _dropped_at(endpoint.port)
    after, grown = holding_of(house.app.pid), bytes_in(house.home, "*.log*") - log_before
    done = until(lambda: all(house.outcome(name) == "done" for name in names), 1_800)
    alive = house.app.poll() is None
    house.stop()
    growth = after.memory - before.memory
    return [
        Row(
            question=f"{datagrams:,} hostile datagrams ({datagrams / seconds:,.0f}/s) while rendering",
            goal="alive, every job done",
            measured=f"alive: {alive}, all {jobs} jobs done: {done}; {dropped:,} dropped by the system",
            holds=alive and done,
        ),
        Row(
            question="memory of the app meanwhile",
            goal=f"grows < {GOAL_GROWTH // MIB} MiB",
            measured=f"{before.memory / MIB:.0f} -> {after.memory / MIB:.0f} MiB",
            holds=growth < GOAL_GROWTH,
        ),
        Row(
            question="log meanwhile",
            goal=f"< {GOAL_LOG // MIB} MiB",
            measured=f"{grown / MIB:.2f} MiB",
            holds=grown < GOAL_LOG,
        ),
        _answers("pings at 1,000/s during the flood, rendering", pinger, GOAL_P99_MS),
    ]


def pings(house: House, seconds: float) -> list[Row]:
    """1,000 valid requests per second while the app renders, and nothing hostile."""
    house.start()
    for number in range(max(int(seconds * 4), 4)):
        house.hand_in(f"ping-{number}")
    until(lambda: house.outcome("ping-0") is not None, 120)
    with Pinger(house.endpoint(), 1_000) as pinger:
        time.sleep(seconds)
    house.stop()
    return [_answers("pings at 1,000/s while rendering", pinger, GOAL_P99_MS)]


def _answers(question: str, pinger: Pinger, goal_ms: float) -> Row:
    p50, p99 = (1_000 * percentile(pinger.seconds or [9.0], share) for share in (0.5, 0.99))
    said = f"p50 {p50:.1f} ms, p99 {p99:.1f} ms; {len(pinger.seconds):,} of {pinger.asked:,} answered in time"
    goal = f"p99 <= {goal_ms:g} ms"
    return Row(question=question, goal=goal, measured=said, holds=p99 <= goal_ms)


def _dropped_at(port: int) -> int:
    """How many datagrams the system threw away because the app did not fetch them in time (Linux)."""
    lines = [line.split() for line in Path("/proc/net/udp").read_text("ascii").splitlines()[1:]]
    return sum(int(line[-1]) for line in lines if int(line[1].split(":")[1], 16) == port)


def _send(host: str, port: int, datagrams: int) -> None:
    hostile, target = Hostile(1), (host, port)
    packets = [hostile.next() for _ in range(min(datagrams, 20_000))]
    sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(PORTS)]
    began = time.monotonic()
    for number in range(datagrams):
        if number % 100 == 0:
            time.sleep(max(began + number / PER_SECOND - time.monotonic(), 0.0))
        with contextlib.suppress(OSError):
            sockets[number % PORTS].sendto(packets[number % len(packets)], target)
    for one in sockets:
        one.close()
