"""Every command of bench and training does something when it is called."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMMANDS = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in ("bench", "training")
    for path in (ROOT / folder).rglob("*.py")
    if "ArgumentParser(" in path.read_text("utf-8")
)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_module_that_parses_arguments_runs(name: str) -> None:
    assert '\nif __name__ == "__main__":\n' in (ROOT / name).read_text("utf-8")


def test_there_are_commands() -> None:
    assert "bench/quality/__main__.py" in COMMANDS
