"""Measures the code itself, at some revisions and now, and writes a Markdown page.

python -m bench.house
python -m bench.house --rev HEAD~20 --out mine.md
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bench.house.measures import figures
from bench.house.page import page
from bench.house.tree import Tree, at_revision
from stylus_daw.errors import RequestError

ROOT = Path(__file__).parents[2]
BEFORE = ("343d7b0", "6ae7575")
"""The last revision before the rooms were made, and the same after `ruff format`, which makes functions longer."""


def main(arguments: list[str] | None = None) -> int:
    """Command line. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rev", action="append", help="repeat; what to compare with: a revision that git knows")
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "house" / "house.md", help="the page")
    args = parser.parse_args(arguments)
    columns = {}
    try:
        for revision in args.rev or BEFORE:
            with at_revision(revision, ROOT) as tree:
                columns[f"`{revision}`"] = figures(tree)
    except RequestError as error:
        print(error, file=sys.stderr)
        return 2
    columns["now"] = figures(Tree(ROOT))
    command = "python -m bench.house" + "".join(f" --rev {revision}" for revision in args.rev or ())
    args.out.write_text(page(columns, command), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
