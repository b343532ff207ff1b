"""Skips for want of a tool: they say how to get it, and there are none where it can be installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support import needs

HERE = Path(__file__).parent
COMMANDS = ("sh", "dirname", "sort", "tr", "id", "cat")


@pytest.fixture
def nobody_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)


@pytest.fixture
def without_lua(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.mark.usefixtures("nobody_promised", "without_lua")
def test_a_skip_names_the_tool_and_the_package() -> None:
    with pytest.raises(pytest.skip.Exception, match=r"lua5\.3, lua5\.4 missing.* apt-get install lua5\.3 lua5\.4"):
        needs.need("lua5.3", "lua5.4")


@pytest.mark.usefixtures("without_lua")
def test_what_was_promised_and_is_missing_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=r"apt-get install lua5\.4"):
        needs.need("lua5.4")
    with pytest.raises(pytest.skip.Exception, match="nobody has it"):
        needs.go_without("nobody has it", could_be_installed=False)


def test_what_is_here_is_needed_in_silence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "lua5.4").write_text("#!/bin/sh\n")
    (tmp_path / "lua5.4").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    needs.need("lua5.4")
    needs.need_module("pytest")


def test_a_tool_that_the_table_does_not_know_is_a_mistake() -> None:
    with pytest.raises(KeyError, match="lua9"):
        needs.need("lua9")


@pytest.mark.skipif(os.name == "nt", reason="a shell script")
def test_where_nothing_can_be_installed_the_script_names_what_is_missing(tmp_path: Path) -> None:
    for name in COMMANDS:
        (tmp_path / name).symlink_to(shutil.which(name) or name)
    command = ["sh", str(HERE / "install.sh"), "ardour"]
    ended = subprocess.run(command, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)
    assert ended.returncode == 3, ended.stderr
    assert "no apt-get" in ended.stderr
    wanted = {line.split()[2] for line in needs.TABLE.read_text().splitlines() if line.startswith("ardour ")}
    assert wanted <= set(ended.stderr.split())
    assert subprocess.run(["sh", str(HERE / "install.sh"), "nothing"], check=False).returncode == 0
