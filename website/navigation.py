"""Where each page stands: ``docs/README.md`` lists them by heading, for GitHub and for the site alike."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from website.markdown import HEADING, links

ROOT = Path(__file__).parents[1]
MAP = Path("docs") / "README.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading of the map, and the pages below it, relative to the root."""

    heading: str
    pages: tuple[Path, ...]


def sections(root: Path = ROOT) -> list[Section]:
    """The map, from top to bottom."""
    text = (root / MAP).read_text("utf-8")
    parts = HEADING.split(text)[1:]
    found = [
        Section(heading=heading, pages=tuple(linked_pages(root, MAP, body)))
        for heading, body in zip(parts[::2], parts[1::2], strict=True)
    ]
    return [section for section in found if section.pages]


def below(root: Path, page: Path) -> list[Path]:
    """The pages that an overview brings along: those that a ``README.md`` links to in its own folder and below."""
    if page.name != "README.md" or page == MAP:
        return []
    linked = linked_pages(root, page, (root / page).read_text("utf-8"))
    return [one for one in linked if one.is_relative_to(page.parent) and one != page]


def linked_pages(root: Path, page: Path, text: str) -> list[Path]:
    """The Markdown pages of the project that a page links to, each once, relative to the root."""
    found = (resolved(page, link.file) for link in links(text) if link.file.endswith(".md") and not link.is_elsewhere)
    return list(dict.fromkeys(path for path in found if (root / path).is_file()))


def resolved(page: Path, file: str) -> Path:
    """A link's file, relative to the root; the page itself where the link names none."""
    return Path(os.path.normpath(page.parent / file)) if file else page


def all_pages(root: Path = ROOT) -> Iterator[tuple[Path, int]]:
    """Every page of the navigation with its depth: 0 in the map, 1 below an overview."""
    listed = [page for section in sections(root) for page in section.pages]
    for page in listed:
        yield page, 0
        yield from ((inner, 1) for inner in below(root, page) if inner not in listed)
