"""The tests lie as the code lies, in files that can be read, and import each other by name."""

from __future__ import annotations

from pathlib import Path

import pytest

TESTS = Path(__file__).parent
ROOT = TESTS.parent
CODE = {
    "bench": "bench",
    "bridge": "bridge/stylus_bridge",
    "training": "training",
    "ui": "ui/stylus_ui",
    "website": "website",
    "release": "release",
}
"""Where the code of a room of tests lies, where that is not below ``stylus_daw``."""

WHOLE = {"chaos", "daws", "docs", "plugin", "support", "vst3", "ui/x11"}
"""Rooms that test no folder of the code: real hosts, plugins, screens, attacks, the pages, and what the tests share."""
MOST_LINES = 400  # a file of more tests is about more than one subject
IN_A_HOST = "daws/live/test_remote_script.py"  # Live puts its scripts on ``sys.path``, and so does its stand-in

FILES = sorted(TESTS.rglob("*.py"))
FOLDERS = sorted({file.parent.relative_to(TESTS).as_posix() for file in FILES} - {"."})


@pytest.mark.parametrize("folder", [one for one in FOLDERS if not any(Path(one).is_relative_to(w) for w in WHOLE)])
def test_a_folder_of_tests_has_a_folder_of_code(folder: str) -> None:
    room, _, inner = folder.partition("/")
    code = ROOT / CODE[room] / inner if room in CODE else ROOT / "stylus_daw" / folder
    assert code.is_dir()


def test_no_test_file_is_too_long_to_be_read() -> None:
    lengths = {file.relative_to(TESTS).as_posix(): len(file.read_text("utf-8").splitlines()) for file in FILES}
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}


def test_no_test_changes_where_modules_are_looked_for() -> None:
    changes = ("sys.path." + "insert", "sys.path." + "append", "sys.path[" + ":0]")
    found = [file.relative_to(TESTS).as_posix() for file in FILES if any(c in file.read_text("utf-8") for c in changes)]
    assert found == [IN_A_HOST]
