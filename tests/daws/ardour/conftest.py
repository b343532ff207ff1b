"""One Ardour and one app for all tests of a module: starting them is what takes time."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from rig import Display, StylusApp

NEEDED = ("ardour", "ardour7-lua", "Xvfb", "xdotool", "import")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = [tool for tool in NEEDED if shutil.which(tool) is None]
    for item in items:
        if missing and item.get_closest_marker("ardour") and Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=f"not installed: {', '.join(missing)}; run: make test-daw"))


@pytest.fixture(scope="module")
def display() -> Iterator[Display]:
    display = Display()
    yield display
    display.close()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StylusApp]:
    app = StylusApp(tmp_path_factory.mktemp("stylus") / "home")
    app.start()
    yield app
    app.stop()
