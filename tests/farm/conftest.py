"""One farm for the tests that leave it as it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.support.farms import LocalFarm


@pytest.fixture(scope="session")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalFarm]:
    """A scheduler over TLS and two workers without a model."""
    made = LocalFarm(tmp_path_factory.mktemp("farm"))
    try:
        made.start_workers("box", 2)
        yield made
    finally:
        made.close()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A file that no other test has."""
    path = tmp_path / "source.wav"
    noise = np.random.default_rng(abs(hash(tmp_path.name))).uniform(-0.5, 0.5, (4_800, 2))
    soundfile.write(path, noise, 48_000, subtype="FLOAT")
    return path
