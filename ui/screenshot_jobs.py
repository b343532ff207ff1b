"""Queues and histories to look at."""

from __future__ import annotations

from pathlib import Path

from stylus_daw.jobs.job import JobFailed, JobWasCancelled
from stylus_daw.jobs.journal import Journal
from stylus_daw.presets.library import PresetLibrary
from ui.screenshot_core import record_done, request_of

MEMORY = (
    "The accelerator ran out of memory (8 GB needed, 6 GB free). Choose draft quality, or a shorter region, and render "
    "again."
)
ROWS = (
    ("reaper", "Late Night", "Keys", "Glass Vibes"), ("window", "", "loop_096_Am", "Dusty Rhodes"),
    ("ardour", "Film cue 4", "Cello (close)", "Warm Strings"), ("live", "Set A", "Bass", "Brass Section"),
    ("reaper", "Late Night", "Gtr", "Warm Strings"),
)  # fmt: skip


def mixed_history(journal: Journal) -> None:
    """What a morning leaves behind: done, cancelled, failed."""
    stems = style_stems()
    for at, (client, project, track, preset) in enumerate(ROWS):
        request = request_of(journal.path.parent, client=client, project=project, track=track, preset=preset)
        job = f"done-{at:06}"
        if track == "Bass":
            journal.record_queued(job, request)
            journal.record_finished(job, JobFailed(job=job, code="engine.memory", message=MEMORY))
        elif at == 1:
            journal.record_queued(job, request)
            journal.record_finished(job, JobWasCancelled(job=job))
        else:
            record_done(journal, job, request, stems[at % len(stems)])


def busy_queue(journal: Journal, *, waiting: int = 3) -> None:
    """One that will be rendered, and some that wait, over a history."""
    mixed_history(journal)
    for at in range(waiting + 1):
        client, project, track, preset = ROWS[at % len(ROWS)]
        request = request_of(journal.path.parent, client=client, project=project, track=track, preset=preset)
        journal.record_queued(f"wait-{at:06}", request)


def style_stems() -> list[Path]:
    """Sounds to stand for stems."""
    library = PresetLibrary()
    return [library.styles(preset)[0].path for preset in library.all()[:9]]
