"""Real processes of the command line, and the smallest audio that it can restyle."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

COMMAND = [sys.executable, "-m", "stylus_daw.cli"]
RATE = 48_000
SCREENS = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}


def environment(home: Path) -> dict[str, str]:
    """Without a screen: nothing opens a window here."""
    inherited = {name: value for name, value in os.environ.items() if name not in SCREENS}
    return {**inherited, "STYLUS_HOME": str(home), "COLUMNS": "200"}


@dataclass(frozen=True)
class RunningApp:
    """A real app without a window."""

    process: subprocess.Popen[str]
    home: Path
    ready: dict[str, Any]

    def send(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        command = [*COMMAND, "send", "--state-dir", self.home, *arguments]
        return subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=120)

    def asked(self, *arguments: object) -> list[dict[str, Any]]:
        """The JSON answers."""
        ended = self.send("--json", *arguments)
        assert ended.stderr == ""
        return [json.loads(line) for line in ended.stdout.splitlines()]


def start_app(home: Path, *arguments: str) -> RunningApp:
    process = subprocess.Popen(
        [*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(home)
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    return RunningApp(process, home, json.loads(line) if line.startswith("{") else {"said": line})


def stop_app(app: RunningApp, number: int = signal.SIGTERM) -> tuple[int, str]:
    """Exit code, and what it said on stderr."""
    app.process.send_signal(number)
    try:
        _, errors = app.process.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        app.process.kill()
        raise
    return app.process.returncode, errors


def write_tone(path: Path, *, seconds: float, channels: int = 2) -> Path:
    times = np.arange(round(seconds * RATE)) / RATE
    chord = sum(np.sin(2 * np.pi * hz * times) for hz in (220.0, 277.2, 329.6)) * 0.1
    samples = np.stack([chord * (1 - 0.2 * channel) for channel in range(channels)], axis=1)
    soundfile.write(path, samples.astype(np.float32), RATE, subtype="FLOAT")
    return path
