"""The pages as Sphinx reads them: a copy of the tree's pages, with what only the site has put in.

The copy keeps the tree's folders, so links between pages lead where they lead on GitHub. The site adds the tables of
contents, the players (``<!-- listen … -->``) and the reference (``<!-- modules … -->``); on GitHub those are comments.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from website.markdown import links
from website.navigation import MAP, all_pages, below, resolved, sections

INDEX = Path("README.md")
"""The project's own page is the site's first."""
MARK = re.compile(r"^<!-- (?P<what>listen|modules)(?P<words>[^\n]*?) -->$", re.M)

Fill = Callable[[Path, list[str]], str]
"""Makes what stands in the place of a mark, from the page and the mark's words."""


@dataclass(slots=True)
class Stage:
    """A copy of the pages below ``source``.

    Attributes:
        root: of the project.
        source: folder of the copy.
        fills: what stands in the place of each kind of mark.
    """

    root: Path
    source: Path
    fills: Mapping[str, Fill]
    kept: set[Path] = field(default_factory=set)

    def build(self) -> None:
        """Copy what has changed; remove what is gone. A file that is the same keeps its time, so Sphinx skips it."""
        pages = dict(all_pages(self.root))
        waiting = [INDEX, MAP, *pages]
        while waiting:
            page = waiting.pop()
            if self._target(page) not in self.kept:
                waiting += self._page(page, is_listed=page in pages or page == INDEX)
        self._remove_stale()

    def put(self, path: Path, text: str) -> None:
        """A page of the site's own, relative to the source."""
        target = self.source / path
        self.kept.add(target)
        if not target.is_file() or target.read_text("utf-8") != text:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")

    def _page(self, page: Path, *, is_listed: bool) -> list[Path]:
        """Stage a page and the files that it links to; returns the pages that it links to."""
        text = (self.root / page).read_text("utf-8")
        linked = [resolved(page, link.file) for link in links(text) if not link.is_elsewhere and link.file]
        for file in linked:
            if file.suffix != ".md" and (self.root / file).is_file():
                self._copy(file)
        front = "" if is_listed else "---\norphan: true\n---\n\n"
        text = MARK.sub(lambda mark: self.fills[mark["what"]](page, mark["words"].split()), text)
        self.put(
            self._target(page).relative_to(self.source), front + self._retargeted(page, text) + self._contents(page)
        )
        return [file for file in linked if file.suffix == ".md" and (self.root / file).is_file()]

    def _target(self, page: Path) -> Path:
        return self.source / ("index.md" if page == INDEX else page)

    def _retargeted(self, page: Path, text: str) -> str:
        """The first page has another name here."""
        name = os.path.relpath(INDEX, page.parent)
        return re.sub(rf"\]\({re.escape(name)}(?=[)#])", f"]({name.replace('README.md', 'index.md')}", text)

    def _contents(self, page: Path) -> str:
        if page == INDEX:
            return "".join(toctree(section.pages, page, section.heading) for section in sections(self.root))
        inner = below(self.root, page)
        return toctree(inner, page) if inner else ""

    def _copy(self, file: Path) -> None:
        target = self.source / file
        self.kept.add(target)
        if not target.is_file() or target.read_bytes() != (self.root / file).read_bytes():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self.root / file, target)

    def _remove_stale(self) -> None:
        for path in [path for path in self.source.rglob("*") if path.is_file() and path not in self.kept]:
            path.unlink()


def toctree(pages: Iterable[Path], page: Path, caption: str = "") -> str:
    """A table of contents for the sidebar, with paths relative to the page that holds it."""
    names = [os.path.relpath(one, page.parent).removesuffix(".md") for one in pages]
    options = [":hidden:", *([f":caption: {caption}"] if caption else [])]
    return "\n\n```{toctree}\n" + "\n".join([*options, "", *names]) + "\n```\n"
