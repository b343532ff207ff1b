"""Somebody at a real X server: keys, mouse and window by xdotool and wmctrl, pictures by ImageMagick."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile

from stylus_daw.jobs.journal.journal import JobRecord, Journal

ROOT = Path(__file__).parents[3]
PICTURES = ROOT / "out" / "x11"
PATIENCE_S = 240.0
STEP_S = 0.15
SIZE = (1360, 840)
REGION = ROOT / "stylus_daw" / "demo_audio" / "region.flac"
WORK, FIRST_PRESET = (600, 250), (110, 192)
NEWEST_JOB, PARTNER = (420, 700), (1480, 100)
"""Places of the window at its first size, and of the program beside it."""
SONG_S = 1200
"""Twenty minutes: no machine renders them while somebody takes a photograph and presses a key."""


class X11Person:
    """Drives ``stylus-daw ui`` of a state folder.

    Args:
        home: state folder. display: of the X server. taken: where the partner writes what is dropped on it.

    Attributes:
        actions: what has been done with the window: its start, keys, words, clicks and drags.
    """

    def __init__(self, home: Path, display: str, taken: Path) -> None:
        self.home, self.taken = home, taken
        self._environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "LC_ALL": "C.UTF-8"}
        self._count = 0
        self.actions: list[str] = []

    # Programs

    def starts(self, *words: str) -> subprocess.Popen[bytes]:
        """A program on this screen."""
        return subprocess.Popen(words, cwd=ROOT, env=self._environment, stdout=subprocess.DEVNULL)

    def opens(self, *files: Path) -> subprocess.Popen[bytes]:
        """The window, in its place; it can be used when the core is up."""
        self.actions.append("start")
        process = self.stylus("ui", "--port", "0", *map(str, files))
        self.sees(lambda: self.windows("Stylus"), "the window")
        self.sees(lambda: (self.home / "bridge.json").exists(), "the core")
        self.does("wmctrl", "-r", "Stylus", "-e", f"0,0,0,{SIZE[0]},{SIZE[1]}")
        self.comes_back()
        return process

    def stylus(self, *words: str) -> subprocess.Popen[bytes]:
        """``stylus-daw`` with this state folder."""
        return self.starts(sys.executable, "-m", "stylus_daw", *words, "--state-dir", str(self.home))

    def comes_back(self) -> None:
        """The window gets the keyboard, or what greets a newcomer in front of it."""
        self.does("wmctrl", "-a", "Welcome" if self.windows("Welcome") else "Stylus")
        self.waits(1.0)

    def does(self, *words: str) -> str:
        """A command that ends at once."""
        done = subprocess.run(words, env=self._environment, capture_output=True, text=True, timeout=60)
        return done.stdout

    # Hands

    def keys(self, *names: str) -> None:
        for name in names:
            self.actions.append(name)
            self.does("xdotool", "key", "--clearmodifiers", name)
            self.waits(STEP_S)

    def types(self, words: str) -> None:
        self.actions.append(words)
        self.does("xdotool", "type", "--delay", "40", words)
        self.waits(STEP_S)

    def clicks(self, x: int, y: int, *, button: int = 1, times: int = 1) -> None:
        """Buttons 4 and 5 are the wheel."""
        self.actions.append(f"click {x},{y}")
        self.does("xdotool", "mousemove", str(x), str(y))
        self.waits(STEP_S)
        self.does("xdotool", "click", "--repeat", str(times), "--delay", "60", str(button))
        self.waits(STEP_S)

    def drags(self, start: tuple[int, int], end: tuple[int, int], holds_s: float = 0.3) -> None:
        """Press, move a little, wait for what is dragged to be ready, go there, let go."""
        self.actions.append(f"drag {start} {end}")
        (x, y), (to_x, to_y) = start, end
        self.does("xdotool", "mousemove", str(x), str(y), "mousedown", "1")
        for step in range(1, 5):
            self.does("xdotool", "mousemove", str(x + 6 * step), str(y + 2 * step))
            self.waits(STEP_S)
        self.waits(holds_s)
        for step in range(1, 9):
            self.does("xdotool", "mousemove", str(x + (to_x - x) * step // 8), str(y + (to_y - y) * step // 8))
            self.waits(STEP_S)
        self.waits(0.5)
        self.does("xdotool", "mouseup", "1")

    # Eyes

    def windows(self, title: str) -> list[str]:
        """Ids of windows that are seen."""
        lines = self.does("wmctrl", "-l").splitlines()
        return [line.split()[0] for line in lines if title in line.split(maxsplit=3)[-1]]

    def sees(self, is_so: Callable[[], object], what: str, seconds: float = PATIENCE_S) -> None:
        end = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > end:
                self.photographs("failed")
                raise AssertionError(f"{what}: not within {seconds:g} s; see {PICTURES}")
            self.waits(0.1)

    def looks(self, box: tuple[int, int, int, int] = (0, 0, *SIZE)) -> bytes:
        """Every pixel of a part of the window (left, top, width, height): what changes to the eye changes this."""
        left, top, width, height = box
        words = ["import", "-window", "root", "-crop", f"{width}x{height}+{left}+{top}", "-depth", "8", "rgb:-"]
        return subprocess.run(words, env=self._environment, capture_output=True, timeout=60).stdout

    def copied(self) -> str:
        """What the clipboard holds, as the addresses of files."""
        return self.does("timeout", "5", "xclip", "-selection", "clipboard", "-o", "-t", "text/uri-list")

    def photographs(self, name: str) -> None:
        """The whole screen, into ``out/x11``."""
        self.waits(1.0)
        self._count += 1
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.does("import", "-window", "root", str(PICTURES / f"{self._count:02}-{name}.png"))

    def waits(self, seconds: float) -> None:
        time.sleep(seconds)

    # What is on the disk

    @property
    def workpiece(self) -> dict:
        """The workspace as it is kept."""
        file = self.home / "workspace.json"
        return json.loads(file.read_text("utf-8")) if file.exists() else {}

    def job(self, name: str) -> JobRecord:
        """As it is now."""
        return next(job for job in self.jobs if job.job == name)

    @property
    def jobs(self) -> tuple[JobRecord, ...]:
        """The newest first."""
        journal = Journal(self.home / "journal.sqlite")
        try:
            return journal.newest(50)
        finally:
            journal.close()


def long_song(folder: Path) -> Path:
    """The region over and over."""
    song = folder / "song.wav"
    if not song.exists():
        samples, rate = soundfile.read(REGION, dtype="int16")
        soundfile.write(song, np.tile(samples[:, 0], round(SONG_S * rate / len(samples))), rate, subtype="PCM_16")
    return song
