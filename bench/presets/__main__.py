"""Auditions every factory preset and writes ``docs/factory-presets.md``: ``python -m bench.presets``.

Each preset restyles each content exactly as a job renders them (engine, loudness, chain, true-peak guard, stem
file).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bench.presets.audition import measure
from bench.presets.page import page
from bench.presets.report import failures

PAGE = Path(__file__).parents[2] / "docs" / "factory-presets.md"


def main() -> None:
    parser = argparse.ArgumentParser(description="Audition the factory presets and write docs/factory-presets.md.")
    parser.add_argument("--seconds", type=float, default=3.0, help="of each content")
    parser.add_argument("--device", default="auto", help="see stylus-daw render --help")
    parser.add_argument("--out", type=Path, default=PAGE, help="the page")
    options = parser.parse_args()
    report = measure(options.seconds, options.device)
    options.out.write_text(page(report), encoding="utf-8")
    found = failures(report)
    print("\n".join([f"wrote {options.out}", *found]))
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
