"""The plugin's window in a real Ardour under Xvfb, LV2 and VST3: a double click opens it, and its session again."""

from __future__ import annotations

import base64
import os
import re
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest

from tests.daws.ardour.rig import Ardour, Display, StylusApp, until
from tests.daws.ardour.session_files import Session, make_session
from tests.plugin.ardour.headless import KEYS, KEYS_VST3, Headless, ardour_environment, scan_vst3
from tests.support.needs import need

pytestmark = pytest.mark.plugin

PLUGIN = (340, 207)
"""Where Ardour 7.3 draws the first processor of the first strip, on the rig's screen."""


@pytest.fixture(params=[KEYS, KEYS_VST3], ids=["LV2", "VST3"])
def session(plugin: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Session:
    """A track with the plugin on it."""
    need("ardour", "ardour7-lua", "Xvfb", "xdotool", "import")
    session = make_session(tmp_path / "song", 48_000)
    session.put(KEYS.name, np.full((48_000, 2), 0.1, np.float32), 48_000, "keys")
    environment = ardour_environment(plugin, tmp_path / "home", tmp_path)
    scan_vst3(plugin, environment)
    with Headless(session, environment, request.param) as ardour:
        ardour.add_plugin()
        time.sleep(0.5)
        ardour.save()
    return session


def click(display: Display, place: tuple[int, int], times: int = 1) -> None:
    display.run("xdotool", "mousemove", str(place[0]), str(place[1]))
    time.sleep(0.5)
    for _ in range(times):
        display.run("xdotool", "click", "1")
        time.sleep(0.1)


def window_of_the_plugin(display: Display) -> str:
    return display.run("xdotool", "search", "--onlyvisible", "--name", "Stylus Connect").partition("\n")[0]


def double_clicked(ardour: Ardour, display: Display) -> str:
    """The window that a double click has opened. An Ardour that still loads goes back to its editor by itself."""
    ardour.action("Common/show-mixer", 3)
    click(display, PLUGIN, times=2)
    end = time.monotonic() + 8
    while not (window := window_of_the_plugin(display)) and time.monotonic() < end:
        time.sleep(0.2)
    return window


def kept_state(song: Path) -> bytes:
    """What Ardour has kept of the plugin: LV2 in files of its own, VST3 inside the session file."""
    files = [path.read_bytes() for path in (song / "plugins").rglob("*.ttl")]
    chunks = re.findall(r"<chunk>(.*?)</chunk>", (song / "song.ardour").read_text("utf-8"), re.DOTALL)
    return b"".join([*files, *(base64.b64decode(chunk) for chunk in chunks)])


def colours(picture: Path) -> int:
    """How many colours a picture has: an empty window has few."""
    told = subprocess.run(["identify", "-format", "%k", picture], capture_output=True, text=True, check=True)
    return int(told.stdout)


def open_window(ardour: Ardour, display: Display, picture: Path) -> None:
    window = until(lambda: double_clicked(ardour, display), "the plugin's window", 60)
    time.sleep(6)  # Ardour draws slowly where there is no graphics card
    display.run("import", "-window", window, str(picture))
    assert colours(picture) > 60


def test_the_window_opens_and_its_session_opens_again(
    plugin: Path, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, display = StylusApp(tmp_path / "home"), Display()
    app.start()
    for name, value in ardour_environment(plugin, app.home, tmp_path).items():
        if os.environ.get(name) != value and not name.startswith("XDG"):
            monkeypatch.setenv(name, value)
    try:
        for turn in range(2):
            ardour = Ardour(tmp_path, session, app.home, display)
            try:
                open_window(ardour, display, tmp_path / f"window-{turn}.png")
                ardour.save()
            finally:
                ardour.close()
    finally:
        display.close()
        app.stop()
    assert b"takes" in kept_state(session.folder)
