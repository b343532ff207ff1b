"""REAPER stubbed in a real Lua 5.4."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from needs import need

sys.path.insert(0, str(Path(__file__).parent))

from reaper_lab import Reaper, Studio


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
