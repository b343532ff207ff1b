"""The standalone bundle as somebody without Python has it: no PATH, no variables, an empty home folder.

``make test-bundle`` makes it first; ``STYLUS_BUNDLE`` names another folder that was unpacked.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import soundfile

from stylus_daw import __version__
from stylus_daw.rehearsal import bundled_region
from tests.support.needs import go_without, needs
from tests.support.waiting import eventually

ROOT = Path(__file__).parents[2]
PORT, SCREEN = 47_871, ":93"

pytestmark = pytest.mark.bundle


@dataclass(frozen=True)
class Somebody:
    """Who has unpacked the bundle and nothing else."""

    program: Path
    home: Path

    def surroundings(self, **variables: str) -> dict[str, str]:
        return {"HOME": str(self.home), "PATH": "/nonexistent", "LANG": "C.UTF-8", **variables}

    def run(self, *arguments: object) -> str:
        words = [str(self.program), *(str(argument) for argument in arguments)]
        ended = subprocess.run(
            words, env=self.surroundings(), cwd=self.home, capture_output=True, text=True, check=False, timeout=300
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    def start(self, *arguments: str, **variables: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([self.program, *arguments], env=self.surroundings(**variables), cwd=self.home)

    @property
    def state(self) -> Path:
        return self.home / ".local" / "share" / "stylus-daw"

    def endpoint(self) -> dict[str, Any]:
        eventually((self.state / "bridge.json").exists, 60)
        return json.loads((self.state / "bridge.json").read_text("utf-8"))


@pytest.fixture
def somebody(tmp_path: Path) -> Somebody:
    named = os.environ.get("STYLUS_BUNDLE")
    made = [Path(named)] if named else sorted((ROOT / "out" / "bundle").glob("stylus-daw-*-linux-*/"))
    if not made or sys.platform != "linux":
        go_without("there is no bundle for Linux; run: make bundle", could_be_installed=False)
    return Somebody(program=made[-1] / "stylus-daw" / "stylus-daw", home=tmp_path)


def ended(process: subprocess.Popen[bytes]) -> int:
    process.terminate()
    return process.wait(60)


def test_it_says_its_version_and_finds_nothing_wrong(somebody: Somebody) -> None:
    assert somebody.run("--version").strip() == f"stylus-daw {__version__}"
    told = json.loads(somebody.run("doctor", "--json"))
    assert told["ok"]
    assert [one for one in told["checks"] if one["state"] == "FAILED"] == []


def test_it_renders_without_torch_and_says_where_torch_could_be(somebody: Somebody) -> None:
    region = bundled_region().clip
    source = ROOT / "stylus_daw" / "demo_audio" / "region.flac"
    somebody.run("render", source, "--preset", "warm-strings", "-o", "stem.wav")
    info = soundfile.info(somebody.home / "stem.wav")
    assert (info.samplerate, info.channels) == (region.rate, region.samples.shape[0])
    assert info.frames == soundfile.info(source).frames
    assert not list(somebody.program.parent.rglob("libtorch*"))


def test_the_demo_goes_through_the_app_and_its_render_process(somebody: Somebody) -> None:
    told = [json.loads(line) for line in somebody.run("demo", "--out", "demo", "--json").splitlines()]
    assert told
    assert {path.suffix for path in (somebody.home / "demo").iterdir()} >= {".wav"}


@needs("oscsend", "oscdump")
def test_it_answers_a_ping(somebody: Somebody) -> None:
    app = somebody.start("serve", "--port", str(PORT))
    try:
        endpoint = somebody.endpoint()
        with subprocess.Popen(["oscdump", "-L", str(PORT + 1)], stdout=subprocess.PIPE, text=True) as heard:
            time.sleep(1)  # s: oscdump does not say when it listens
            hello = ["oscsend", "127.0.0.1", str(endpoint["port"]), "/stylus/hello", "sissi"]
            subprocess.run([*hello, endpoint["token"], "1", "oscsend", "1.0", str(PORT + 1)], check=True)
            assert heard.stdout is not None
            assert "/stylus/welcome" in heard.stdout.readline()
            heard.kill()
    finally:
        assert ended(app) == 0


def test_host_scripts_lie_in_it(somebody: Somebody) -> None:
    for daw in ("reaper", "ardour", "live", "bitwig"):
        [told] = [json.loads(somebody.run("install", daw, "--to", somebody.home / daw, "--json"))]
        assert told["files"]
        assert all(Path(one["path"]).stat().st_size for one in told["files"])


def test_a_plugin_is_tried_in_a_process_of_its_own(somebody: Somebody) -> None:
    (somebody.home / "plugins").mkdir()
    (somebody.home / "plugins" / "broken.vst3").write_bytes(b"no plugin")
    words = [somebody.program, "plugins", "scan", "--folder", "plugins"]
    told = subprocess.run(
        words, env=somebody.surroundings(), cwd=somebody.home, capture_output=True, text=True, check=False, timeout=120
    )
    assert "unsupported plugin format" in told.stdout + told.stderr


@pytest.fixture
def screen() -> Iterator[str]:
    server = subprocess.Popen(["Xvfb", SCREEN, "-screen", "0", "1400x900x24"], stderr=subprocess.DEVNULL)
    eventually(Path(f"/tmp/.X11-unix/X{SCREEN[1:]}").exists, 20)
    yield SCREEN
    ended(server)


@needs("Xvfb", "import")
def test_its_window_comes_up_and_a_second_start_reaches_it(somebody: Somebody, screen: str) -> None:
    window = somebody.start("ui", DISPLAY=screen)
    try:
        somebody.endpoint()
        picture = somebody.home / "window.ppm"
        eventually(lambda: colours(picture, screen) > 200, 60)
        bundle = json.loads(somebody.run("presets", "export", "choir-pad", "--json"))["file"]
        again = somebody.start("ui", bundle, DISPLAY=screen)
        assert again.wait(60) == 0
        assert window.poll() is None
        if kept := os.environ.get("STYLUS_PICTURES"):
            time.sleep(3)  # s: for the notice to have been painted
            subprocess.run(["import", "-display", screen, "-window", "root", f"{kept}/bundle.png"], check=True)
            shutil.copy(picture, kept)
    finally:
        ended(window)


def colours(picture: Path, screen: str) -> int:
    """How many different pixels the screen has now."""
    subprocess.run(["import", "-display", screen, "-window", "root", "-depth", "8", str(picture)], check=True)
    content = picture.read_bytes()
    return len({content[at : at + 3] for at in range(15, len(content) - 3, 3)})
