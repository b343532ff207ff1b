"""The whole window at work: how quickly it opens, and whether it is ever held up.

    python -m bench.ui --out bench/ui.md

The real program with its real core and panels, without a screen, in a state folder of its own with a thousand jobs in
its history. ``--stacks`` tells which lines of Python held Qt's thread up.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from bench.heartbeat import Culprits, heartbeat
from bench.ui_lanes import write_hour
from bench.ui_scenes import JOBS, SCENES, staged
from stylus_daw.jobs.journal import Journal

HOUR = "hour.wav"
STARTS = 3
NAMES = {
    "idle": "nothing",
    "render": "a render of ten seconds, the model loaded first",
    "knob": "a knob turned for five seconds, with drafts",
    "scan": "a scan of plugins",
    "hour": "a file of 60 minutes dropped, its waveform made, zoomed",
    "history": "a thousand jobs scrolled through",
}


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--scene", action="append", choices=SCENES, help="only these; default: all")
    parser.add_argument("--stacks", action="store_true", help="tell what held Qt's thread up")
    parser.add_argument("--measure", type=Path, help="folder with a state and the hour; measures in this process")
    asked = parser.parse_args()
    if asked.measure:
        print(json.dumps(_measure(asked.measure, asked.scene, asked.stacks)))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_hour(folder / HOUR)
        _fill_home(folder)
        starts = [_child("bench.ui_start", name, str(time.monotonic())) for _ in range(0 if asked.scene else STARTS)]
        scenes = [word for scene in asked.scene or SCENES for word in ("--scene", scene)]
        whole = _child("bench.ui", "--measure", name, *scenes, *(["--stacks"] if asked.stacks else []))
    for scene, stacks in whole["stacks"].items():
        print(f"# {scene}", *(f"{count:4d} {stack}" for stack, count in stacks), sep="\n", file=sys.stderr)
    text = _page(starts, whole)
    print(text) if asked.out is None else asked.out.write_text(text, "utf-8")


def _child(module: str, *arguments: str) -> dict[str, Any]:
    """A process of its own, as a start is."""
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, env=surroundings, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def _measure(folder: Path, scenes: Sequence[str], has_stacks: bool) -> dict[str, Any]:
    measured, stacks = {}, {}
    with staged(folder, folder / HOUR) as stage:
        for scene in scenes:
            with Culprits().looking() if has_stacks else nullcontext() as culprits, heartbeat() as beats:
                SCENES[scene](stage)
            measured[scene] = beats.spread()
            stacks[scene] = culprits.seen.most_common(8) if culprits else []
            print(scene, file=sys.stderr)
    return {"notes": stage.notes, "scenes": measured, "stacks": stacks}


def _fill_home(folder: Path) -> None:
    """The state folder of somebody who has rendered a thousand times."""
    from stylus_ui.screenshots.core import record_done, request_of
    from stylus_ui.screenshots.jobs import ROWS, style_stems
    from stylus_ui.state.preferences import FILE

    (folder / FILE).write_text(json.dumps({"first_run.done": True}), "utf-8")
    journal, stems = Journal(folder / "journal.sqlite"), style_stems()
    for at in range(JOBS):
        client, project, track, preset = ROWS[at % len(ROWS)]
        request = request_of(folder, client=client, project=project, track=f"{track} {at}", preset=preset)
        record_done(journal, f"job-{at:06}", request, stems[at % len(stems)])
    journal.close()


def _page(starts: list[dict[str, float]], whole: dict[str, Any]) -> str:
    notes = whole["notes"]
    lines = [
        "# The window at work",
        "",
        f"Made by `python -m bench.ui --out bench/ui.md` on {os.cpu_count()} cores ({platform.machine()}), without a "
        f"screen, load average {os.getloadavg()[0]:.1f}. A pause is how long a click would have waited: it grows with "
        "whatever else the machine does, hence the row of a window that does nothing. Work is the processor time of "
        "Qt's thread between two looks at its events: what the window itself did meanwhile. The core, the render "
        "process and all panels are the real ones.",
        "",
        *_start_lines(starts),
        "## Pauses of Qt's thread",
        "",
        "| meanwhile | pause, median | 99 % | longest | work, median | 99 % | longest |",
        "|---|" + "---:|" * 6,
        *(
            f"| {NAMES[scene]} | " + " | ".join(f"{value:.1f} ms" for value in row) + " |"
            for scene, row in whole["scenes"].items()
        ),
        "",
    ]
    if "frame_ms" in notes:
        lines += [
            f"A frame of the history with {notes['jobs']} jobs: {notes['frame_ms']:.1f} ms of processor time "
            f"(99 %: {notes['frame_p99_ms']:.1f}); 60 per second leave 16.7.",
            "",
        ]
    return "\n".join(lines)


def _start_lines(starts: list[dict[str, float]]) -> list[str]:
    def said(name: str) -> str:
        return f"{statistics.median(start[name] for start in starts):.2f} s"

    if not starts:
        return []
    return [
        f"## From the command to the window (median of {len(starts)})",
        "",
        "Processor time is that of the whole process until then, which is what a start costs on a machine that has "
        "nothing else to do.",
        "",
        "| | by the clock | processor time |",
        "|---|---:|---:|",
        f"| the frame is on the screen | {said('visible')} | {said('visible_cpu')} |",
        f"| all panels are there | {said('filled')} | {said('filled_cpu')} |",
        f"| the core is up | {said('core')} | {said('core_cpu')} |",
        "",
    ]


if __name__ == "__main__":
    main()
