"""What a drag over the window offers, before it is dropped."""

from __future__ import annotations

from pathlib import Path

import pytest

from stylus_ui.workspace.dropped import may_help


@pytest.mark.parametrize("name", ["loop.WAV", "take.m4a", "strings.styluspreset", "old.json", "a folder"])
def test_a_drag_of_something_useful_is_welcome(name: str) -> None:
    assert may_help([Path("notes.txt"), Path(name)])


def test_a_drag_of_nothing_useful_is_not() -> None:
    assert not may_help([Path("notes.txt"), Path("cover.png")])
