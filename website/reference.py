"""The reference of the public modules, from their docstrings. ``docs/api.md`` names the modules, room by room."""

from __future__ import annotations

import re
from pathlib import Path

from website.markdown import HEADING

PAGE = Path("docs") / "api.md"
MODULE = re.compile(r"^\| \[?`(stylus_\w+(?:\.\w+)*)`", re.M)


def rooms(text: str) -> dict[str, list[str]]:
    """Modules by the heading below which a table of ``docs/api.md`` names them."""
    parts = HEADING.split(text)[1:]
    found = {heading: MODULE.findall(body) for heading, body in zip(parts[::2], parts[1::2], strict=True)}
    return {heading: modules for heading, modules in found.items() if modules}


def room_page(heading: str, modules: list[str]) -> str:
    """A page of the reference, in Markdown with Sphinx's directives."""
    parts = [f"# {heading}\n"]
    for module in modules:
        parts.append(f"## {module}\n\n```{{eval-rst}}\n.. automodule:: {module}\n   :members:\n```\n")
    return "\n".join(parts)


def room_name(heading: str) -> str:
    """The page's name, as ``sound-and-files``."""
    return re.sub(r"[^a-z]+", "-", heading.lower()).strip("-")
