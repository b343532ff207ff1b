"""The house's figures, on trees small enough to count by hand."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bench.house.__main__ import main
from bench.house.imports import circles, module_arrows, room_arrows, upward
from bench.house.measures import figures
from bench.house.page import page
from bench.house.reading import lengths, with_reasons, with_shapes
from bench.house.tree import Tree, at_revision
from stylus_daw.errors import RequestError
from tests.support.needs import needs

FILES = {
    "stylus_daw/__init__.py": "",
    "stylus_daw/audio/__init__.py": "",
    "stylus_daw/audio/gain.py": '''"""Gains."""

LOUDEST_DB = 6.0  # dB: above it the limiter works all the time
FASTEST_MS = -2.5
SLOWEST_MS, HOLD_MS = 50.0, 10
"""As in the paper."""
NAMES = ("a", "b")
QUIETEST_DB = LOUDEST_DB - 60


def louder(samples: NDArray[np.float32], gain_db: float) -> NDArray[np.float32]:
    """Louder samples. Shape: ``[channels, samples]``."""
    return samples * 10 ** (gain_db / 20)


def peak(samples: Samples) -> float:
    """The largest sample."""
    return 1.0
''',
    "stylus_daw/jobs/__init__.py": "",
    "stylus_daw/jobs/queue.py": "from stylus_daw.audio import gain\nimport stylus_daw.jobs.journal\n",
    "stylus_daw/jobs/journal.py": "def write():\n    from stylus_daw.jobs.queue import put  # noqa\n",
    "bridge/stylus_bridge/server.py": "from stylus_daw.jobs.queue import put\n",
    "tests/audio/test_gain.py": '"""There is no gain. This is no test."""\n' + "\n" * 400,
    "docs/gain.md": "A gain is no level, there is no level, and it is no longer one.\n",
    "README.md": "Gains.\n",
    "out/made.py": "1 +\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    for name, text in FILES.items():
        path = tmp_path / "tree" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return Tree(tmp_path / "tree")


def test_every_figure_of_a_tree_is_what_can_be_counted_by_hand(tree: Tree) -> None:
    assert figures(tree) == {
        "largest folder, files": "`stylus_daw/jobs`: 3",
        "folders of more than 15 files": "0",
        "files of more than 300 lines, tests left out": "0",
        "test files of more than 400 lines": "1",
        "lines of a function: median / 90 % / longest": "3 / 3 / 3",
        "circles of modules": "1",
        "arrows between rooms that point up": "0",
        "array functions that state a shape": "1 of 2 (50 %)",
        "numbers with a reason": "3 of 4 (75 %)",
        "`# fmt: skip`": "0",
        "`# noqa`": "1",
        "“is no X” for “is not an X”": "2",
    }


def test_modules_are_known_by_the_name_under_which_they_are_imported(tree: Tree) -> None:
    arrows = module_arrows(tree)
    assert arrows["stylus_bridge.server"] == {"stylus_daw.jobs.queue"}
    assert arrows["stylus_daw.jobs.queue"] == {"stylus_daw.audio.gain", "stylus_daw.jobs.journal"}
    assert circles(arrows) == [frozenset({"stylus_daw.jobs.journal", "stylus_daw.jobs.queue"})]


def test_of_two_rooms_that_import_each_other_one_arrow_points_up(tree: Tree) -> None:
    (tree.root / "stylus_daw/audio/clip.py").write_text("import stylus_daw.jobs.journal\n")
    assert len(upward(room_arrows(module_arrows(tree)))) == 1


def test_what_only_type_checkers_see_is_not_an_arrow(tree: Tree) -> None:
    text = "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    import stylus_daw.jobs.journal\n"
    (tree.root / "stylus_daw/audio/clip.py").write_text(text)
    assert module_arrows(tree)["stylus_daw.audio.clip"] == frozenset()


def test_the_fewest_arrows_are_found_where_circles_share_one() -> None:
    shared = {"a": frozenset("b"), "b": frozenset("c"), "c": frozenset("ad"), "d": frozenset("b"), "e": frozenset("a")}
    assert upward(shared) == [("b", "c")]
    apart = {"a": frozenset("b"), "b": frozenset("a"), "c": frozenset("d"), "d": frozenset("c")}
    assert len(upward(apart)) == 2


def test_an_empty_tree_has_no_figures_to_fail_on(tmp_path: Path) -> None:
    assert lengths([]) == (0, 0, 0)
    assert with_shapes([]) == with_reasons([]) == (0, 0)
    assert Tree(tmp_path).names == ()


@needs("git")
def test_a_revision_is_read_without_touching_the_files_at_hand(tree: Tree) -> None:
    git(tree.root, "init", "--quiet")
    git(tree.root, "add", "--all")
    git(tree.root, "commit", "--quiet", "--message", "before")
    (tree.root / "README.md").write_text("Other gains.\n")
    with at_revision("HEAD", tree.root) as before:
        assert before.read("README.md") == "Gains.\n"
        assert before.names == tree.names
        folder = before.root
    assert not folder.exists()
    assert tree.read("README.md") == "Other gains.\n"
    with (
        pytest.raises(RequestError, match=r"git cannot read the revision 'v9'.*`git log`"),
        at_revision("v9", tree.root),
    ):
        pass


def git(root: Path, *words: str) -> None:
    somebody = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.org"]
    subprocess.run(["git", "-C", str(root), *somebody, *words], check=True)


@needs("git")
def test_a_revision_that_does_not_exist_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--rev", "not-a-revision", "--out", str(tmp_path / "page.md")]) == 2
    assert "not-a-revision" in capsys.readouterr().err
    assert not (tmp_path / "page.md").exists()


def test_the_page_has_a_row_for_each_figure() -> None:
    text = page({"`v1`": {"files": "3"}, "now": {"files": "2"}}, "python -m bench.house --rev v1")
    assert "|  | `v1` | now |\n| --- | --- | --- |" in text
    assert "| files | 3 | 2 |" in text
    assert "Made by `python -m bench.house --rev v1`" in text
