"""Links between the pages of the project lead somewhere, and every page can be found."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from website.markdown import anchors, links
from website.navigation import all_pages, resolved, sections

ROOT = Path(__file__).parents[2]
ROOMS = ("docs", "bench", "bridge", "presets", "ui", "training")
PAGES = [*ROOT.glob("*.md"), *(page for room in ROOMS for page in (ROOT / room).rglob("*.md"))]


@cache
def anchors_of(page: Path) -> set[str]:
    return anchors(page.read_text("utf-8"))


@pytest.mark.parametrize("page", sorted(PAGES), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_relative_link_of_a_page_leads_to_a_file_and_a_heading(page: Path) -> None:
    for link in (link for link in links(page.read_text("utf-8")) if not link.is_elsewhere):
        target = resolved(page, link.file)
        assert target.is_file(), f"{page.relative_to(ROOT)} links to {link.file}, which is not a file"
        if link.anchor and target.suffix == ".md":
            assert link.anchor in anchors_of(target), f"{page.relative_to(ROOT)} links to {link.file}#{link.anchor}"


def test_every_page_of_the_docs_is_in_the_navigation_once() -> None:
    listed = [page for page, _ in all_pages()]
    assert len(listed) == len(set(listed))
    written = {page.relative_to(ROOT) for page in (ROOT / "docs").rglob("*.md")} - {Path("docs/README.md")}
    assert written - set(listed) == set(), "list these in docs/README.md, or in the README.md of their folder"
    assert len(sections()) > 4


NAMED = re.compile(r"(?<![\w/.])(?:bench|docs)/[\w/-]+\.md")
SOURCES = [
    path
    for room in ("stylus_daw", "bridge", "ui", "training", "bench", "website")
    for path in (ROOT / room).rglob("*.py")
]


def test_every_page_that_the_code_names_exists() -> None:
    named = {(path, page) for path in SOURCES for page in NAMED.findall(path.read_text("utf-8"))}
    missing = sorted(f"{path.relative_to(ROOT)}: {page}" for path, page in named if not (ROOT / page).exists())
    assert not missing, "\n".join(missing)
