"""The whole window at work: how quickly it opens, and whether it is ever held up.

    python -m bench.window --out bench/window/window.md

The real program with its real core and panels, without a screen, in a state folder of its own with a thousand jobs in
its history. ``--stacks`` says which lines of Python held Qt's thread up.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from bench.window.heartbeat import Culprits, heartbeat
from bench.window.lanes import MINUTES, RATE, write_hour
from bench.window.page import page
from bench.window.scenes import BATCH, FILES, JOBS, SCENES, TAKES, THREE_HOURS, staged
from stylus_daw.engine.request import StyleSettings
from stylus_daw.jobs.journal.journal import Journal

HOUR, LOOP = "hour.wav", "loop.wav"
STARTS = 3


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
        _fill_takes(folder)
        if "three hours" in (asked.scene or SCENES):
            write_hour(folder / THREE_HOURS, minutes=3 * MINUTES)
        starts = [
            _child("bench.window.start", name, str(time.monotonic())) for _ in range(0 if asked.scene else STARTS)
        ]
        scenes = [word for scene in asked.scene or SCENES for word in ("--scene", scene)]
        whole = _child("bench.window", "--measure", name, *scenes, *(["--stacks"] if asked.stacks else []))
    for scene, stacks in whole["stacks"].items():
        print(f"# {scene}", *(f"{count:4d} {stack}" for stack, count in stacks), sep="\n", file=sys.stderr)
    text = page(starts, whole)
    print(text) if asked.out is None else asked.out.write_text(text, "utf-8")


def _child(module: str, *arguments: str) -> dict[str, Any]:
    """A process of its own, as a start is."""
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, env=surroundings, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def _measure(folder: Path, scenes: Sequence[str], has_stacks: bool) -> dict[str, Any]:
    measured, stacks = {}, {}
    with staged(folder, folder / HOUR, folder / LOOP) as stage:
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


def _fill_takes(folder: Path) -> None:
    """A loop that this window has rendered a thousand times, each with another strength and seed; files for a batch."""
    from stylus_ui.presenters.daws.daw_names import WINDOW
    from stylus_ui.screenshots.core import SECONDS, record_done, request_of

    seconds = np.arange(SECONDS * RATE) / RATE
    tone = (0.3 * np.sin(2 * np.pi * 220 * seconds) * np.exp(-4 * (seconds % 0.5))).astype(np.float32)
    (folder / FILES).mkdir()
    for number in range(BATCH):
        soundfile.write(folder / FILES / f"loop {number:03}.wav", tone[: 2 * RATE], RATE, subtype="FLOAT")
    for name in (LOOP, "stem.wav"):
        soundfile.write(folder / name, tone, RATE, subtype="FLOAT")
    with closing(Journal(folder / "journal.sqlite")) as journal:
        usual = replace(request_of(folder, client=WINDOW, project="", track=""), source=folder / LOOP, region=None)
        for at in range(TAKES):
            settings = StyleSettings(strength=round(0.2 + at / 1_000, 3), seed=at)
            origin = replace(usual.origin, take=at + 1)
            record_done(journal, f"take-{at:06}", replace(usual, settings=settings, origin=origin))


if __name__ == "__main__":
    main()
