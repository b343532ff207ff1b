"""Links between the pages of the project lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("docs", "bench", "bridge", "presets", "ui", "training")
PAGES = [*ROOT.glob("*.md"), *(page for room in ROOMS for page in (ROOT / room).rglob("*.md"))]
LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)\s]*)?\)")
ELSEWHERE = ("http://", "https://", "mailto:")


@pytest.mark.parametrize("page", sorted(PAGES), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_relative_link_of_a_page_leads_to_a_file(page: Path) -> None:
    links = [link for link in LINK.findall(page.read_text("utf-8")) if not link.startswith(ELSEWHERE)]
    broken = [link for link in links if not (page.parent / link).exists()]
    assert not broken, f"{page.relative_to(ROOT)} links to {', '.join(broken)}"


NAMED = re.compile(r"(?<![\w/.])(?:bench|docs)/[\w/-]+\.md")
SOURCES = [path for room in ("stylus_daw", "bridge", "ui", "training", "bench") for path in (ROOT / room).rglob("*.py")]


def test_every_page_that_the_code_names_exists() -> None:
    named = {(path, page) for path in SOURCES for page in NAMED.findall(path.read_text("utf-8"))}
    missing = sorted(f"{path.relative_to(ROOT)}: {page}" for path, page in named if not (ROOT / page).exists())
    assert not missing, "\n".join(missing)
