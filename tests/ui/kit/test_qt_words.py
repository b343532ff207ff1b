"""Keys are called as they are printed on the keyboard of those who read that language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from stylus_ui.kit.keys import hint, key_text
from stylus_ui.kit.qt_words import set_qt_language
from stylus_ui.state.shortcuts import action_named


@pytest.fixture(autouse=True)
def english_again(qapp: object) -> Iterator[None]:
    yield
    set_qt_language("en")


@pytest.mark.parametrize(
    ("language", "play", "cancel_all", "undo"),
    [("de", "Leertaste", "Umschalt+Esc", "Strg+Z"), ("en", "Space", "Shift+Esc", "Ctrl+Z")],
)
def test_keys_have_the_names_of_the_language(language: str, play: str, cancel_all: str, undo: str) -> None:
    set_qt_language("de")
    set_qt_language(language)
    shown = [key_text(action_named(name)) for name in ("play", "cancel_all", "undo")]
    assert shown == [play, cancel_all, undo]
    assert hint("…", "play").endswith(f"({play})")


def test_a_language_that_qt_does_not_have_stays_english() -> None:
    set_qt_language("tlh")
    assert key_text(action_named("play")) == "Space"
