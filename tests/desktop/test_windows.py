"""The file type on Windows: what would be written; writing it needs a Windows."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from stylus_daw.desktop.windows import ICON, opening_command, wanted_values


def test_the_suffix_leads_to_the_type_and_the_type_to_the_command() -> None:
    values = {value.key: value.text for value in wanted_values()}
    kind = values[r"Software\Classes\.styluspreset"]
    assert values[rf"Software\Classes\{kind}\shell\open\command"] == opening_command()
    assert values[rf"Software\Classes\{kind}\DefaultIcon"] == f'"{ICON}"'
    assert ICON.read_bytes()[:4] == b"\0\0\1\0"


def test_the_command_opens_one_file_in_the_window(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    python = tmp_path / "a b" / "python.exe"
    monkeypatch.setattr(sys, "executable", str(python))
    assert opening_command() == f'"{python}" -m stylus_daw ui "%1"'
    python.parent.mkdir()
    python.with_name("pythonw.exe").touch()
    assert opening_command() == f'"{python.with_name("pythonw.exe")}" -m stylus_daw ui "%1"'


def test_a_bundle_opens_its_program_without_a_terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "stylus-daw.exe"))
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    (tmp_path / "Stylus.exe").touch()
    assert opening_command() == f'{tmp_path / "Stylus.exe"} ui "%1"'
