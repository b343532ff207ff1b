"""OSC implementations that we have not written talk to the server: liblo's, SuperCollider's, and node-osc from npm.

A fourth, Ardour's own, does so in tests/daws/ardour.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any

import pytest

from stylus_bridge.folders.job_file import JobFile
from stylus_bridge.folders.job_folder import write_job
from stylus_bridge.server import BridgeServer
from tests.support.needs import go_without, needs
from tests.support.scripted_jobs import FixedPresets, PlainBuilder, ScriptedJobs

MODULES = Path(__file__).parents[3] / "out" / "npm" / "node_modules"


class Studio:
    """A bridge whose jobs do what the test says."""

    def __init__(self, root: Path) -> None:
        self.root, self.jobs = root, ScriptedJobs()
        presets = FixedPresets(("warm-strings", "Warm Strings"), ("grit", "Körnung & Staub"))
        self.server = BridgeServer(
            jobs=self.jobs,
            presets=presets,
            builder=PlainBuilder(root / "jobs"),
            jobs_folder=root / "jobs",
            state_folder=root / "state",
            port=0,
        )

    def write_folder(self, job: str, client: str) -> Path:
        folder = self.root / "jobs" / job
        folder.mkdir(parents=True)
        (folder / "input.wav").write_bytes(b"RIFF")
        region: Any = {"start": 2**40, "length": 480, "rate": 48_000}
        write_job(folder, JobFile(job=job, client=client, source="input.wav", region=region, preset="warm-strings"))
        return folder


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    studio = Studio(tmp_path)
    studio.server.start()
    yield studio
    studio.server.stop()


class Lines:
    """What a process writes, line by line."""

    def __init__(self, *command: str, environment: dict[str, str] | None = None) -> None:
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8", env=environment
        )
        self._queue: Queue[str] = Queue()
        self._thread = Thread(target=self._read, daemon=True)
        self._thread.start()

    def write(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def next(self, timeout: float = 10) -> str:
        return self._queue.get(timeout=timeout)

    def close(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.terminate()
        self._process.wait(10)
        self._thread.join()
        self._process.stdout.close()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._queue.put(line.strip())


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_taken(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("0.0.0.0", port))
        except OSError:
            return True
        return False


@pytest.fixture
def dump() -> Iterator[tuple[int, Lines]]:
    """liblo's oscdump, listening."""
    port = free_port()
    lines = Lines("oscdump", "-L", str(port))
    deadline = time.monotonic() + 10
    while not is_taken(port):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    yield port, lines
    lines.close()


@needs("oscsend", "oscdump")
def test_liblo_hears_of_its_job_from_hello_to_done(studio: Studio, dump: tuple[int, Lines]) -> None:
    port, lines = dump

    def say(address: str, types: str, *values: str) -> None:
        command = ["oscsend", "127.0.0.1", str(studio.server.port), address, "s" + types, studio.server.token, *values]
        subprocess.run(command, check=True, timeout=10)

    def hears(text: str) -> None:
        line = lines.next()
        assert text in line, line

    say("/stylus/hello", "issi", "1", "liblo", "1.0", str(port))
    hears("/stylus/welcome isss 1 ")
    folder = studio.write_folder("job-1", "liblo")
    say("/stylus/job/submit", "ss", "job-1", str(folder))
    hears('/stylus/job/queued si "job-1" 0')
    studio.jobs.progress("job-1", 0.5)
    hears('/stylus/job/progress sfs "job-1" 0.5')
    studio.jobs.finish("job-1")
    hears(f'"{folder / "stem.wav"}" "{2**53 + 1}" "480" 48000 2')


@pytest.fixture
def node(studio: Studio) -> Iterator[Lines]:
    """A host that speaks through node-osc."""
    if not (MODULES / "node-osc").is_dir():
        go_without("node-osc is not in out/npm; run: make test-daw", could_be_installed=shutil.which("npm") is not None)
    lines = Lines("node", str(Path(__file__).parent / "node_osc_host.cjs"), str(MODULES), str(studio.server.port))
    yield lines
    lines.close()


@needs("node")
def test_node_osc_is_understood_and_understands(studio: Studio, node: Lines) -> None:
    token = studio.server.token

    def say(address: str, *values: Any) -> None:
        node.write(json.dumps([address, *values]))

    def hears() -> Any:
        return json.loads(node.next())

    port = hears()
    say("/stylus/hello", token, 1, "node", "1.0", port)
    assert hears()[:2] == ["/stylus/welcome", 1]
    say("/stylus/preset/list", token)
    assert hears() == ["/stylus/preset", 0, 2, "warm-strings", "Warm Strings"]
    assert hears() == ["/stylus/preset", 1, 2, "grit", "Körnung & Staub"]
    folder = studio.write_folder("job-1", "node")
    say("/stylus/job/submit", token, "job-1", str(folder))
    assert hears() == ["/stylus/job/queued", "job-1", 0]
    studio.jobs.progress("job-1", 0.25)
    assert hears() == ["/stylus/job/progress", "job-1", 0.25, "styling"]
    say("/stylus/job/cancel", token, "job-1")
    assert hears()[:2] == ["/stylus/job/progress", "job-1"]
    studio.jobs.finish("job-1")
    assert hears() == ["/stylus/job/done", "job-1", str(folder / "stem.wav"), str(2**53 + 1), "480", 48_000, 2]
    say("/stylus/ping", "not the token")
    assert hears()[:2] == ["/stylus/error", "bridge.token"]
    say("/stylus/job/status", token, 7)
    assert hears()[:2] == ["/stylus/error", "osc.types"]


class Collider:
    """A SuperCollider language without a screen."""

    def __init__(self, *arguments: str) -> None:
        # its help browser, which nobody opens here, would not start as root
        quiet = {"QT_QPA_PLATFORM": "offscreen", "QTWEBENGINE_DISABLE_SANDBOX": "1"}
        script = str(Path(__file__).parent / "sclang_host.scd")
        self.lines = Lines("sclang", "-D", script, *arguments, environment={**os.environ, **quiet})

    def hears(self) -> list[str]:
        """The next message; what sclang says of itself is passed over."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            word, *message = self.lines.next(timeout=60).split("\t")
            if word == "HEARD":
                return message
        raise AssertionError("sclang has heard nothing")


@needs("sclang")
def test_supercollider_hears_of_its_job_from_hello_to_done(studio: Studio) -> None:
    folder = studio.write_folder("job-1", "sclang")
    host = Collider(str(studio.server.port), studio.server.token, str(folder))
    try:
        assert host.hears()[:2] == ["/stylus/welcome", "1"]
        assert host.hears() == ["/stylus/preset", "0", "2", "warm-strings", "Warm Strings"]
        assert host.hears() == ["/stylus/preset", "1", "2", "grit", "Körnung & Staub"]
        assert host.hears() == ["/stylus/job/queued", "job-1", "0"]
        studio.jobs.progress("job-1", 0.25)
        assert host.hears() == ["/stylus/job/progress", "job-1", "0.25", "styling"]
        studio.jobs.finish("job-1")
        done = ["/stylus/job/done", "job-1", str(folder / "stem.wav"), str(2**53 + 1), "480", "48000", "2"]
        assert host.hears() == done
        assert host.hears()[:2] == ["/stylus/error", "bridge.token"]
    finally:
        host.lines.close()
