"""Who listens: a host's welcome is the first that it hears, whatever its jobs do at that moment."""

from __future__ import annotations

import threading
from pathlib import Path

from stylus_bridge.hosts.peers import Peers
from stylus_bridge.wire.protocol import Hello, Welcome
from tests.support.scripted_jobs import RawHost

HERE = ("127.0.0.1", 4711)


def test_a_host_is_told_of_jobs_once_it_has_joined(tmp_path: Path) -> None:
    peers = Peers(tmp_path / "ports.json")
    hello = Hello(token="", protocol=1, client="max", client_version="1", reply_port=4712)
    answers = peers.welcome(HERE, hello)
    assert (answers, peers.reply_to(HERE), peers.of_client("max")) == (("127.0.0.1", 4712), answers, frozenset())
    peers.join(answers, "max")
    assert (peers.of_client("max"), peers.client_at(HERE)) == ({answers}, "max")


def test_every_host_is_welcomed_before_it_hears_of_a_job(studio) -> None:
    """While a job of the same client moves all the time."""
    job, stop = "job-1", threading.Event()
    first = RawHost(studio.server.port, studio.server.token)
    first.ask("/stylus/hello", 1, "max", "1.0", 0)
    assert isinstance(first.next(), Welcome)
    studio.jobs.submit(job, studio.builder.build_short(job, studio.music / "a.wav", "warm-strings"))

    def move() -> None:
        fraction = 0.0
        while not stop.is_set():
            fraction = min(fraction + 1e-5, 0.9)
            studio.jobs.progress(job, fraction)

    moving = threading.Thread(target=move)
    moving.start()
    hosts = [first]
    try:
        for _ in range(60):
            hosts.append(RawHost(studio.server.port, studio.server.token))
            hosts[-1].ask("/stylus/hello", 1, "short", "1.0", 0)
            assert isinstance(hosts[-1].next(), Welcome)
    finally:
        stop.set()
        moving.join()
        for host in hosts:
            host.close()
