"""Real VST3 plugins, built once by build.sh into ``STYLUS_TEST_VST3`` (default: out/vst3), and hosts for them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from stylus_daw.chain.plugins.cache import PluginCache
from stylus_daw.chain.plugins.hosting import Hosting
from stylus_daw.chain.plugins.process import Timeouts
from tests.support.needs import need

HERE = Path(__file__).parent

FOLDER = Path(os.environ.get("STYLUS_TEST_VST3", HERE.parents[1] / "out" / "vst3"))
SHORT = Timeouts(scan_s=30, open_s=20, block_s=3)


@pytest.fixture(scope="session")
def plugins() -> Path:
    """The folder with every plugin. What is built already is not built again."""
    need("make", "g++", "pkg-config", "/usr/share/dpf/Makefile.plugins.mk")
    built = subprocess.run([HERE / "build.sh", FOLDER], capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return FOLDER


@pytest.fixture
def hosting(tmp_path: Path) -> Hosting:
    """A host that knows no plugin yet and has little patience."""
    return Hosting(cache=PluginCache(tmp_path / "plugins.json"), timeouts=SHORT)
