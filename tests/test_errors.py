"""What messages show."""

from __future__ import annotations

import errno
import math
import os
import re
from pathlib import Path

import pytest

from stylus_daw.errors import RequestError, check_range, quoted, unwritable

ROOT = Path(__file__).parent.parent


def test_a_path_is_shown_as_it_is_written() -> None:
    assert quoted(r"C:\Sounds\drum loop.wav") == r"'C:\Sounds\drum loop.wav'"
    assert quoted("a\n\x1b[31mb\u202e") == r"'a\n\x1b[31mb\u202e'"


def test_no_message_doubles_the_backslashes_of_a_path() -> None:
    doubling = re.compile(r"\{str\([^}]*!r|\{(path|folder|place|file|source|what)!r")
    files = [path for room in ("stylus_daw", "bridge", "ui") for path in (ROOT / room).rglob("*.py")]
    assert len(files) > 200
    assert [path.name for path in files if doubling.search(path.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    ("number", "step"),
    [
        (errno.ENOSPC, "Free some space"),
        (errno.EROFS, "Allow writing"),
        (errno.EACCES, "Allow writing"),
        (errno.EIO, "Check"),
    ],
)
def test_what_could_not_be_written_says_why_and_what_to_do(number: int, step: str) -> None:
    said = unwritable(OSError(number, os.strerror(number), "/a/file"))
    assert said.startswith(f"{os.strerror(number)}. {step}")


def test_no_message_ends_with_what_the_system_says() -> None:
    """Python's words for a failed write: a number in brackets, and no next step."""
    ending = re.compile(r"(written|saved|deleted|copied)[^\n]*: \{error\}\.\"")
    files = [path for room in ("stylus_daw", "bridge", "ui") for path in (ROOT / room).rglob("*.py")]
    assert [path.name for path in files if ending.search(path.read_text("utf-8"))] == []


@pytest.mark.parametrize("value", [2**31, 192_000.5, -1e308, float("nan"), float("inf")])
def test_a_value_that_is_refused_is_shown_as_it_is(value: float) -> None:
    with pytest.raises(RequestError) as refused:
        check_range("seed", value, 0, 192_000)
    shown = float(refused.value.message.removeprefix("seed is ").split(";")[0])
    assert shown == value or (math.isnan(shown) and math.isnan(value))
