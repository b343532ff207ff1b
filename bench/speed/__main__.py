"""How fast a region is restyled, as a multiple of real time, and where the time goes.

    python -m bench.speed --seconds 60 --out bench/speed/speed.md

Everything that a render does is counted but reading and writing files: mel images, the model (the
style included, nothing cached), reconstruction, loudness, true-peak guard. Ratios hold better than
seconds: machines differ and are noisy.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from bench.speed.render import measure


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--out", type=Path, default=Path("bench/speed/speed.md"))
    args = parser.parse_args()
    lines = measure(args.seconds, args.runs, args.device)
    args.out.write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
