"""The plugin, built once into ``STYLUS_TEST_PLUGIN`` (default: out/plugin), hosts for it, and a real stylus-daw."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from stylus_daw.rehearsal import headless_app
from tests.plugin.peers import ClapHost, Lab
from tests.support.needs import lacking, need

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("STYLUS_TEST_PLUGIN", ROOT / "out" / "plugin"))
BUILD_TOOLS = ("make", "g++", "pkg-config", "/usr/share/dpf/Makefile.plugins.mk")
WINDOW_HEADERS = (
    "/usr/include/GL/gl.h",
    "/usr/include/X11/Xlib.h",
    "/usr/include/X11/extensions/Xext.h",
    "/usr/include/X11/extensions/Xrandr.h",
    "/usr/include/X11/Xcursor/Xcursor.h",
)


def make(*targets: str) -> None:
    """Runs the plugin's Makefile. What is built already is not built again."""
    window = "false" if lacking(*WINDOW_HEADERS) else "true"
    command = ["make", "-s", "-C", ROOT / "bridge" / "plugin", f"OUT={FOLDER}", f"UI={window}", *targets]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr[-4000:]


@pytest.fixture(scope="session")
def plugin() -> Path:
    """The folder with StylusConnect in every format, mono, stereo and 5.1."""
    need(*BUILD_TOOLS)
    make("every", "host")
    return FOLDER


@pytest.fixture(scope="session")
def unit_tests() -> Path:
    """The program of the core's tests, which is also the lab."""
    need("make", "g++")
    make("tests")
    return FOLDER / "build" / "tests" / "connect_tests"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The state folder of a stylus-daw that runs."""
    folder = tmp_path_factory.mktemp("stylus")
    with headless_app(folder):
        yield folder


@pytest.fixture
def clap(plugin: Path, tmp_path: Path) -> Iterator[ClapHost]:
    """A CLAP host with the plugin at 48 kHz, far from any stylus-daw."""
    with ClapHost(plugin, tmp_path / "nobody") as host:
        yield host


@pytest.fixture
def lab(unit_tests: Path, home: Path) -> Iterator[Lab]:
    with Lab(unit_tests, home) as lab:
        yield lab
