"""REAPER stubbed in a real Lua 5.4."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.daws.reaper.reaper_lab import Reaper, Studio
from tests.support.needs import need


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    """Scripts installed, no app running."""
    need("lua5.4")
    studio = Studio(tmp_path)
    yield studio
    studio.reaper.close()


@pytest.fixture
def reaper(studio: Studio) -> Reaper:
    return studio.reaper
