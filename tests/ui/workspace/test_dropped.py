"""What a drag over the window offers, before it is dropped."""

from __future__ import annotations

from pathlib import Path

import pytest

from stylus_ui.workspace.dropped import has_presets, may_help


@pytest.mark.parametrize("name", ["loop.WAV", "take.m4a", "strings.styluspreset", "old.json", "a folder"])
def test_a_drag_of_something_useful_is_welcome(name: str) -> None:
    assert may_help([Path("notes.txt"), Path(name)])


def test_a_drag_of_nothing_useful_is_not() -> None:
    assert not may_help([Path("notes.txt"), Path("cover.png")])


@pytest.mark.parametrize("name", ["strings.styluspreset", "OLD.JSON"])
def test_a_drag_with_a_preset_is_known_by_its_name_alone(name: str) -> None:
    assert has_presets([Path("loop.wav"), Path("/a drive/that sleeps") / name])
    assert not has_presets([Path("loop.wav"), Path("a folder")])
