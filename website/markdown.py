"""What a Markdown page holds: its links, its headings' anchors, its blocks of code. Read as GitHub reads it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FENCED = re.compile(
    r"^(?P<indent> *)(?P<fence>`{3,})(?P<language>[\w-]*)[^\n]*\n(?P<body>.*?)^ *(?P=fence) *$", re.M | re.S
)
HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.M)
INLINE_CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)", re.S)
LINK = re.compile(
    r"(?P<picture>!?)\[(?P<words>[^\[\]]*(?:\[[^\]]*\][^\[\]]*)*)\]\((?P<target>[^()\s]+(?:\([^()\s]*\))?)\)"
)
ELSEWHERE = ("http://", "https://", "mailto:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link or a picture, as it is written.

    Attributes:
        file: relative to the page's folder; empty: the page itself. For links elsewhere, the whole address.
        anchor: without ``#``; empty: the page's top.
    """

    words: str
    file: str
    anchor: str
    is_picture: bool

    @property
    def is_elsewhere(self) -> bool:
        """It leads out of the project."""
        return self.file.startswith(ELSEWHERE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeBlock:
    """A fenced block: its language (empty where none is given), its text, the number of its first line in the page."""

    language: str
    text: str
    line: int


def links(text: str) -> Iterator[Link]:
    """Every link and picture outside code.

    >>> [(link.file, link.anchor) for link in links("See [knobs](presets.md#keys), not `[this](one.md)`.")]
    [('presets.md', 'keys')]
    """
    for match in LINK.finditer(without_code(text)):
        target, is_picture = match["target"], bool(match["picture"])
        if target.startswith(ELSEWHERE):
            yield Link(words=match["words"], file=target, anchor="", is_picture=is_picture)
        else:
            file, _, anchor = target.partition("#")
            yield Link(words=match["words"], file=file, anchor=anchor, is_picture=is_picture)


def code_blocks(text: str) -> Iterator[CodeBlock]:
    """Every fenced block, without the indentation of its fence.

    >>> [block.text for block in code_blocks("1. Do:\\n\\n   ```sh\\n   make\\n   ```\\n")]
    ['make\\n']
    """
    for match in FENCED.finditer(text):
        indent = len(match["indent"])
        lines = [line[indent:] if not line[:indent].strip() else line for line in match["body"].splitlines(True)]
        line = text.count("\n", 0, match.start("body")) + 1
        yield CodeBlock(language=match["language"], text="".join(lines), line=line)


def without_code(text: str) -> str:
    """The page without fenced blocks and code in lines."""
    return INLINE_CODE.sub("", FENCED.sub("", text))


def anchors(text: str) -> set[str]:
    """What ``#…`` may follow a link to the page: its headings, as GitHub names them.

    >>> sorted(anchors("# Presets\\n\\n## Keys\\n\\n## Keys\\n"))
    ['keys', 'keys-1', 'presets']
    """
    seen: Counter[str] = Counter()
    found = set()
    for heading in HEADING.findall(FENCED.sub("", text)):
        name = anchor(heading)
        found.add(f"{name}-{seen[name]}" if seen[name] else name)
        seen[name] += 1
    return found


def anchor(heading: str) -> str:
    """What GitHub makes of a heading.

    >>> anchor("0023 Which keys does `A_c` use?")
    '0023-which-keys-does-a_c-use'
    """
    words = LINK.sub(lambda match: match["words"], heading)
    return re.sub(r"[^\w\- ]", "", words.strip().lower()).replace(" ", "-")


def title(page: Path) -> str:
    """The first heading of a page; its name where there is none."""
    found = HEADING.search(FENCED.sub("", page.read_text("utf-8")))
    return found[1] if found else page.stem
