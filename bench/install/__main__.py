"""From nothing to a stem: what is downloaded, what lies on the disk, how long it takes.

    python -m bench.install --wheel dist/stylus_daw-0.1.0-py3-none-any.whl --out bench/install/install.md

Packages are first downloaded into a folder (their size is what counts; the time depends on the line), and then
installed from there into an empty home folder, as from an index on this machine: nothing else is reached. The first
stem is the first render after that: ten seconds of electric piano with a factory preset, the model loaded for it.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.install.ways import PIP, PRESET, REGION, WAYS, Installed, Refused, Shelf, bare, filled_shelf, run
from bench.markdown import table

MOST_DOWNLOAD_MB, MOST_DISK_MB, MOST_SECONDS = 150, 650, 180
HEAD = ("way", "Python", "download, MB", "on disk, MB", "install, s", "first stem, s", "together, s", "`doctor`")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One way, from nothing to a stem."""

    way: str
    version: str
    shelf: Shelf
    installed: Installed
    render_s: float
    is_well: bool

    @property
    def row(self) -> tuple[str, ...]:
        total_s = self.installed.seconds + self.render_s
        figures = (self.shelf.bytes / 1e6, self.installed.bytes / 1e6, self.installed.seconds, self.render_s, total_s)
        asked = f"{self.way} `{self.shelf.wanted}`"
        return (asked, self.version, *(f"{one:.0f}" for one in figures), "ok" if self.is_well else "**not ok**")

    @property
    def failures(self) -> list[str]:
        """Of what must hold, in sentences."""
        name, total_s = f"{self.way} {self.shelf.wanted} on {self.version}", self.installed.seconds + self.render_s
        said = {
            f"{name}: downloads more than {MOST_DOWNLOAD_MB} MB": self.shelf.bytes > MOST_DOWNLOAD_MB * 1e6,
            f"{name}: takes more than {MOST_DISK_MB} MB": self.installed.bytes > MOST_DISK_MB * 1e6,
            f"{name}: takes more than {MOST_SECONDS} s to the first stem": total_s > MOST_SECONDS,
            f"{name}: `stylus-daw doctor` finds a fault": not self.is_well,
        }
        return [sentence for sentence, is_so in said.items() if is_so]


def main() -> None:
    """Measure, print the page, write it."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--wheel", type=Path, required=True, help="`make dist` makes it")
    parser.add_argument("--python", type=Path, action="append", help="interpreters; default: this one")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    outcomes: list[Outcome] = []
    refused: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        for shelf, way in plan(Path(name), asked.wheel.resolve(), asked.python or [Path(sys.executable).resolve()]):
            try:
                outcomes.append(measured(way, shelf, Path(tempfile.mkdtemp(dir=name))))
            except Refused as error:
                refused.append(f"{way} {shelf.wanted}: {error}")
        text = page(outcomes, refused)  # while the folders are there to be counted
    print(text)
    if asked.out is not None:
        asked.out.write_text(text, "utf-8")


def plan(folder: Path, wheel: Path, pythons: Sequence[Path]) -> Iterator[tuple[Shelf, str]]:
    """Every way with the first interpreter, and without the window; the others by pip."""
    for number, python in enumerate(pythons):
        shelf = filled_shelf(folder / f"shelf-{number}", python, "gui", wheel)
        yield from ((shelf, way) for way in (WAYS if number == 0 else [PIP]))
    yield filled_shelf(folder / "shelf-without-window", pythons[0], "", wheel), PIP


def measured(way: str, shelf: Shelf, home: Path) -> Outcome:
    """Install, look at the version, render, ask the doctor."""
    installed = WAYS[way](shelf, home)
    run([installed.program, "--version"], bare(home))
    began = time.monotonic()
    run([installed.program, "render", REGION, "--preset", PRESET, "-o", home / "stem.wav"], bare(home), home)
    render_s = time.monotonic() - began
    told = run([installed.program, "doctor", "--json"], bare(home), home)
    version = run([shelf.python, "-c", "import platform; print(platform.python_version())"], bare(home)).strip()
    is_well = json.loads(told)["ok"] and (home / "stem.wav").stat().st_size > REGION.stat().st_size
    return Outcome(way=way, version=version, shelf=shelf, installed=installed, render_s=render_s, is_well=is_well)


def page(outcomes: list[Outcome], refused: list[str]) -> str:
    """Markdown."""
    failures = refused + [failure for outcome in outcomes for failure in outcome.failures]
    command = "python -m bench.install --wheel dist/*.whl --out bench/install/install.md"
    goals = (
        f"at most {MOST_DOWNLOAD_MB} MB to download, {MOST_DISK_MB} MB on the disk, {MOST_SECONDS} s to the first stem"
    )
    lines = [
        "# From nothing to a stem",
        f"`{command}`; {platform.system()}, {platform.machine()}, one run each. Every way begins with an empty home",
        "folder and takes packages from a folder on this machine, filled before. Python is not counted.",
        f"Goal: {goals}.\n",
        table(HEAD, [outcome.row for outcome in outcomes]),
        "The largest packages of the download with the window, MB: " + largest(outcomes[0].shelf) + ".\n"
        if outcomes
        else "",
        "Missed:\n" if failures else "All goals are met.",
        *(f"* {failure}" for failure in failures),
    ]
    return "\n".join(lines) + "\n"


def largest(shelf: Shelf, count: int = 8) -> str:
    """Names and sizes."""
    sizes = sorted(((path.stat().st_size, path.name.split("-")[0]) for path in shelf.folder.iterdir()), reverse=True)
    return ", ".join(f"{name} {size / 1e6:.0f}" for size, name in sizes[:count])


if __name__ == "__main__":
    main()
