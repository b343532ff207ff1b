"""Measures the code itself, at a revision and now, and writes a Markdown page.

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
BEFORE = "343d7b0"
"""The last revision before the rooms were made."""


def main(arguments: list[str] | None = None) -> int:
    """Command line. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rev", default=BEFORE, help="what to compare with: a revision that git knows")
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "house" / "house.md", help="the page")
    args = parser.parse_args(arguments)
    try:
        with at_revision(args.rev, ROOT) as tree:
            before = figures(tree)
    except RequestError as error:
        print(error, file=sys.stderr)
        return 2
    now = figures(Tree(ROOT))
    command = "python -m bench.house" + (f" --rev {args.rev}" if args.rev != BEFORE else "")
    args.out.write_text(page(before, now, revision=args.rev, command=command), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
