"""Attacks a real app and writes what it stood as a Markdown page. Linux.

python -m bench.reliability
python -m bench.reliability --only flood kills=0.1 --out mine.md

What each trial gave stays in a JSON file beside the page, so that one of them can be run again by itself.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.reliability.deaths import kills, races, stopped
from bench.reliability.flood import flood, pings
from bench.reliability.full_disks import disk_faults
from bench.reliability.house import House, write_source
from bench.reliability.long_runs import many_waiting, soak
from bench.reliability.measured import Row
from bench.reliability.plugin_deaths import plugin_kills
from stylus_daw.atomic import write_bytes_atomic

PAGE = Path(__file__).with_name("reliability.md")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One trial: its size, how long it took, and what it gave."""

    share: float
    minutes: float
    rows: tuple[Row, ...]


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
    kept = args.out.with_suffix(".json")
    found = read_trials(kept)
    for name, share in args.only or [(name, 1.0) for name in TRIALS]:
        print(f"{name} …", file=sys.stderr, flush=True)
        began = time.monotonic()
        rows = attempt(name, share)
        found[name] = Tried(share=share, minutes=round((time.monotonic() - began) / 60, 1), rows=tuple(rows))
        told = {trial: asdict(one) for trial, one in found.items()}
        write_bytes_atomic(kept, (json.dumps(told, indent=1) + "\n").encode())
        args.out.write_text(page(found), "utf-8")
    return int(any(row.holds is False for one in found.values() for row in one.rows))


def read_trials(kept: Path) -> dict[str, Tried]:
    """What earlier runs measured; a trial that is run again takes its own place."""
    told = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    return {
        name: Tried(share=one["share"], minutes=one["minutes"], rows=tuple(Row(**row) for row in one["rows"]))
        for name, one in told.items()
    }


def _sized(text: str) -> tuple[str, float]:
    name, _, share = text.partition("=")
    if name not in TRIALS:
        raise argparse.ArgumentTypeError(f"{name!r} is not one of {', '.join(TRIALS)}")
    return name, float(share or 1.0)


def page(found: Mapping[str, Tried]) -> str:
    """The page, its failures first."""
    tried = [(name, found[name]) for name in TRIALS if name in found]
    failed = [row for _, one in tried for row in one.rows if row.holds is False]
    lines = [
        "# Reliability",
        "",
        f"Made by `python -m bench.reliability --only …` on {os.cpu_count()} cores ({platform.system()}, Python "
        f"{platform.python_version()}), each trial by itself, as its last column says: `soak=0.1` is a "
        "tenth of its full size. The machine may have been busy.",
        "",
        "Each trial is a real `stylus-daw serve` in a folder of its own, with the real engine, on 0.25 s of audio.",
        "",
        f"**Did not hold: {len(failed)}.**" + "".join(f" {row.question}: {row.measured}." for row in failed),
        "",
        "| what | goal | measured | holds | trial |",
        "|---|---|---|---|---|",
        *(
            f"| {row.question} | {row.goal} | {row.measured} | {_said(row.holds)} | {_told(name, one)} |"
            for name, one in tried
            for row in one.rows
        ),
    ]
    return "\n".join(lines) + "\n"


def _told(name: str, one: Tried) -> str:
    return f"`{name}={one.share:g}`, {one.minutes:g} min"


def _said(holds: bool | None) -> str:
    return "" if holds is None else "yes" if holds else "**no**"


if __name__ == "__main__":
    sys.exit(main())
