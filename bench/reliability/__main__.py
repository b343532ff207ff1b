"""Attacks a real app and writes what it stood as a Markdown page. Linux.

python -m bench.reliability
python -m bench.reliability --only flood kills=0.1 --out mine.md
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.reliability.deaths import kills, races, stopped
from bench.reliability.flood import flood, pings
from bench.reliability.full_disks import disk_faults
from bench.reliability.house import House, write_source
from bench.reliability.long_runs import many_waiting, soak
from bench.reliability.measured import Row
from bench.reliability.plugin_deaths import plugin_kills

PAGE = Path(__file__).with_name("reliability.md")
Trial = Callable[[House, float], list[Row]]

TRIALS: dict[str, Trial] = {
    "waiting": lambda house, share: many_waiting(house, max(round(2_000 * share), 20)),
    "pings": lambda house, share: pings(house, max(60.0 * share, 3.0)),
    "flood": lambda house, share: flood(house, max(round(1_000_000 * share), 2_000), max(round(100 * share), 3)),
    "kills": lambda house, share: kills(house, max(round(200 * share), 4), max(round(200 * share), 4)),
    "plugins": lambda house, share: plugin_kills(house, max(round(20 * share), 2), max(round(10 * share), 1)),
    "disks": lambda house, share: disk_faults(house, max(round(20 * share), 2), max(round(10 * share), 1)),
    "races": lambda house, share: races(house, max(round(50 * share), 1)),
    "stopped": lambda house, share: stopped(house),
    "soak": lambda house, share: soak(house, max(round(2_000 * share), 20)),
}
"""Each gets a state folder of its own and the share of its full size."""


def attempt(name: str, share: float) -> list[Row]:
    """One trial in a new house."""
    with tempfile.TemporaryDirectory(prefix="stylus-bench-", ignore_cleanup_errors=True) as folder:
        house = House(Path(folder) / "home", write_source(Path(folder) / "source.wav"))
        try:
            return TRIALS[name](house, share)
        finally:
            house.kill()


def main(arguments: list[str] | None = None) -> int:
    """Command line. Returns 1 if something did not hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--only", nargs="+", type=_sized, help=f"of {', '.join(TRIALS)}; soak=0.1: a tenth of its full size"
    )
    parser.add_argument("--out", type=Path, default=PAGE)
    args = parser.parse_args(arguments)
    rows, began = list[Row](), time.monotonic()
    for name, share in args.only or [(name, 1.0) for name in TRIALS]:
        print(f"{name} …", file=sys.stderr, flush=True)
        rows += attempt(name, share)
        args.out.write_text(page(rows, args.only, time.monotonic() - began), "utf-8")
    return int(any(row.holds is False for row in rows))


def _sized(text: str) -> tuple[str, float]:
    name, _, share = text.partition("=")
    if name not in TRIALS:
        raise argparse.ArgumentTypeError(f"{name!r} is not one of {', '.join(TRIALS)}")
    return name, float(share or 1.0)


def page(rows: list[Row], only: list[tuple[str, float]] | None, seconds: float) -> str:
    """The page, its failures first."""
    failed = [row for row in rows if row.holds is False]
    more = "".join(f" {name}={share:g}" for name, share in only or ())
    more = f" --only{more}" if more else ""
    lines = [
        "# Reliability",
        "",
        f"Made by `python -m bench.reliability{more}` on {os.cpu_count()} cores ({platform.system()}, Python "
        f"{platform.python_version()}) in {seconds / 60:.0f} minutes. The machine may have been busy.",
        "",
        "Each trial is a real `stylus-daw serve` in a folder of its own, with the real engine, on 0.25 s of audio.",
        "",
        f"**Did not hold: {len(failed)}.**" + "".join(f" {row.question}: {row.measured}." for row in failed),
        "",
        "| what | goal | measured | holds |",
        "|---|---|---|---|",
        *(f"| {r.question} | {r.goal} | {r.measured} | {_said(r.holds)} |" for r in rows),
    ]
    return "\n".join(lines) + "\n"


def _said(holds: bool | None) -> str:
    return "" if holds is None else "yes" if holds else "**no**"


if __name__ == "__main__":
    sys.exit(main())
