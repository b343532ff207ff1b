"""Checks what must hold for any stem, whatever the style, and writes a Markdown page.

    python -m bench.fidelity

Contents made for the purpose are restyled with the shipped weights at 44.1, 48 and 96 kHz, mono and stereo, 1 s to
10 min, exactly as a job renders them: engine, loudness, true-peak guard. What fails is printed as such.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bench.fidelity.battery import LONGEST_S, cases, check, open_bench
from bench.fidelity.page import page


def main(arguments: list[str] | None = None) -> int:
    """Command line. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("bench/fidelity/fidelity.md"))
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--longest", type=float, default=LONGEST_S, metavar="SECONDS")
    args = parser.parse_args(arguments)
    bench, findings = open_bench(args.device), []
    for case in cases(args.longest):
        findings += check(case, bench)
        failing = [f"FAIL {f.line.name} {f.value:.3g}" for f in findings if f.case == case and not f.holds]
        print(case.name, *failing, sep="; ", flush=True)
    command = "python -m bench.fidelity" + (f" --longest {args.longest:g}" if args.longest != LONGEST_S else "")
    args.out.write_text(page(findings, command), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
