"""The command lines that the pages print, as words."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from website.markdown import FENCED, code_blocks

ROOT = Path(__file__).parents[2]
DECISIONS = ROOT / "docs" / "decisions"
"""History: a command that a decision names may be gone."""
PAGES = sorted(
    page
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md"))
    if page.parent != DECISIONS
)
INLINE = re.compile(r"(?<!`)`(stylus-daw\s[^`]+)`(?!`)")
PROGRAM = re.compile(r"^(?:\.venv/bin/)?(stylus-daw(?: .*)?)$")
SHELL = ("", "sh")
"""Languages of the blocks in which a line that begins with ``stylus-daw`` is a command line."""


@dataclass(frozen=True, slots=True)
class CommandLine:
    """As printed, and its words without ``stylus-daw``."""

    printed: str
    words: tuple[str, ...]


def command_lines(page: Path) -> list[CommandLine]:
    """Every command line of a page, in blocks and in the text, from top to bottom."""
    text = page.read_text("utf-8")
    found = [(block.line, line) for block in code_blocks(text) for line in _lines(block.language, block.text)]
    rest = FENCED.sub(lambda match: "\n" * match[0].count("\n"), text)
    for match in INLINE.finditer(rest):
        found.append((rest.count("\n", 0, match.start()) + 1, " ".join(match[1].split())))
    return [_read(printed) for _, printed in sorted(found, key=lambda one: one[0])]


def _lines(language: str, block: str) -> Iterator[str]:
    if language in SHELL:
        yield from (match[1] for line in block.splitlines() if (match := PROGRAM.match(line)))


def _read(printed: str) -> CommandLine:
    words = shlex.split(printed, comments=True)
    return CommandLine(printed=shlex.join(words), words=tuple(words[1:]))
