"""The pictures' command reads its arguments as others do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "stylus_ui.screenshots", *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)


def test_help_is_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    told = run("--help")
    assert (told.returncode, list(tmp_path.iterdir())) == (0, [])
    assert "--state" in told.stdout


def test_an_unknown_state_names_those_that_exist(tmp_path: Path) -> None:
    told = run(str(tmp_path), "--state", "nonsense", "--scale", "100")
    assert told.returncode == 2
    assert "'nonsense'" in told.stderr
    assert "done" in told.stderr
