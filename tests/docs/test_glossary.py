"""The glossary has one line for each word, in the order of the alphabet."""

from __future__ import annotations

from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "glossary.md"


def test_the_words_stand_in_alphabetic_order_and_each_once() -> None:
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")][1:]
    words = [row.split(" | ")[0].removeprefix("| ").casefold() for row in rows]
    assert len(words) > 30
    assert words == sorted(set(words))
