"""Ardour without a window: a Lua console in a real session, with the LV2 on a track."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import soundfile

from tests.daws.ardour.session_files import Session

HERE = Path(__file__).parent
PRESET, CAPTURE, RENDER = 4, 6, 7
"""Control inputs, as Ardour counts them, of LV2 and VST3 alike."""


@dataclass(frozen=True, kw_only=True)
class Track:
    """A track of the test's session, and the version of the plugin that fits it."""

    name: str
    channels: int
    uri: str
    kind: str = "LV2"


KEYS = Track(name="Keys", channels=2, uri="urn:stylus-daw:connect")
KEYS_VST3 = Track(name="Keys", channels=2, uri="2046504473616C633243745300000000", kind="VST3")
BASS = Track(name="Bass", channels=1, uri="urn:stylus-daw:connect:mono")
ROOM = Track(name="Room", channels=6, uri="urn:stylus-daw:connect:surround")


def ardour_environment(plugins: Path, home: Path, config: Path) -> dict[str, str]:
    """For an Ardour that knows our plugin and nothing of the user's."""
    return os.environ | {
        "ARDOUR_FPU_FLAGS": "95",  # the AVX512F code of 7.3 corrupts the heap
        "LV2_PATH": f"{plugins}:/usr/lib/lv2",
        "VST3_PATH": str(plugins),
        "STYLUS_HOME": str(home),
        "XDG_CONFIG_HOME": str(config / "config"),
        "XDG_CACHE_HOME": str(config / "cache"),
    }


def scan_vst3(plugins: Path, environment: dict[str, str]) -> None:
    """As Ardour's window does at its start, by the same program."""
    (scanner,) = Path("/usr/lib").glob("**/ardour-vst3-scanner")
    libraries = {"LD_LIBRARY_PATH": str(scanner.parent)}
    subprocess.run([scanner, "-q", "-f", plugins / "StylusConnect.vst3"], env=environment | libraries, check=True)


class Headless:
    """A session opened in ``ardour7-lua``."""

    def __init__(self, session: Session, environment: dict[str, str], track: Track = KEYS) -> None:
        self._track = track
        self._process = subprocess.Popen(
            ["ardour7-lua", HERE / "console.lua", session.folder, session.folder.name],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._answer() == "ready"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._process.communicate(timeout=30)

    def lua(self, line: str) -> str:
        """What a line of Lua returns."""
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        answer = self._answer()
        assert not answer.startswith("error"), f"{line}: {answer}"
        return answer

    def add_plugin(self) -> None:
        """Stylus Connect becomes the track's first processor."""
        self.lua(
            f"plugin = ARDOUR.LuaAPI.new_plugin(Session, '{self._track.uri}', ARDOUR.PluginType.{self._track.kind}, '')"
        )
        self.lua(f"Session:route_by_name('{self._track.name}'):add_processor_by_index(plugin, 0, nil, true)")

    def find_plugin(self) -> None:
        self.lua(f"plugin = Session:route_by_name('{self._track.name}'):nth_plugin(0)")

    def wait_for_companion(self) -> None:
        """Until the plugin has found stylus-daw and its presets: Ardour's Lua cannot read the status."""
        time.sleep(4.0)

    def wait_for_stem(self) -> None:
        """Until the plugin has read what was rendered."""
        time.sleep(2.0)

    def set(self, control: int, value: float) -> None:
        assert self.lua(f"return ARDOUR.LuaAPI.set_processor_param(plugin, {control}, {value})") == "true"
        time.sleep(0.4)  # until the dummy device has run a few cycles

    def roll(self, start: int, seconds: float) -> None:
        source = "ARDOUR.TransportRequestSource.TRS_UI"
        self.lua(f"Session:request_locate({start}, false, ARDOUR.LocateTransportDisposition.MustStop, {source})")
        time.sleep(0.5)
        self.lua(f"Session:request_roll({source})")
        time.sleep(seconds)
        self.lua(f"Session:request_stop(false, false, {source})")
        time.sleep(0.5)

    def bounce(self, start: int, end: int, name: str) -> np.ndarray:
        """The track through the plugin, offline, (frames, channels)."""
        self.lua(
            f"region = Session:route_by_name('{self._track.name}'):to_track():bounce_range("
            f"{start}, {end}, ARDOUR.InterThreadInfo(), plugin, true, '{name}')"
        )
        paths = [
            self.lua(f"return region:source({channel}):to_filesource():path()")
            for channel in range(self._track.channels)
        ]
        return np.stack([soundfile.read(path, dtype="float32")[0] for path in paths], axis=1)

    def save(self) -> None:
        self.lua("Session:save_state('', false, false, false, false, false)")

    def _answer(self) -> str:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("=> "):
                return line[3:].rstrip("\n")
        raise AssertionError(f"Ardour ended with {self._process.wait()}")


def newest(find: Callable[[], set[Path]], known: set[Path], seconds: float = 90.0) -> Path:
    """The file that has come since."""
    end = time.monotonic() + seconds
    while not (fresh := find() - known):
        assert time.monotonic() < end, "no new file came"
        time.sleep(0.1)
    return fresh.pop()
