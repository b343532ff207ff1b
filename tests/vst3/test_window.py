"""A plugin's own window, opened, turned at and closed on a screen of its own.

Needs Xvfb, openbox, xsettingsd, xdotool and what DPF draws with (libgl-dev, libx11-dev, libxext-dev, libxrandr-dev,
libxcursor-dev, libglx-mesa0): all of it comes with ``make test-vst3``.
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
import pytest

from stylus_daw.chain.apply import apply_chain
from stylus_daw.chain.plugins.hosting import Hosting
from stylus_daw.errors import ChainError
from tests.support.needs import need
from tests.vst3.plugin_sounds import chain, fresh, need_zam, noise

pytestmark = pytest.mark.vst3

TOOLS = ("Xvfb", "openbox", "xsettingsd", "xdotool")
THRESHOLD_KNOB, CLOSE_BUTTON = (132, 87), (552, 9)
"""On the screen: openbox puts the only window into its corner."""


@contextmanager
def running(*command: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(10)
        assert process.stdout is not None
        process.stdout.close()


@pytest.fixture
def screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    need(*TOOLS)
    (tmp_path / "xsettings").write_text('Net/ThemeName "plain"\n')
    with ExitStack() as stack:
        server = ("Xvfb", "-displayfd", "1", "-screen", "0", "1024x768x24", "-nolisten", "tcp")
        process = stack.enter_context(running(*server))
        assert process.stdout is not None
        monkeypatch.setenv("DISPLAY", ":" + process.stdout.readline().decode().strip())
        stack.enter_context(running("xsettingsd", "-c", str(tmp_path / "xsettings")))
        stack.enter_context(running("openbox"))
        time.sleep(1)
        yield


def xdotool(*words: object) -> str:
    command = ["xdotool", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def turn_and_close() -> None:
    """What a user does: wait for the window, turn the knob, close the window."""
    deadline = time.monotonic() + 30
    while not xdotool("search", "--name", "^Pedalboard$") and time.monotonic() < deadline:
        time.sleep(0.3)
    time.sleep(1)
    x, y = THRESHOLD_KNOB
    xdotool("mousemove", x, y, "mousedown", 1)
    for step in range(8, 40, 8):
        xdotool("mousemove", x, y + step)
        time.sleep(0.1)
    xdotool("mouseup", 1)
    time.sleep(0.5)
    xdotool("mousemove", *CLOSE_BUTTON, "click", 1)


@pytest.mark.usefixtures("screen")
def test_what_is_turned_in_the_window_is_saved_and_heard(plugins: Path, hosting: Hosting) -> None:
    need_zam(plugins, "ui/ZaMaximX2")
    start = fresh(plugins / "ui", "ZaMaximX2")
    user = threading.Thread(target=turn_and_close)
    user.start()
    edited = hosting.edit(start)
    user.join()
    assert edited.raw_state
    threshold = edited.parameters["threshold_db"]
    assert isinstance(threshold, float)
    assert threshold < -1
    clip = noise()
    loud = [apply_chain(clip, chain(one), hosting=hosting).samples for one in (start, edited)]
    assert np.abs(loud[0] - loud[1]).max() > 0.01


@pytest.mark.usefixtures("screen")
def test_a_plugin_without_a_window_says_so(plugins: Path, hosting: Hosting) -> None:
    with pytest.raises(ChainError, match='"StylusGain" has no window') as caught:
        hosting.edit(fresh(plugins, "StylusGain"))
    assert caught.value.code == "chain.no_editor"


def test_without_a_screen_the_error_names_the_plugin(
    plugins: Path, hosting: Hosting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    assert "DISPLAY" not in os.environ
    with pytest.raises(ChainError, match="StylusGain") as caught:
        hosting.edit(fresh(plugins, "StylusGain"))
    assert caught.value.code == "chain.no_display"
