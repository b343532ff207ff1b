"""Makes the shards of triples with guides. Resumable; finished shards stay.

python -m training.guides --out training/runs/guides --shards 60 --jobs 2
"""

from __future__ import annotations

import argparse
from pathlib import Path

from training.guides.shards import CONTENTS_PER_STYLE, STYLES_PER_SHARD, make_all


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("training/runs/guides"))
    parser.add_argument("--shards", type=int, default=60, help=f"of {STYLES_PER_SHARD * CONTENTS_PER_STYLE} triples")
    parser.add_argument("--first", type=int, default=0, help="number of the first shard")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--listener", choices=("transcriber", "written"), default="transcriber")
    args = parser.parse_args()
    make_all(args.out, shards=args.shards, jobs=args.jobs, listener=args.listener, first=args.first)


if __name__ == "__main__":
    main()
