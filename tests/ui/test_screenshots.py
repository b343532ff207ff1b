"""The pictures' command reads its arguments as others do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from stylus_ui.screenshots.__main__ import main


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


def test_a_picture_has_the_size_and_the_language_that_were_asked_for(tmp_path: Path) -> None:
    told = run(str(tmp_path), "--state", "empty", "--scale", "100", "--size", "1024x700", "--language", "de")
    assert told.returncode == 0, told.stderr
    header = (tmp_path / "empty-dark-100.png").read_bytes()[16:24]
    assert (int.from_bytes(header[:4]), int.from_bytes(header[4:])) == (1024, 700)


def test_a_size_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as refused:
        main([str(tmp_path), "--size", "wide"])
    assert refused.value.code == 2
