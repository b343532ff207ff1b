"""The bundle's install script, with a small program in place of the bundle: what goes where, and what stays."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "release" / "linux" / "install.sh"
PROGRAM = """#!/bin/sh
echo "$@" >> "$HOME/told"
"""

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the script is for Linux")


class Somebody:
    """A home folder, and the unpacked bundle elsewhere."""

    def __init__(self, root: Path) -> None:
        self.home, self.unpacked = root / "a home", root / "un packed"
        self.home.mkdir()
        (self.unpacked / "stylus-daw" / "_internal").mkdir(parents=True)
        shutil.copy(SCRIPT, self.unpacked)
        program = self.unpacked / "stylus-daw" / "stylus-daw"
        program.write_text(PROGRAM)
        program.chmod(0o755)
        self.command = self.home / ".local" / "bin" / "stylus-daw"
        self.place = self.home / ".local" / "opt" / "stylus-daw"

    def installs(self, *options: str) -> subprocess.CompletedProcess[str]:
        surroundings = {"HOME": str(self.home), "PATH": os.defpath}
        words = [str(self.unpacked / "install.sh"), *options]
        return subprocess.run(words, env=surroundings, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture
def somebody(tmp_path: Path) -> Somebody:
    return Somebody(tmp_path)


def test_the_program_is_found_and_the_desktop_is_told(somebody: Somebody) -> None:
    assert somebody.installs().returncode == 0
    assert somebody.command.resolve() == somebody.place / "stylus-daw"
    subprocess.run([somebody.command, "--version"], env={"HOME": str(somebody.home), "PATH": os.defpath}, check=True)
    assert (somebody.home / "told").read_text().splitlines() == ["install desktop", "--version"]


def test_a_later_version_takes_its_place(somebody: Somebody) -> None:
    somebody.installs()
    (somebody.place / "of the old one").touch()
    assert somebody.installs().returncode == 0
    assert not (somebody.place / "of the old one").exists()
    assert sorted(path.name for path in somebody.place.parent.iterdir()) == ["stylus-daw"]


def test_undone_it_leaves_nothing_but_what_is_the_users(somebody: Somebody) -> None:
    somebody.installs()
    theirs = somebody.home / ".local" / "bin" / "another"
    theirs.touch()
    assert somebody.installs("--uninstall").returncode == 0
    assert not somebody.command.is_symlink()
    assert not somebody.place.exists()
    assert theirs.exists()
    assert (somebody.home / "told").read_text().splitlines()[-1] == "install desktop --uninstall"
    assert somebody.installs("--uninstall").returncode == 0


def test_a_command_of_another_installation_stays(somebody: Somebody) -> None:
    somebody.command.parent.mkdir(parents=True)
    somebody.command.write_text("of pipx")
    ended = somebody.installs()
    assert (ended.returncode, somebody.command.read_text()) == (1, "of pipx")
    assert "not this bundle's" in ended.stderr
    assert not somebody.place.exists()
    somebody.installs("--uninstall")
    assert somebody.command.read_text() == "of pipx"


def test_an_option_that_it_does_not_know_changes_nothing(somebody: Somebody) -> None:
    ended = somebody.installs("--remove")
    assert ended.returncode == 2
    assert "--uninstall" in ended.stderr
    assert not somebody.place.exists()
