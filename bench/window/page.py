"""The page about the window at work."""

from __future__ import annotations

import os
import platform
import statistics
from typing import Any

from stylus_daw.engine.knobs.points import MAX_POINTS

NAMES = {
    "idle": "nothing",
    "render": "a render of ten seconds, the model loaded first",
    "knob": "a knob turned for five seconds, with drafts",
    "curve": f"a point of a strength curve of {MAX_POINTS:,} dragged for five seconds, with drafts",
    "scan": "a scan of plugins",
    "hour": "a file of 60 minutes dropped, its waveform made, zoomed",
    "history": "a thousand jobs scrolled through",
    "takes": "a loop with a thousand takes dropped, its takes gone through, one more made",
    "batch": "200 files dropped, queued, rendered for ten seconds, cancelled",
    "three hours": "a file of three hours dropped, its waveform made, zoomed",
}


def page(starts: list[dict[str, float]], whole: dict[str, Any]) -> str:
    """Starts and pauses as Markdown."""
    notes = whole["notes"]
    lines = [
        "# The window at work",
        "",
        f"Made by `python -m bench.window --out bench/window/window.md` on {os.cpu_count()} cores "
        f"({platform.machine()}), without a screen, load average {os.getloadavg()[0]:.1f}. A pause is how long a "
        "click would have waited: it grows with whatever else the machine does, hence the row of a window that does "
        "nothing. Work is the processor time of Qt's thread between two looks at its events: what the window itself "
        "did meanwhile. The core, the render process and all panels are the real ones.",
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
