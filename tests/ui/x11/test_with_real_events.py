"""One session at a real X server: drags between programs, keys, file dialogs, a DAW, a close while rendering.

``make test-ui``; needs Xvfb, openbox, xdotool, wmctrl and ImageMagick. Pictures of the steps go into ``out/x11``.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import soundfile

from stylus_daw.jobs.job import JobOutcome, JobPhase
from tests.ui.x11.x11_person import (
    FIRST_PRESET,
    NEWEST_JOB,
    PARTNER,
    PATIENCE_S,
    REGION,
    SIZE,
    WORK,
    X11Person,
    long_song,
)

pytestmark = pytest.mark.x11


def test_a_session_with_real_events(person: X11Person, tmp_path: Path) -> None:
    window = person.opens()
    try:
        person.photographs("opened")
        drop_and_choose(person)
        render_and_hear(person)
        save_export_and_drag_out(person, tmp_path)
        with daw_keeps_the_queue_busy(person, tmp_path):
            daw = serve_a_daw_and_cancel(person)
        daw_gets_its_stem(person, daw)
        with daw_keeps_the_queue_busy(person, tmp_path):
            close_while_rendering(person, window)
            window = person.opens()
        wakes_as_it_was(person)
    finally:
        window.kill()
        window.wait()


def drop_and_choose(person: X11Person) -> None:
    """A file out of another program, a style out of the list."""
    person.drags(PARTNER, WORK)
    person.sees(lambda: (person.workpiece.get("content") or {}).get("path", "").endswith("region.flac"), "the drop", 30)
    person.photographs("dropped")
    person.comes_back()
    person.keys("ctrl+f")
    person.types("warm str")
    person.waits(1.0)
    person.clicks(*FIRST_PRESET)
    person.sees(lambda: person.workpiece["preset_id"] == "warm-strings", "the preset", 30)
    person.photographs("preset")


def render_and_hear(person: X11Person) -> None:
    """As the guide says: the preset has been clicked, so Enter renders."""
    person.keys("Return")
    person.sees(lambda: person.jobs, "the job", 30)
    person.photographs("rendering")
    person.sees(lambda: person.jobs[0].phase is JobPhase.FINISHED, "the render")
    assert person.jobs[0].outcome is JobOutcome.DONE
    assert (person.jobs[0].request.origin.preset, person.jobs[0].request.origin.take) == ("Warm Strings", 1)
    person.waits(2.0)
    person.keys("a", "b")
    person.photographs("done")


def save_export_and_drag_out(person: X11Person, tmp_path: Path) -> None:
    person.keys("ctrl+s")
    person.types("Late Strings")
    person.photographs("saving")
    person.keys("Return")
    person.sees(lambda: list((person.home / "presets").glob("*.json")), "the preset's file", 30)
    person.clicks(*WORK)
    target = tmp_path / "exported.wav"
    person.keys("ctrl+e")
    person.sees(lambda: person.windows("Export"), "the dialog", 30)
    person.waits(1.0)
    person.keys("ctrl+a")
    person.types(str(target))
    person.photographs("export")
    person.keys("Return")
    person.sees(target.exists, "the exported file", 30)
    assert soundfile.info(target).frames == soundfile.info(REGION).frames
    person.waits(1.0)
    person.drags(NEWEST_JOB, PARTNER, holds_s=1.5)
    person.sees(person.taken.exists, "the stem in the other program", 30)
    assert soundfile.info(person.taken.read_text()).frames == soundfile.info(REGION).frames
    person.photographs("dragged-out")
    person.comes_back()


@contextmanager
def daw_keeps_the_queue_busy(person: X11Person, tmp_path: Path) -> Iterator[None]:
    """A DAW's job of minutes, so that nothing behind it is rendered before it is looked at, on any machine."""
    before = {job.job for job in person.jobs}
    person.stylus("send", "render", str(long_song(tmp_path)), "--preset", "glass-vibes").wait(60)
    (song,) = {job.job for job in person.jobs} - before
    person.sees(lambda: person.job(song).phase is JobPhase.RUNNING, "the long job", 60)
    yield
    person.stylus("send", "cancel", song).wait(60)
    person.sees(lambda: person.job(song).outcome is JobOutcome.CANCELLED, "the long job's end", 60)


def serve_a_daw_and_cancel(person: X11Person) -> subprocess.Popen[bytes]:
    """A DAW's job comes over OSC before the window's own, which waits and is cancelled. Gives what the DAW runs."""
    patience, known = str(PATIENCE_S), len(person.jobs)
    daw = person.stylus("send", "render", str(REGION), "--preset", "glass-vibes", "--wait", "--timeout", patience)
    person.sees(lambda: len(person.jobs) == known + 1, "the DAW's job", 30)
    person.clicks(*WORK)
    person.keys("Return")
    person.sees(lambda: len(person.jobs) == known + 2, "the window's job", 30)
    person.photographs("daw-job")
    person.keys("Escape")
    person.sees(lambda: person.jobs[0].outcome is JobOutcome.CANCELLED, "the cancel", 60)
    return daw


def daw_gets_its_stem(person: X11Person, daw: subprocess.Popen[bytes]) -> None:
    person.sees(lambda: daw.poll() is not None, "the DAW's stem")
    assert daw.returncode == 0
    person.photographs("daw-landed")


def close_while_rendering(person: X11Person, window: subprocess.Popen[bytes]) -> None:
    """One job runs and the window's own waits: both are kept."""
    known = len(person.jobs)
    person.keys("Return")
    person.sees(lambda: len(person.jobs) == known + 1, "the window's job", 60)
    began = time.monotonic()
    person.does("wmctrl", "-c", "Stylus")
    window.wait(60)
    assert window.returncode == 0
    phases = {job.phase for job in person.jobs[:2]}
    assert JobPhase.FINISHED not in phases, f"kept; it closed in {time.monotonic() - began:.1f} s"


def wakes_as_it_was(person: X11Person) -> None:
    """What was promised is rendered, and the window is as it was left."""
    kept = person.jobs[0].job
    person.sees(lambda: person.job(kept).phase is JobPhase.FINISHED, "the kept job")
    assert person.job(kept).outcome is JobOutcome.DONE
    assert soundfile.info(person.job(kept).stem).frames == soundfile.info(REGION).frames
    person.waits(1.5)
    person.photographs("started-again")
    assert person.workpiece["preset_name"] == "Late Strings"
    assert person.does("xdotool", "search", "--name", "region.flac · Stylus", "getwindowgeometry").count(f"{SIZE[0]}x")
