"""What messages show."""

from __future__ import annotations

import re
from pathlib import Path

from stylus_daw.errors import quoted

ROOT = Path(__file__).parent.parent


def test_a_path_is_shown_as_it_is_written() -> None:
    assert quoted(r"C:\Sounds\drum loop.wav") == r"'C:\Sounds\drum loop.wav'"
    assert quoted("a\n\x1b[31mb\u202e") == r"'a\n\x1b[31mb\u202e'"


def test_no_message_doubles_the_backslashes_of_a_path() -> None:
    doubling = re.compile(r"\{str\([^}]*!r|\{(path|folder|place|file|source|what)!r")
    files = [path for room in ("stylus_daw", "bridge", "ui") for path in (ROOT / room).rglob("*.py")]
    assert len(files) > 200
    assert [path.name for path in files if doubling.search(path.read_text("utf-8"))] == []
