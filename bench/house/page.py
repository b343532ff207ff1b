"""The figures of some trees as Markdown."""

from __future__ import annotations

from collections.abc import Mapping

INTRODUCTION = """# The house

Made by `{command}`. A folder's size is the Python files and pages that lie in it, not below. Functions, circles and
arrows are those of the installed packages; arrays and numbers those of `stylus_daw`, where the sound is made. A
function's lines include its signature and docstring; `6ae7575` is `343d7b0` after `ruff format`. A room is a folder,
or a module that has folders beside it. Arrows that point up are the fewest imports from room to room that would have
to go until all others point one way. A number is a named constant at the top of a module; its reason is a comment on
its line or a docstring right after it.
"""


def page(columns: Mapping[str, Mapping[str, str]], command: str) -> str:
    """A row for each figure, a column for each tree; the last tree says which figures there are."""
    *_, last = columns.values()
    rows = [["", *columns], ["---"] * (len(columns) + 1)]
    rows += [[name, *(column[name] for column in columns.values())] for name in last]
    return "\n".join([INTRODUCTION.format(command=command), *(f"| {' | '.join(row)} |" for row in rows)]) + "\n"
