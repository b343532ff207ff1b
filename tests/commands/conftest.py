"""The command line as people use it: real processes, a real app, the shipped weights."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from stylus_daw.engine.notes.weights import transcriber_files
from tests.support.processes import COMMAND, RunningApp, environment, start_app, stop_app, write_tone

Cli = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    """Runs ``stylus-daw`` with a state folder of its own."""

    def run(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
        command = [*COMMAND, *(str(argument) for argument in arguments)]
        home = environment(tmp_path / "home")
        return subprocess.run(command, capture_output=True, text=True, timeout=300, env=home, **options)

    return run


@pytest.fixture(scope="session")
def weights() -> None:
    if not all(file.is_file() for file in transcriber_files()):
        pytest.fail("The shipped weights are missing")


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory, weights: None) -> Iterator[RunningApp]:
    """One app for all tests that talk to it."""
    running = start_app(tmp_path_factory.mktemp("app"), "serve", "--port", "0", "--json")
    yield running
    assert stop_app(running) == (0, "")


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    """A third of a second of a chord: the quickest thing to restyle."""
    return write_tone(tmp_path / "tone.wav", seconds=1 / 3)
