"""Starting ourselves again, as a module or as a bundle. The bundle itself: tests/release/test_bundle.py."""

from __future__ import annotations

import subprocess
import sys

import pytest

from stylus_daw import __version__
from stylus_daw.own_program import how_to_add, own_command


def test_the_own_command_runs_this_version() -> None:
    told = subprocess.run(own_command("--version"), capture_output=True, text=True, check=True, timeout=60)
    assert told.stdout.strip() == f"stylus-daw {__version__}"


def test_a_bundle_is_its_own_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert own_command("serve") == [sys.executable, "serve"]


@pytest.mark.parametrize(
    ("prefix", "is_bundle", "command"),
    [
        ("/opt/stylus", True, "pip install 'stylus-daw[farm]', beside this program, which cannot take it"),
        ("/home/kim/venv", False, f"{sys.executable} -m pip install 'stylus-daw[farm]'"),
    ],
)
def test_the_command_fits_the_installation(prefix: str, is_bundle: bool, command: str) -> None:
    assert how_to_add("farm", prefix, is_bundle=is_bundle) == command
