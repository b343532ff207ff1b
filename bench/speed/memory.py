"""How much memory a render takes as the region grows: real renders by the render process, one after the other.

    python -m bench.speed.memory --seconds 10 60 600 3600 --out bench/speed/memory.md

Each length gets a fresh render process, as the app starts it, that renders one file from source to stem. What
is measured is the largest resident memory of that process, everything included (Python, libraries, the model), and
of its disk the spools. Seconds are of a machine that may have been busy: bench/speed/speed.md is about speed.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import resource
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import soundfile

from stylus_daw.audio.files import read
from stylus_daw.chain.planning import planned
from stylus_daw.chain.spec import ChainSpec
from stylus_daw.engine.machine.runtime import choose_runtime
from stylus_daw.jobs.job import RenderRequest, StyleFile
from stylus_daw.settings import HOME_VARIABLE

RATE, CHANNELS = 44_100, 2
LOOP, STYLE = "choir.flac", "brass-section.flac"
CHAIN = {"effects": [{"kind": "high_shelf", "params": {"gain_db": 2}}, {"kind": "limiter"}], "match_loudness": True}
WATCH_S = 0.2
MIB = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One render.

    Attributes:
        seconds: of audio.
        before: largest resident memory with the model loaded, before the render, bytes.
        peak: the same at the end.
        disk: largest sum of what lay on the disk for it, stem not included, bytes.
        taken: seconds from request to stem.
        first_progress: seconds to the first word of progress.
        largest_gap: seconds of the longest silence between two words of progress.
        rises: whether progress never fell.
    """

    seconds: float
    before: int
    peak: int
    disk: int
    taken: float
    first_progress: float
    largest_gap: float
    rises: bool


def measure(seconds: float, folder: Path, *, has_chain: bool) -> Measured:
    """Render a file of that length in a process of its own."""
    source = folder / "source.wav"
    write_source(source, seconds)
    request = RenderRequest(
        source=source,
        stem=folder / "stem.wav",
        styles=(StyleFile(path=_styles() / STYLE),),
        chain=planned(ChainSpec.model_validate(CHAIN if has_chain else {})),
    )
    context = multiprocessing.get_context("spawn")
    near, far = context.Pipe()
    process = context.Process(target=_render, args=(far, request.to_json(), seconds))
    process.start()
    far.close()
    measured = near.recv()
    process.join()
    return measured


def write_source(path: Path, seconds: float) -> None:
    """24-bit stereo: a loop, again and again."""
    loop = read(_styles() / LOOP).samples.T
    left = round(seconds * RATE)
    with soundfile.SoundFile(path, "w", RATE, CHANNELS, subtype="PCM_24") as file:
        while left > 0:
            file.write(loop[:left])
            left -= len(loop)


def _render(pipe: object, request: str, seconds: float) -> None:
    from stylus_daw.app import build_renderer

    renderer = build_renderer()
    before = _peak_bytes()
    moments, fractions = [time.monotonic()], [0.0]

    def progress(fraction: float, stage: str) -> None:
        moments.append(time.monotonic())
        fractions.append(fraction)

    with _DiskWatch() as disk:
        stem = renderer.render(RenderRequest.from_json(request), progress, lambda: False)
    gaps = [late - early for early, late in pairwise(moments)]
    pipe.send(  # type: ignore[attr-defined]
        Measured(
            seconds=seconds,
            before=before,
            peak=_peak_bytes(),
            disk=disk.most,
            taken=stem.seconds_taken,
            first_progress=gaps[0],
            largest_gap=max(gaps[1:]),
            rises=fractions == sorted(fractions),
        )
    )


def _peak_bytes() -> int:
    """Of this process alone: what ``getrusage`` tells may be its parent's, from before the process was its own."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    scale = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale


class _DiskWatch:
    """The sizes of this process's files without a name, looked at now and then (Linux)."""

    def __init__(self) -> None:
        self.most = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> _DiskWatch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(WATCH_S):
            self.most = max(self.most, sum(_unnamed_bytes(Path(f"/proc/{os.getpid()}/fd"))))


def _unnamed_bytes(folder: Path) -> list[int]:
    sizes = []
    for handle in folder.iterdir() if folder.is_dir() else ():
        try:
            status = handle.stat()
        except OSError:
            continue
        if status.st_nlink == 0 and status.st_size:
            sizes.append(status.st_size)
    return sizes


def _styles() -> Path:
    return Path(str(files("stylus_presets"))) / "styles"


def page(rows: list[tuple[str, Measured]], command: str) -> str:
    """The table as Markdown."""
    lines = [
        f"# Memory of a render\n\nMade by `{command}`: {CHANNELS} channels, {RATE} Hz, 24 bits, quality normal, each "
        "length in a render process of its own. Resident memory is the largest that the process ever had, Python, "
        "libraries and the model included; disk is the most that was in spools at once, the stem not counted. "
        "The machine was not idle: seconds say how long this took, not how fast a render can be. "
        f"{platform.machine()}, {choose_runtime('cpu').reason}.\n",
        "| audio | chain | model loaded, MiB | largest, MiB | against 1 min | disk, MiB | seconds | x real time | "
        "first progress, s | longest silence, s |\n|---|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [_row(chain, one, _minute(rows, chain)) for chain, one in rows]
    return "\n".join(lines) + "\n"


def _minute(rows: list[tuple[str, Measured]], chain: str) -> int | None:
    return next((one.peak for name, one in rows if name == chain and one.seconds == 60), None)


def _row(chain: str, one: Measured, minute: int | None) -> str:
    ratio = f"{one.peak / minute:.2f}" if minute else "-"
    if not one.rises:
        raise SystemExit(f"progress fell in the render of {one.seconds:g} s")
    return (
        f"| {_length(one.seconds)} | {chain} | {one.before / MIB:.0f} | {one.peak / MIB:.0f} | {ratio} | "
        f"{one.disk / MIB:.0f} | {one.taken:.1f} | {one.seconds / one.taken:.1f} | {one.first_progress:.2f} | "
        f"{one.largest_gap:.2f} |"
    )


def _length(seconds: float) -> str:
    return f"{seconds / 60:g} min" if seconds >= 60 else f"{seconds:g} s"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, nargs="+", default=[10.0, 60.0, 600.0, 3600.0])
    parser.add_argument("--chain-seconds", type=float, nargs="*", default=[60.0, 600.0])
    parser.add_argument("--out", type=Path, default=Path("bench/speed/memory.md"))
    args = parser.parse_args()
    listed, with_chain = (" ".join(f"{one:g}" for one in some) for some in (args.seconds, args.chain_seconds))
    rows = []
    with tempfile.TemporaryDirectory(prefix="stylus-memory-") as home:
        os.environ[HOME_VARIABLE] = home
        for has_chain, seconds in [(False, s) for s in args.seconds] + [(True, s) for s in args.chain_seconds]:
            one = measure(seconds, Path(home), has_chain=has_chain)
            rows.append(("yes" if has_chain else "no", one))
            print(_row(rows[-1][0], one, None), flush=True)
    command = f"python -m bench.speed.memory --seconds {listed} --chain-seconds {with_chain}"
    args.out.write_text(page(rows, command), "utf-8")


if __name__ == "__main__":
    main()
