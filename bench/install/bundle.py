"""The standalone bundle: how large it is, and how long from its archive to a stem, without Python.

python -m bench.install.bundle --archive out/bundle/stylus-daw-0.1.0-linux-x86_64.tar.xz
"""

from __future__ import annotations

import argparse
import json
import platform
import tarfile
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.install.ways import PRESET, REGION, bare, run, size_of
from bench.markdown import table

MOST_MB = 200


def main() -> None:
    """Measure, print the page, write it."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--archive", type=Path, required=True, help="`make bundle` makes it")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        text = page(asked.archive, measured(asked.archive, Path(name)))
    print(text)
    if asked.out is not None:
        asked.out.write_text(text, "utf-8")


def measured(archive: Path, folder: Path) -> list[tuple[str, str]]:
    """Each step and its figure, in the order of somebody who has just downloaded it."""
    surroundings = {**bare(folder / "home"), "PATH": "/nonexistent"}

    def unpack() -> None:
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="tar")

    unpacking = seconds(unpack)
    [program] = folder.glob("stylus-daw-*/stylus-daw/stylus-daw")
    stem = ["render", REGION, "--preset", PRESET, "-o", folder / "stem.wav"]
    rows = [
        ("archive", f"{archive.stat().st_size / 1e6:.0f} MB"),
        ("unpacked", f"{size_of(program.parent) / 1e6:.0f} MB"),
        ("unpacking", f"{unpacking:.1f} s"),
        ("`--version`, the first time", f"{seconds(lambda: run([program, '--version'], surroundings)):.1f} s"),
        ("`--version`, again", f"{seconds(lambda: run([program, '--version'], surroundings)):.1f} s"),
        ("first stem", f"{seconds(lambda: run([program, *stem], surroundings, folder)):.1f} s"),
    ]
    is_well = json.loads(run([program, "doctor", "--json"], surroundings, folder))["ok"]
    return [*rows, ("`doctor`", "ok" if is_well else "**not ok**")]


def seconds(work: Callable[[], object]) -> float:
    """Wall time of it."""
    began = time.monotonic()
    work()
    return time.monotonic() - began


def page(archive: Path, rows: list[tuple[str, str]]) -> str:
    """Markdown."""
    command = f"python -m bench.install.bundle --archive out/bundle/{archive.name} --out bench/install/bundle.md"
    is_small = archive.stat().st_size <= MOST_MB * 1e6
    lines = [
        "# The standalone bundle",
        f"`{command}`; {platform.system()}, {platform.machine()}, one run, with an empty home folder and no `PATH`.\n",
        table(("what", "figure"), rows),
        f"Goal: at most {MOST_MB} MB as an archive. " + ("It is met." if is_small else "**It is missed.**"),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
