"""House: one state folder with a real app in it that can be killed, stopped and started again, and its jobs."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from stylus_bridge.client.client import BridgeClient
from stylus_bridge.client.endpoint import Endpoint, read_endpoint
from stylus_bridge.folders.job_file import JobFile
from stylus_bridge.folders.job_folder import write_job
from stylus_daw.errors import BridgeError
from stylus_daw.settings import HOME_VARIABLE

PRESET, RATE = "tape-tines", 48_000
START_S, STEP_S = 60.0, 0.01  # s to wait for an app at most, and between two looks
SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


class House:
    """A folder that one app serves.

    Args:
        home: the state folder.
        source: what each job restyles.
        preset: with which preset.
    """

    def __init__(self, home: Path, source: Path, preset: str = PRESET) -> None:
        self.home, self._source, self._preset = home, source, preset
        self._length = soundfile.info(source).frames
        self.jobs = home / "jobs"
        self.app: subprocess.Popen[str] | None = None
        self.jobs.mkdir(parents=True, exist_ok=True)

    def moved_to(self, home: Path) -> House:
        """Another house with the same source and preset."""
        return House(home, self._source, self._preset)

    def launch(self) -> subprocess.Popen[str]:
        """Start an app and do not wait for it; it is the house's own only after :meth:`start`."""
        env = {name: value for name, value in os.environ.items() if name not in SCREENS}
        command = [sys.executable, "-m", "stylus_daw.cli", "serve", "--json", "--port", "0"]
        return subprocess.Popen(
            command,
            env={**env, HOME_VARIABLE: str(self.home)},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def start(self) -> float:
        """Start the app; returns the seconds until it answered a ping."""
        began = time.monotonic()
        self.app = self.launch()
        while time.monotonic() - began < START_S:
            try:
                with self.client(timeout_s=0.2, attempts=1) as client:
                    client.ping()
                if self.endpoint().pid == self.app.pid:
                    return time.monotonic() - began
            except BridgeError:
                time.sleep(STEP_S)
        raise BridgeError("bench.start", f"The app did not answer within {START_S:g} s.")

    def kill(self) -> None:
        """As the power does."""
        if self.app is not None and self.app.poll() is None:
            self.app.kill()
            self.app.communicate()

    def stop(self) -> None:
        """As Ctrl-C does."""
        if self.app is not None and self.app.poll() is None:
            self.app.send_signal(signal.SIGTERM)
            self.app.communicate(timeout=60)

    def client(self, **options: Any) -> BridgeClient:
        """A host."""
        return BridgeClient(self.home, **options)

    def endpoint(self) -> Endpoint:
        """What bridge.json says now."""
        endpoint = read_endpoint(self.home)
        if endpoint is None:
            raise BridgeError("bridge.not_running", "There is no bridge.json.")
        return endpoint

    def hand_in(self, job: str, client: str = "", preset: str = "") -> Path:
        """A job folder that asks for the source restyled, as a host without sockets leaves it."""
        folder = self.jobs / job
        folder.mkdir()
        shutil.copyfile(self._source, folder / "input.wav")
        write_job(folder, JobFile.model_validate(self._content(job, client, preset or self._preset)))
        return folder

    def outcome(self, job: str) -> str | None:
        """``done``, ``failed``, ``cancelled``, or None while there is none; what the job's folder says."""
        return self._state(job).get("outcome")

    def is_rendering(self, job: str) -> bool:
        """What the job's folder says."""
        return self._state(job).get("fraction", 0.0) > 0.0 and not self.outcome(job)

    def error_of(self, job: str) -> str:
        """The code with which a job failed; empty if it did not."""
        return (self._state(job).get("error") or {}).get("code", "")

    def render_pid(self) -> int:
        """The render process of the app; 0 while there is none."""
        return next(iter(children_of(self.app.pid)), 0) if self.app is not None else 0

    def _state(self, job: str) -> dict[str, Any]:
        try:
            return json.loads((self.jobs / job / "state.json").read_text("utf-8"))
        except FileNotFoundError:
            return {}

    def _content(self, job: str, client: str, preset: str) -> dict[str, Any]:
        names = {"client": client, "project": "Bench", "track": "Trk", "preset": preset, "insert": "new-track"}
        region = {"start": 48_000, "length": self._length, "rate": RATE}
        return {"protocol": 1, "job": job, "source": "input.wav", "region": region, **names}


def children_of(pid: int) -> list[int]:
    """Process ids, whichever thread began them; Python's own resource tracker is not among them."""
    found = []
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [int(child) for child in children.read_text("ascii").split() if _was_spawned(int(child))]
    return found


def _was_spawned(pid: int) -> bool:
    return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()


def until(claim: Callable[[], bool], timeout_s: float) -> bool:
    """``claim`` comes true in time."""
    deadline = time.monotonic() + timeout_s
    while not claim():
        if time.monotonic() > deadline:
            return False
        time.sleep(STEP_S)
    return True


def write_source(path: Path, seconds: float = 0.25) -> Path:
    """A chord of which the engine makes something."""
    times = np.arange(round(seconds * RATE)) / RATE
    chord = sum(np.sin(2 * np.pi * hz * times) for hz in (220.0, 277.2, 329.6)) * 0.1
    soundfile.write(path, np.asarray(chord, np.float32), RATE, subtype="FLOAT")
    return path
