"""A real X server, and somebody at it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from stylus_ui.state.preferences import FILE
from tests.support.needs import need
from tests.ui.x11.x11_person import REGION, X11Person

NEEDED = ("Xvfb", "openbox", "xdotool", "wmctrl", "import", "xclip")


@pytest.fixture
def screen() -> Iterator[str]:
    """A display of its own with a window manager."""
    need(*NEEDED)
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x900x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as told:
        display = f":{told.readline().strip()}"
    manager = window_manager({**os.environ, "DISPLAY": display})
    yield display
    for process in (manager, server):
        process.terminate()
        process.wait()


def window_manager(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """It is there: on a busy machine the server may not answer its first call, and it gives up."""
    for _ in range(10):
        manager = subprocess.Popen(["openbox"], env=environment, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 10
        while manager.poll() is None and time.monotonic() < end:
            if subprocess.run(["wmctrl", "-m"], env=environment, capture_output=True).returncode == 0:
                return manager
            time.sleep(0.1)
        manager.terminate()
        manager.wait()
    raise AssertionError("openbox does not start on this display")


@pytest.fixture
def person(newcomer: X11Person) -> X11Person:
    """Somebody who has been greeted."""
    (newcomer.home / FILE).write_text(json.dumps({"first_run.done": True}))
    return newcomer


@pytest.fixture
def given() -> Path:
    """What can be dragged out of the other program."""
    return REGION


@pytest.fixture
def newcomer(screen: str, tmp_path: Path, given: Path) -> Iterator[X11Person]:
    """Somebody for whom it is the first start ever, with another program beside it."""
    home = tmp_path / "home"
    home.mkdir()
    taken = tmp_path / "taken.txt"
    made = X11Person(home, screen, taken)
    partner = made.starts(sys.executable, str(Path(__file__).parent / "drag_partner.py"), str(given), str(taken))
    yield made
    partner.terminate()
    partner.wait()
