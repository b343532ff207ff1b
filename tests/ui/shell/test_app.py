"""The program as it is started: a process of its own, the real core, the real panels."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from stylus_ui.state.preferences import FILE

QT = "PySide6"
ROOT = Path(__file__).parents[3]
PATIENCE_S = 60
ENVIRONMENT = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8"}
REPORT = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from stylus_daw.settings import Settings
from stylus_ui.shell.app import DesktopApp, _application
application = _application()
app = DesktopApp(Settings(home=Path(sys.argv[1]), port=0), application)
heavy = [name for name in ("stylus_daw.app", "numpy", "pydantic") if name in sys.modules]
app.show()
print("shown", app.window.isVisible(), "imported before:", heavy, flush=True)
def look():
    context = app.running and app.running.context
    if context and (context.app or context.core_problem.value):
        print("core", context.core_problem.value or "up", "torch" in sys.modules, flush=True)
        app.quit()
    else:
        QTimer.singleShot(20, look)
look()
application.exec()
app.stop()
print("stopped", flush=True)
"""


def start(home: Path, *paths: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "stylus_daw", "ui", "--state-dir", str(home), "--port", "0", *map(str, paths)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, stdout=pipe, stderr=pipe, text=True)


def run(*command: str, environment: dict[str, str] = ENVIRONMENT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Of somebody who has been welcomed."""
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / FILE).write_text(json.dumps({"first_run.done": True}))
    return folder


@pytest.fixture
def first(home: Path) -> Iterator[subprocess.Popen[str]]:
    process = start(home)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_for(path: Path) -> None:
    end = time.monotonic() + PATIENCE_S
    while not path.exists():
        assert time.monotonic() < end, f"{path.name} did not appear"
        time.sleep(0.05)


def test_the_window_is_there_before_the_core_and_torch_is_never_imported(home: Path) -> None:
    ended = run(sys.executable, "-c", REPORT, str(home))
    expected = ["shown True imported before: []", "core up False", "stopped"]
    assert ended.stdout.splitlines() == expected, ended.stderr[-2000:]
    assert not (home / "bridge.json").exists()


def test_a_second_start_hands_its_files_to_the_first_and_sigterm_stops_it_cleanly(first, home: Path) -> None:
    wait_for(home / "bridge.json")
    region = ROOT / "stylus_daw" / "demo_audio" / "region.flac"
    second = run(sys.executable, "-m", "stylus_daw", "ui", "--state-dir", str(home), str(region))
    assert (second.returncode, second.stdout) == (0, "")
    wait_for(home / "workspace.json")
    assert json.loads((home / "workspace.json").read_text())["content"]["path"] == str(region)
    first.send_signal(signal.SIGTERM)
    _, errors = first.communicate(timeout=PATIENCE_S)
    assert first.returncode == 0, errors[-2000:]
    assert not (home / "bridge.json").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_killed_window_starts_again_with_what_was_worked_on(first, home: Path) -> None:
    wait_for(home / "bridge.json")
    region = ROOT / "stylus_daw" / "demo_audio" / "region.flac"
    start(home, region).communicate(timeout=PATIENCE_S)
    wait_for(home / "workspace.json")
    first.send_signal(signal.SIGKILL)
    first.wait(PATIENCE_S)
    again = run(sys.executable, "-c", REPORT, str(home))
    assert again.stdout.splitlines()[1] == "core up False", again.stderr[-2000:]
    assert json.loads((home / "workspace.json").read_text())["content"]["path"] == str(region)


def test_without_a_screen_or_without_pyside_the_command_says_what_to_do(home: Path) -> None:
    screens = ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")
    blind_world = {name: said for name, said in ENVIRONMENT.items() if name not in screens}
    code = (
        "import sys; sys.modules['PySide6'] = None; import importlib.machinery as m;"
        "find = m.PathFinder.find_spec; m.PathFinder.find_spec = classmethod("
        "lambda cls, name, *more: None if name.split('.')[0] == 'PySide6' else find(name, *more));"
        "del sys.modules['PySide6']; from stylus_daw.cli import main; main(['ui'])"
    )
    missing = run(sys.executable, "-c", code)
    assert missing.returncode == 2
    assert "pip install 'stylus-daw[gui]'" in missing.stderr
    if sys.platform.startswith("linux"):
        blind = run(sys.executable, "-m", "stylus_daw", "ui", environment=blind_world)
        assert (blind.returncode, "ui.screen" in blind.stderr) == (2, True)
