"""The real peers: Xvfb, Ardour's GUI in it, and the app without a window."""

from __future__ import annotations

import base64
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from xml.etree import ElementTree

from pythonosc.udp_client import SimpleUDPClient

from stylus_bridge.client.instance import running_instance
from stylus_bridge.daws.ardour.host import HOST
from stylus_bridge.daws.ardour.ui_scripts import ACTIONS, lua_string
from stylus_bridge.daws.host import Place
from stylus_bridge.daws.install import install
from tests.daws.ardour.session_files import Session

HERE = Path(__file__).parent
OSC_PORT = 3819
T = TypeVar("T")


def until(probe: Callable[[], T], what: str, timeout_s: float = 60.0) -> T:
    """The first true answer of ``probe``."""
    deadline = time.monotonic() + timeout_s
    while not (answer := probe()):
        assert time.monotonic() < deadline, f"waited {timeout_s:.0f} s for {what}"
        time.sleep(0.1)
    return answer


def stop(process: subprocess.Popen[bytes], number: int = signal.SIGTERM) -> None:
    if process.poll() is None:
        process.send_signal(number)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Display:
    """A virtual screen."""

    def __init__(self) -> None:
        reader, writer = os.pipe()
        command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1400x900x24", "-nolisten", "tcp"]
        self._process = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
        os.close(writer)
        with os.fdopen(reader) as numbers:
            self.name = f":{numbers.readline().strip()}"

    def run(self, *command: str) -> str:
        done = subprocess.run(
            command, env=os.environ | {"DISPLAY": self.name}, capture_output=True, text=True, check=False, timeout=30
        )
        return done.stdout.strip()

    def picture(self, path: Path) -> None:
        self.run("import", "-window", "root", str(path))

    def close(self) -> None:
        stop(self._process)


class StylusApp:
    """``stylus-daw serve`` as a process of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "stylus_daw.cli", "serve", "--port", "0", "--state-dir", str(self.home)]
        with (self.home / "output.txt").open("ab") as output:
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        until(lambda: running_instance(self.home), "the app", 120)

    def stop(self) -> None:
        if self._process is not None:
            stop(self._process)
        self._process = None

    def kill(self) -> None:
        """As a power cut would: bridge.json stays."""
        assert self._process is not None
        for child in _children(self._process.pid):
            os.kill(child, signal.SIGKILL)
        stop(self._process, signal.SIGKILL)
        self._process = None

    def ensure(self) -> None:
        """Running, whatever a test has left."""
        if self._process is None or self._process.poll() is not None:
            self.start()

    def jobs(self) -> set[Path]:
        return set((self.home / "jobs").iterdir())

    @property
    def messages(self) -> str:
        """What the Ardour scripts told the user so far."""
        path = self.home / "daws" / "ardour" / "messages.log"
        return path.read_text("utf-8") if path.exists() else ""

    def log(self) -> str:
        return (self.home / "stylus-daw.log").read_text("utf-8")


class Ardour:
    """The GUI with a session, our scripts installed, a Lua console and OSC."""

    def __init__(self, folder: Path, session: Session, home: Path, display: Display) -> None:
        self.session = session
        self._folder, self._display = folder, display
        self.config = folder / "config" / "ardour7"
        self.config.mkdir(parents=True, exist_ok=True)
        (self.config / ".a7").touch()
        (self.config / "config").write_text(
            (HERE / "ardour_config.xml").read_text().replace("@RATE@", str(session.rate))
        )
        put_scripts(self.config, home)
        session.enable_osc()
        self._process = self._start()
        self._osc = SimpleUDPClient("127.0.0.1", OSC_PORT)
        until(lambda: self._awake(), "Ardour", 90)

    def action(self, name: str, wait_s: float = 0.3) -> None:
        """Run one of Ardour's own actions."""
        self._osc.send_message("/access_action", name)
        time.sleep(wait_s)

    def stylus(self, script: str) -> None:
        """Run one of our installed actions."""
        self.action(f"LuaAction/script-{ACTIONS.index(script) + 1}", 0)

    def lua(self, source: str) -> str:
        """Run Lua in the GUI; gives what it returns."""
        answer = self._folder / "answer"
        answer.unlink(missing_ok=True)
        temp = self._folder / "command.tmp"
        temp.write_text(source, "utf-8")
        temp.rename(self._folder / "command.lua")
        text = until(lambda: answer.exists() and answer.read_text("utf-8"), f"Lua: {source[:60]}", 30)
        assert text[0] == "1", text
        return text[1:]

    def select_range(self, start: int, length: int, *, strip: int) -> None:
        """Select a range on one track, as the mouse would; ``strip`` counts from 1."""
        self._osc.send_message("/loop_location", [start, start + length])
        time.sleep(0.3)
        self._osc.send_message("/strip/select", [strip, 0])  # 1 is ignored
        time.sleep(0.3)
        self.action("Editor/select-loop-range")

    def select_region(self, name: str) -> None:
        """Select the region of that name."""
        self.lua(
            "local chosen, tracks = ArdourUI.SelectionList (), Session:get_tracks () "
            "for t in tracks:iter () do local regions = t:to_track ():playlist ():region_list () "
            f"for r in regions:iter () do if r:name () == '{name}' then "
            "chosen:push_back (Editor:regionview_from_region (r)) end end end "
            "Editor:set_selection (chosen, ArdourUI.SelectionOp.Set)"
        )

    def strip_of(self, track: str) -> int:
        """The number by which OSC knows a track now."""
        return self.session.tracks().index(track) + 1

    def undo(self) -> None:
        self.action("Editor/undo", 0.5)

    def save(self) -> None:
        stamp = self.session.file.stat().st_mtime_ns
        self._osc.send_message("/save_state", [])
        until(lambda: self.session.file.stat().st_mtime_ns != stamp, "the session to be saved")
        time.sleep(0.3)

    def dialog(self) -> str | None:
        """The number of a message window of ours that is open."""
        found = self._display.run("xdotool", "search", "--onlyvisible", "--name", "^Stylus$")
        return found.splitlines()[0] if found else None

    def dismiss(self, key: str = "Return") -> None:
        """Press a key in our window, so that it closes."""
        window = until(self.dialog, "a message to the user", 30)
        self._display.run("xdotool", "windowfocus", "--sync", window)
        self._display.run("xdotool", "key", "--window", window, key)
        until(lambda: self.dialog() is None, "the message to close", 15)

    def close(self) -> None:
        self.action("Common/Quit", 0)
        self._osc._sock.close()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            stop(self._process, signal.SIGKILL)

    def _start(self) -> subprocess.Popen[bytes]:
        environment = os.environ | {
            "ARDOUR_FPU_FLAGS": "95",  # the AVX512F code of 7.3 corrupts the heap
            "XDG_CONFIG_HOME": str(self._folder / "config"),
            "XDG_CACHE_HOME": str(self._folder / "cache"),
            "DISPLAY": self._display.name,
            "NO_AT_BRIDGE": "1",
            "TEST_CONSOLE": str(self._folder),
        }
        command = ["ardour", "--no-splash", "--no-announcements", str(self.session.folder)]
        with (self._folder / "ardour.log").open("ab") as log:
            return subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def _awake(self) -> Any:
        assert self._process.poll() is None, (self._folder / "ardour.log").read_text("utf-8", "replace")[-2_000:]
        command = self._folder / "command.lua"
        if not command.exists() and not (self._folder / "answer").exists():
            command.write_text("return 'awake'")
        return (self._folder / "answer").exists()


def put_scripts(config: Path, home: Path) -> None:
    """Our scripts by our installer, and the test console."""
    install(HOST, Place(evidence=config, scripts=config / "scripts"), home)
    _switch_on_console(config / "ui_scripts")


def _switch_on_console(path: Path) -> None:
    tree = ElementTree.parse(path)
    hooks = tree.getroot().find("ActionHooks")
    assert hooks is not None
    ours = next(iter(hooks))
    source = (HERE / "console_hook.lua").read_text("utf-8")
    code = f"local factory, signals; local function ardour () end\n{source}\nreturn factory (...)"
    entry = f's = {{}} s["n"] = "Test console" s["s"] = {lua_string(source)} s["f"] = {lua_string(code)} s["a"] = {{}} '
    attributes = dict(ours.attrib) | {"name": "Test console", "id": "910000"}
    if len(hooks) == 1:
        ElementTree.SubElement(hooks, "LuaCallback", attributes).text = base64.b64encode(entry.encode()).decode()
    tree.write(path, encoding="UTF-8", xml_declaration=True)


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in text.split()]
