"""The ways to install a wheel, each into an empty home folder, with packages from nowhere but a folder of wheels."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
import venv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

NAME = "stylus-daw"
REGION = Path(__file__).parents[2] / "stylus_daw" / "demo_audio" / "region.flac"
PRESET = "warm-strings"
"""What the first stem is made of."""


class Refused(Exception):
    """A command that had to succeed did not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Wheels for one interpreter: what would be downloaded.

    Attributes:
        folder: holds them and ours.
        python: the interpreter.
        extra: of ours, or empty.
        wheel: ours.
        seconds: that downloading took.
    """

    folder: Path
    python: Path
    extra: str
    wheel: Path
    seconds: float

    @property
    def wanted(self) -> str:
        """What is asked for."""
        return f"{NAME}[{self.extra}]" if self.extra else NAME

    @property
    def bytes(self) -> int:
        """Of all wheels, ours included."""
        return sum(path.stat().st_size for path in self.folder.iterdir())


def filled_shelf(folder: Path, python: Path, extra: str, wheel: Path) -> Shelf:
    """Download everything that the wheel needs, with the newest versions that fit."""
    folder.mkdir()
    shutil.copy(wheel, folder)
    tools = environment(folder.with_name(f"{folder.name}-tools"), python)
    wanted = f"{wheel}[{extra}]" if extra else str(wheel)
    began = time.monotonic()
    run([tools / "bin" / "pip", "download", "--quiet", "--no-cache-dir", "--dest", folder, wanted], os.environ)
    return Shelf(folder=folder, python=python, extra=extra, wheel=wheel, seconds=time.monotonic() - began)


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """What a way has made.

    Attributes:
        program: the command ``stylus-daw``.
        bytes: on the disk, without the interpreter.
        seconds: that installing took.
    """

    program: Path
    bytes: int
    seconds: float


def by_pip(shelf: Shelf, home: Path) -> Installed:
    """``python -m venv``, then ``pip install``."""
    place = environment(home / "venv", shelf.python)
    before = size_of(place)
    install = [place / "bin" / "pip", "--isolated", "install", "--quiet", "--no-index", "--find-links", shelf.folder]
    return _timed([*install, shelf.wanted], home, place / "bin" / NAME, place, before)


def by_uv(shelf: Shelf, home: Path) -> Installed:
    """``uv tool install``, offline: nothing but the folder is asked, and no interpreter is fetched."""
    install = [tool("uv", home), "tool", "install", "--quiet", "--offline", "--no-index", "--find-links", shelf.folder]
    command = [*install, "--no-python-downloads", "--python", shelf.python, shelf.wanted]
    return _timed(command, home, home / ".local" / "bin" / NAME, home / ".local" / "share" / "uv")


def by_pipx(shelf: Shelf, home: Path) -> Installed:
    """``pipx install``. It first brings its own pip up to date, so that is in a second folder."""
    pips = home.with_name(f"{home.name}-pip")
    run([shelf.python, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", pips, "pip"], os.environ)
    options = f"--no-index --find-links={shelf.folder} --find-links={pips}"
    command = [tool("pipx", home), "install", "--quiet", "--python", shelf.python, "--pip-args", options, shelf.wanted]
    return _timed(command, home, home / ".local" / "bin" / NAME, home / ".local" / "share" / "pipx" / "venvs")


PIP = "`pip install`"
WAYS: Mapping[str, Callable[[Shelf, Path], Installed]] = {
    PIP: by_pip,
    "`uv tool install`": by_uv,
    "`pipx install`": by_pipx,
}


def tool(name: str, home: Path) -> Path:
    """An installer of the newest version, in an environment of its own beside the home folder."""
    place = home.with_name(f"{home.name}-{name}")
    venv.create(place, with_pip=True)
    run([place / "bin" / "pip", "install", "--quiet", name], os.environ)
    return place / "bin" / name


def environment(folder: Path, python: Path) -> Path:
    """A fresh virtual environment."""
    run([python, "-m", "venv", folder], os.environ)
    return folder


def bare(home: Path) -> dict[str, str]:
    """The environment of somebody who has just come: an empty home and the system's programs."""
    home.mkdir(exist_ok=True)
    return {"HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def run(command: Sequence[str | Path], surroundings: Mapping[str, str], folder: Path | None = None) -> str:
    """What it printed.

    Raises:
        Refused: it failed; with the end of what it said.
    """
    words = [str(word) for word in command]
    ended = subprocess.run(words, env=dict(surroundings), cwd=folder, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise Refused(f"{' '.join(words)}: {(ended.stderr or ended.stdout).strip()[-600:]}")
    return ended.stdout


def size_of(folder: Path) -> int:
    """Bytes of all files below; links count nothing."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _timed(command: Sequence[str | Path], home: Path, program: Path, place: Path, before: int = 0) -> Installed:
    surroundings = bare(home)
    began = time.monotonic()
    run(command, surroundings)
    return Installed(program=program, bytes=size_of(place) - before, seconds=time.monotonic() - began)
