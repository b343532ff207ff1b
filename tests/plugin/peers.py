"""Programs that are driven by lines: the CLAP host of the tests, and an instance without a plugin format."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from enum import IntEnum
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np


class Parameter(IntEnum):
    """As in instance/parameters.hpp."""

    BYPASS = 0
    RESULT = 1
    DRY_WET = 2
    STRENGTH = 3
    PRESET = 4
    EQUAL_LOUD = 5
    CAPTURE = 6
    RENDER = 7
    PROGRESS = 8
    STATUS = 9


class Status(IntEnum):
    """As in instance/parameters.hpp."""

    AWAY = 0
    READY = 1
    WAITING = 2
    CAPTURING = 3
    CAPTURED = 4
    RENDERING = 5
    RESULT = 6
    TROUBLE = 7


class Lines:
    """A program that answers every line with one."""

    def __init__(self, program: Path, home: Path, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [program, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"STYLUS_HOME": str(home)},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        _, _ = self._process.communicate(timeout=30)
        assert kind is not None or self._process.returncode == 0

    def do(self, *words: object) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(" ".join(str(word) for word in words) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline().rstrip("\n")
        assert answer, f"no answer to {words}"
        assert not answer.startswith(("unknown", "error")), answer
        return answer


class Lab(Lines):
    """An instance. ``message`` is what its window says."""

    def __init__(self, program: Path, home: Path) -> None:
        super().__init__(program, home, "lab")

    def message(self) -> str:
        return self.do("message")[2:]

    def until_it_says(self, text: str, seconds: float = 60.0) -> str:
        end = time.monotonic() + seconds
        while text not in (said := self.message()):
            assert time.monotonic() < end, f"it says {said!r} instead of {text!r}"
            self.do("wait", 20)
        return said

    def capture(self, start: int, length: int) -> None:
        """Capture, play, stop."""
        self.do("capture")
        self.do("stop")
        self.do("play", start, start + length)
        self.do("stop")
        self.until_it_says("captured. Press Render")


class ClapHost(Lines):
    """The plugin in a CLAP host, stereo, at 48 kHz."""

    def __init__(self, plugin: Path, home: Path, rate: int = 48_000) -> None:
        super().__init__(plugin / "build" / "clap_host", home)
        self._scratch = home
        home.mkdir(parents=True, exist_ok=True)
        self.do("load", plugin / "StylusConnect.clap", rate)

    def audio(self, samples: np.ndarray, start: int) -> None:
        """``samples`` (frames, 2) stand at frame ``start`` of the session."""
        path = self._scratch / "audio.f32"
        path.write_bytes(np.ascontiguousarray(samples, np.float32).tobytes())
        self.do("audio", path, start)

    def play(self, start: int, end: int, sizes: Sequence[int] = (512,)) -> np.ndarray:
        """What comes out while the transport rolls, (frames, 2)."""
        self.take()
        self.do("play", start, end, *sizes)
        return self.take()

    def take(self) -> np.ndarray:
        path = self._scratch / "taken.f32"
        self.do("take", path)
        return np.fromfile(path, np.float32).reshape(-1, 2)

    def set(self, parameter: Parameter, value: float) -> None:
        self.do("set", int(parameter), value)

    def status(self) -> Status:
        self.do("stop", 1, 64)
        return Status(round(float(self.do("get", int(Parameter.STATUS)))))

    def until(self, *wanted: Status, seconds: float = 120.0) -> Status:
        end = time.monotonic() + seconds
        while (status := self.status()) not in wanted:
            assert time.monotonic() < end, f"{status.name} instead of {wanted}"
            self.do("wait", 50)
        return status

    def render(self, start: int, end: int, preset: int = 1, sizes: Sequence[int] = (512,)) -> None:
        """Capture from ``start`` to ``end``, render, until the result is there."""
        self.until(Status.READY)
        self.set(Parameter.PRESET, preset)
        self.press(Parameter.CAPTURE)
        self.do("play", start, end, *sizes)
        self.until(Status.CAPTURED)
        self.press(Parameter.RENDER)
        self.until(Status.RENDERING, Status.RESULT)
        self.until(Status.RESULT, Status.TROUBLE)
        assert self.status() is Status.RESULT

    def press(self, parameter: Parameter) -> None:
        """From off to on, as a controller does."""
        for value in (0, 1):
            self.set(parameter, value)
            self.do("stop", 1, 64)
