"""One Ardour and one app for all tests of a module: starting them is what takes time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.daws.ardour.rig import Display, StylusApp
from tests.support.needs import needs

NEEDED = ("ardour", "ardour7-lua", "Xvfb", "xdotool", "import")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("ardour") and Path(__file__).parent in item.path.parents:
            item.add_marker(needs(*NEEDED))


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
