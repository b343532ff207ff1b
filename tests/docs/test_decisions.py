"""docs/decisions holds one numbered and dated entry per decision, and an index of all of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from website.markdown import anchor

FOLDER = Path(__file__).parents[2] / "docs" / "decisions"
PAGES = sorted(page for page in FOLDER.glob("*.md") if page.name != "README.md")
HEADING = re.compile(r"^## (\d{4}) (.+)$", re.MULTILINE)
DATE = re.compile(r"20\d\d-\d\d-\d\d")


def entries(page: Path) -> list[tuple[str, str, str]]:
    """Number, question and body of each entry of a page."""
    parts = HEADING.split(page.read_text("utf-8"))[1:]
    return list(zip(parts[::3], parts[1::3], parts[2::3], strict=True))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_each_entry_is_a_question_with_a_date_and_a_decision(page: Path) -> None:
    for number, question, body in entries(page):
        assert question.endswith("?"), f"{page.name}: {number} is not a question"
        assert DATE.match(body.strip()), f"{page.name}: {number} begins without its date"
        assert "**Decision.** " in body, f"{page.name}: {number} has no paragraph that begins with **Decision.**"


def test_no_number_is_given_twice_and_none_is_skipped() -> None:
    numbers = sorted(int(number) for page in PAGES for number, _, _ in entries(page))
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_index_lists_each_entry(page: Path) -> None:
    index = (FOLDER / "README.md").read_text("utf-8")
    lines = [
        f"* {number} [{question}]({page.name}#{anchor(f'{number} {question}')})"
        for number, question, _ in entries(page)
    ]
    missing = [line for line in lines if line not in index]
    assert not missing, "docs/decisions/README.md lacks:\n" + "\n".join(missing)
