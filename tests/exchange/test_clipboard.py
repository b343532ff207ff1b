"""The clipboard: a stem is pasted as a file. Real xclip under a real X server; the other systems as data."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import numpy as np
import pytest

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.files import Provenance, write_stem
from stylus_daw.errors import RequestError
from stylus_daw.exchange.clipboard import clipboard_call, put_on_clipboard
from tests.support.needs import need

HARD = Path('/home/mü ller/it\'s "50 %" $HOME ’`x`.wav')


def everywhere(tool: str) -> str:
    return f"/usr/bin/{tool}"


def nowhere(tool: str) -> None:
    return None


def test_macos_gets_the_path_as_an_argument_and_never_as_a_script():
    arguments = clipboard_call("Darwin", HARD, {}, everywhere).arguments
    assert arguments[0] == "/usr/bin/osascript"
    assert arguments[-1] == str(HARD)
    script = [line for option, line in itertools.pairwise(arguments) if option == "-e"]
    assert script == ["on run argv", "set the clipboard to POSIX file (item 1 of argv)", "end run"]


def test_windows_gets_the_path_as_a_variable_and_never_as_a_command():
    call = clipboard_call("Windows", HARD, {}, everywhere)
    assert call.arguments[0].endswith("powershell.exe")
    assert call.arguments[-2:-1] == ("-Command",)
    assert "Set-Clipboard -LiteralPath $env:STYLUS_CLIPBOARD_FILE" in call.arguments[-1]
    assert call.environment == {"STYLUS_CLIPBOARD_FILE": str(HARD)}


@pytest.mark.parametrize(
    ("environment", "tool"),
    [
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, ("/usr/bin/wl-copy", "--type", "text/uri-list")),
        ({"DISPLAY": ":0"}, ("/usr/bin/xclip", "-selection", "clipboard", "-t", "text/uri-list", "-i")),
    ],
)
def test_linux_offers_a_list_of_one_uri(environment, tool):
    call = clipboard_call("Linux", HARD, environment, everywhere)
    assert call.arguments == tool
    assert call.stdin.endswith(b"\r\n")
    assert unquote(urlsplit(call.stdin.decode("ascii").strip()).path) == str(HARD)


def test_wayland_without_its_tool_takes_the_one_of_x():
    there = {"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}
    call = clipboard_call("Linux", HARD, there, {"xclip": "/bin/xclip"}.get)
    assert call.arguments[0] == "/bin/xclip"


@pytest.mark.parametrize(
    ("system", "environment", "wanted"),
    [
        ("Linux", {"DISPLAY": ":0"}, "install the package xclip"),
        ("Linux", {"WAYLAND_DISPLAY": "wayland-0"}, "install the package wl-clipboard"),
        ("Linux", {}, "no screen"),
        ("Darwin", {}, "osascript"),
        ("Windows", {}, "powershell.exe"),
    ],
)
def test_what_is_missing_is_named(system, environment, wanted):
    with pytest.raises(RequestError, match=wanted) as caught:
        clipboard_call(system, HARD, environment, nowhere)
    assert caught.value.code == "export.clipboard"


@pytest.mark.skipif(os.name == "nt", reason="the tool that fails is a shell script")
def test_a_tool_that_fails_is_quoted(tmp_path, monkeypatch):
    tool = tmp_path / "xclip"
    tool.write_text("#!/bin/sh\necho the moon is full >&2\nexit 3\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(RequestError, match="the moon is full"):
        put_on_clipboard(HARD, "Linux", {**os.environ, "WAYLAND_DISPLAY": "", "DISPLAY": ":0"})


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a real X server of our own."""
    need("Xvfb", "xclip")
    number, told = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(told), "-nolisten", "tcp", "-screen", "0", "320x200x24"],
        pass_fds=(told,),
        stderr=subprocess.DEVNULL,
    )
    os.close(told)
    with os.fdopen(number) as stream:
        display = f":{stream.readline().strip()}"
    kept = {name: value for name, value in os.environ.items() if name != "WAYLAND_DISPLAY"}
    yield {**kept, "DISPLAY": display}
    server.terminate()
    server.wait(10)


def pasted(screen: dict[str, str], form: str) -> bytes:
    command = ["xclip", "-selection", "clipboard", "-o", "-t", form]
    for _ in range(50):
        answer = subprocess.run(command, env=screen, capture_output=True, check=False, timeout=10)
        if answer.returncode == 0:
            return answer.stdout
        time.sleep(0.1)
    raise AssertionError(answer.stderr)


def a_stem(path: Path) -> Path:
    path.parent.mkdir(parents=True)
    samples = np.zeros((2, 480), dtype=np.float32)
    write_stem(path, Clip(samples=samples, rate=48_000, start=77), Provenance(preset="Warm Strings"))
    return path


def exported(screen: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "stylus_daw", "export", *arguments]
    return subprocess.run(command, env=screen, capture_output=True, text=True, encoding="utf-8", check=False)


def path_of(uris: bytes) -> Path:
    (uri,) = uris.decode("ascii").split()
    return Path(unquote(urlsplit(uri).path))


def test_a_stem_can_be_pasted_as_a_file(screen, tmp_path):
    stem = a_stem(tmp_path / "Müller & Söhne" / "it's 100 %.wav")
    ended = exported(screen, str(stem), "--clipboard")
    assert ended.returncode == 0, ended.stderr
    assert "on the clipboard" in ended.stdout
    assert b"text/uri-list" in pasted(screen, "TARGETS").split()
    assert path_of(pasted(screen, "text/uri-list")) == stem
    assert [path.name for path in stem.parent.iterdir()] == [stem.name]


def test_another_form_is_written_and_pasted(screen, tmp_path):
    stem = a_stem(tmp_path / "job" / "stem.wav")
    ended = exported(screen, str(stem), "--clipboard", "--as", "dawproject")
    assert ended.returncode == 0, ended.stderr
    pasted_file = path_of(pasted(screen, "text/uri-list"))
    assert pasted_file.suffix == ".dawproject"
    assert pasted_file.parent == stem.parent
    assert pasted_file.is_file()
