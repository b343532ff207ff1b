"""The figures of a tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bench.house import reading
from bench.house.imports import circles, module_arrows, room_arrows, upward
from bench.house.tree import Source, Tree

LONG_FILE, LONG_TEST = 300, 400  # lines, the limits of CONTRIBUTING.md
ROOM = 15  # files that a reader takes in at a glance
NAMED = 3  # upward arrows named in a cell: enough to start with
PAGES = ("docs/", "README.md", "CONTRIBUTING.md")
FORMAT_OFF, LINT_OFF = "# fmt: skip", "# noqa"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of the page."""

    name: str
    measure: Callable[[Tree], str]


def figures(tree: Tree) -> dict[str, str]:
    """Every line of the page for one tree."""
    return {line.name: line.measure(tree) for line in LINES}


def _largest_folder(tree: Tree) -> str:
    folder, files = max(tree.folders().items(), key=lambda item: (item[1], item[0]))
    return f"`{folder}`: {files}"


def _large_folders(tree: Tree) -> str:
    return str(sum(files > ROOM for files in tree.folders().values()))


def _long_files(tree: Tree) -> str:
    return str(sum(len(source.lines) > LONG_FILE for source in tree.sources if not source.is_test))


def _long_tests(tree: Tree) -> str:
    return str(sum(len(source.lines) > LONG_TEST for source in tree.sources if source.is_test))


def _function_lines(tree: Tree) -> str:
    return " / ".join(str(value) for value in reading.lengths(_product(tree)))


def _circles(tree: Tree) -> str:
    return str(len(circles(module_arrows(tree))))


def _upward(tree: Tree) -> str:
    found = upward(room_arrows(module_arrows(tree)))
    return "; ".join([str(len(found)), *(f"`{source}` → `{target}`" for source, target in found[:NAMED])])


def _shapes(tree: Tree) -> str:
    return _share(*reading.with_shapes(_sound(tree)))


def _reasons(tree: Tree) -> str:
    return _share(*reading.with_reasons(_sound(tree)))


def _share(all_of_them: int, those: int) -> str:
    return f"{those} of {all_of_them} ({100 * those / max(all_of_them, 1):.0f} %)"


def _silenced(mark: str) -> Callable[[Tree], str]:
    return lambda tree: str(sum(mark in comment for source in tree.sources for comment in reading.comments(source)))


def _stiff(tree: Tree) -> str:
    pages = [name for name in tree.names if name.endswith(".md") and name.startswith(PAGES)]
    texts = [source.text for source in tree.sources if "bench/house/" not in source.name]  # which quotes such words
    texts += [tree.read(name) for name in pages]
    return str(sum(len(reading.STIFF.findall(text)) for text in texts))


def _product(tree: Tree) -> list[Source]:
    return [source for source in tree.sources if source.is_product]


def _sound(tree: Tree) -> list[Source]:
    return [source for source in tree.sources if source.name.startswith("stylus_daw/")]


LINES = (
    Line(name="largest folder, files", measure=_largest_folder),
    Line(name=f"folders of more than {ROOM} files", measure=_large_folders),
    Line(name=f"files of more than {LONG_FILE} lines, tests left out", measure=_long_files),
    Line(name=f"test files of more than {LONG_TEST} lines", measure=_long_tests),
    Line(name="lines of a function: median / 90 % / longest", measure=_function_lines),
    Line(name="circles of modules", measure=_circles),
    Line(name="arrows between rooms that point up", measure=_upward),
    Line(name="array functions that state a shape", measure=_shapes),
    Line(name="numbers with a reason", measure=_reasons),
    Line(name=f"`{FORMAT_OFF}`", measure=_silenced(FORMAT_OFF)),
    Line(name=f"`{LINT_OFF}`", measure=_silenced(LINT_OFF)),
    Line(name="“is no X” for “is not an X”", measure=_stiff),
)
