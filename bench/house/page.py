"""The figures of two trees as Markdown."""

from __future__ import annotations

from collections.abc import Mapping

INTRODUCTION = """# The house

Made by `{command}`. A folder's size is the Python files and pages that lie in it, not below. Functions, circles and
arrows are those of the installed packages; arrays and numbers those of `stylus_daw`, where the sound is made. A
function's lines include its signature and docstring. A room is a folder, or a module that has folders beside it.
Arrows that point up are the fewest imports from room to room that would have to go until all others point one way. A
number is a named constant at the top of a module; its reason is a comment on its line or a docstring right after it.
"""


def page(before: Mapping[str, str], now: Mapping[str, str], *, revision: str, command: str) -> str:
    """A row for each figure: at the revision, and now."""
    rows = [f"| {name} | {before[name]} | {value} |" for name, value in now.items()]
    return "\n".join([INTRODUCTION.format(command=command), f"| | `{revision}` | now |\n|---|---|---|", *rows]) + "\n"
