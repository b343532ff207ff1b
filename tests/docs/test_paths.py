"""Files and folders that the pages name are where the pages say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("stylus_daw", "bridge", "ui", "presets", "training", "bench", "website", "release", "tests")
PACKAGES = ("stylus_daw", "bridge/stylus_bridge", "ui/stylus_ui")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "bench").rglob("*.md")]
NAMED = re.compile(r"`([\w.<>/-]+(?:\.py|/))`")
PLACEHOLDER = re.compile(r"<[^>]+>")
TREE = re.compile(r"^( *)((?:[\w.]+(?:/[\w.]+)*(?:\.py|/) {0,2})+)(?: |$)", re.MULTILINE)


def in_the_tree() -> frozenset[str]:
    """Every Python file and every folder, relative to the root; a folder ends with a stroke."""
    paths = [
        path for room in ROOMS for path in (ROOT / room, *(ROOT / room).rglob("*")) if "__pycache__" not in path.parts
    ]
    names = ((path.relative_to(ROOT).as_posix(), path.is_dir()) for path in paths)
    return frozenset(f"{name}/" if is_folder else name for name, is_folder in names)


EXISTING = in_the_tree()
FIRST_ROOMS = {
    PurePosixPath(name).name for name in EXISTING if PurePosixPath(name).parent.as_posix() in (".", *PACKAGES)
}


def is_ours(name: str) -> bool:
    """Not a folder of the user's or of a model: those are named by their last part, or begin elsewhere."""
    return name.endswith(".py") or ("/" in name[:-1] and name.split("/")[0] in FIRST_ROOMS)


def exists(name: str) -> bool:
    """From the root, or from any room: pages name a file by as much of its path as makes it known."""
    pattern = PLACEHOLDER.sub("*", name)
    return any(fnmatch(path, pattern) or fnmatch(path, f"*/{pattern}") for path in EXISTING)


@pytest.mark.parametrize("page", sorted(PAGES), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_page_names_files_and_folders_that_exist(page: Path) -> None:
    named = {name for name in NAMED.findall(page.read_text("utf-8")) if is_ours(name)}
    assert sorted(name for name in named if not exists(name)) == []


def test_the_tree_of_the_architecture_is_the_tree() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    drawn = list(paths_drawn(page.split("```")[1]))
    assert len(drawn) > 40
    assert [path for path in drawn if path not in EXISTING] == []


def paths_drawn(tree: str) -> Iterator[str]:
    """The paths of a tree that is drawn by indentation; names on one line are beside each other."""
    above: list[tuple[int, str]] = [(-1, "")]
    for match in TREE.finditer(tree):
        depth = len(match[1])
        while above[-1][0] >= depth:
            above.pop()
        names = [above[-1][1] + name for name in match[2].split()]
        yield from names
        above += [(depth, name) for name in names[-1:] if name.endswith("/")]
