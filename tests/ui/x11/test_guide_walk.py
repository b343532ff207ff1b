"""The guide, done as it is written, with real keys and a real mouse, from the first start ever.

``make test-ui``; pictures of the steps go into ``out/x11``.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from stylus_daw.jobs.job import JobOutcome, JobPhase
from stylus_ui.workspace.take_notes import FILE as TAKES_FILE
from tests.ui.x11.x11_person import FIRST_PRESET, NEWEST_JOB, PARTNER, WORK, X11Person, long_song

pytestmark = pytest.mark.x11
MOST_SECONDS, MOST_ACTIONS = 60.0, 6
RATE, LOOP_S = 48_000, 4
LANE_FROM, LANE_TO, STRENGTH = (400, 170), (900, 170), (1170, 130)
WELCOME, LANES, TAKES, SIDES = (320, 200, 750, 470), (260, 60, 830, 290), (260, 350, 830, 40), (260, 385, 300, 45)
"""Places of the window at its first size; left, top, width, height."""


@pytest.fixture
def given(tmp_path: Path) -> Path:
    """A loop of one's own: four seconds of an arpeggio."""
    times = np.arange(RATE // 4) / RATE
    notes = [np.exp(-6 * times) * np.sin(2 * np.pi * hertz * times) for hertz in (220, 277.2, 329.6, 440)]
    loop = 0.4 * np.concatenate(notes * LOOP_S)
    soundfile.write(tmp_path / "my loop.wav", loop.astype(np.float32), RATE, subtype="FLOAT")
    return tmp_path / "my loop.wav"


def test_the_first_stem_of_ones_own_loop(newcomer: X11Person, given: Path) -> None:
    """From the first start ever to the stem in another program."""
    began = time.monotonic()
    window = newcomer.opens()
    try:
        is_greeted(newcomer)
        newcomer.keys("Escape")
        first_stem(newcomer)
        assert not newcomer.windows("Welcome")
        newcomer.drags(NEWEST_JOB, PARTNER, holds_s=1.0)
        newcomer.sees(newcomer.taken.exists, "the stem in the other program", 30)
        took_s = time.monotonic() - began
        assert soundfile.info(newcomer.taken.read_text()).frames == soundfile.info(given).frames
        assert len(newcomer.actions) <= MOST_ACTIONS, newcomer.actions
        assert took_s <= MOST_SECONDS * others(), f"{took_s:.0f} s"
    finally:
        stop(window)


def test_the_walk_of_the_guide(newcomer: X11Person, tmp_path: Path) -> None:
    """Every key that the guide names, in its order."""
    window = newcomer.opens()
    try:
        greeted(newcomer)
        first_stem(newcomer)
        newcomer.photographs("walk-first-stem")
        cancels_and_brings_back(newcomer, tmp_path)
        listens(newcomer)
        uses_it(newcomer)
        chooses_a_part(newcomer)
        turns_knobs(newcomer)
        goes_through_takes(newcomer)
        keeps_a_preset_and_looks_around(newcomer)
        newcomer.keys("ctrl+q")
        assert window.wait(60) == 0
    finally:
        stop(window)


def others() -> float:
    """How often other programs share each core: on a machine that has nothing else to do, 1."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def first_stem(person: X11Person) -> None:
    """Drop a loop, click a preset, press Enter."""
    person.drags(PARTNER, WORK)
    person.sees(lambda: (person.workpiece.get("content") or {}).get("path", "").endswith("my loop.wav"), "the drop", 30)
    person.clicks(*FIRST_PRESET)
    person.sees(lambda: person.workpiece["preset_id"], "the preset", 30)
    person.keys("Return")
    person.sees(lambda: person.jobs and person.jobs[0].phase is JobPhase.FINISHED, "the render")
    assert person.jobs[0].outcome is JobOutcome.DONE


def is_greeted(person: X11Person) -> None:
    """The welcome is in front, and has the keyboard."""
    person.sees(lambda: person.windows("Welcome"), "the welcome", 30)
    person.comes_back()


def greeted(person: X11Person) -> None:
    """First run: step by step to the last page, where the demo can be rendered; then it is closed for good."""
    is_greeted(person)
    for _ in range(5):
        changes(person, "Return", WELCOME)
    person.photographs("walk-last-step")
    person.keys("Escape")
    person.sees(lambda: not person.windows("Welcome"), "the end of the greeting", 30)


def cancels_and_brings_back(person: X11Person, folder: Path) -> None:
    """Esc cancels what runs; Shift-Esc all that was started here, and Ctrl-Z queues it again."""
    person.stylus("ui", str(long_song(folder))).wait(60)
    person.sees(lambda: person.workpiece["content"]["path"].endswith("song.wav"), "the song", 30)
    person.comes_back()
    person.keys("Return")
    person.sees(lambda: person.jobs[0].phase is JobPhase.RUNNING, "the render", 60)
    person.keys("Escape")
    person.sees(lambda: person.jobs[0].outcome is JobOutcome.CANCELLED, "the cancel", 60)
    known = len(person.jobs)
    person.keys("Return", "Return")
    person.sees(lambda: len(person.jobs) == known + 2, "two jobs", 30)
    person.keys("shift+Escape")
    person.sees(lambda: {one.outcome for one in person.jobs[:2]} == {JobOutcome.CANCELLED}, "both cancelled", 60)
    person.photographs("walk-cancelled")
    person.keys("ctrl+z")
    person.sees(lambda: len(person.jobs) == known + 4, "both again", 30)
    person.keys("shift+Escape")
    person.sees(lambda: {one.outcome for one in person.jobs[:4]} == {JobOutcome.CANCELLED}, "all cancelled", 60)


def listens(person: X11Person) -> None:
    """The first stem is looked at again; A, B and D choose what is heard."""
    first = person.jobs[-1]
    person.clicks(*NEWEST_JOB)
    person.keys("End", "shift+Return")
    person.sees(lambda: person.workpiece["content"]["path"] == str(first.request.source), "the loop", 30)
    person.waits(1.0)
    for key in ("a", "b", "d"):
        changes(person, key, SIDES)
    person.photographs("walk-listens")


def uses_it(person: X11Person) -> None:
    """Ctrl-C copies the stem of the row, F2 renames it, Del puts it away, Ctrl-Z brings it back; Ctrl-E exports."""
    first = person.jobs[-1].job
    person.keys("ctrl+c")
    person.sees(lambda: ".wav" in person.copied(), "the stem in the clipboard", 10)
    person.keys("F2")
    person.types("Late Strings")
    person.keys("Return")
    person.sees(lambda: noted(person, first).get("name") == "Late Strings", "the name", 10)
    person.photographs("walk-renamed")
    person.keys("Delete")
    person.sees(lambda: noted(person, first).get("is_deleted"), "that it is put away", 10)
    person.keys("ctrl+z")
    person.sees(lambda: not noted(person, first).get("is_deleted"), "that it is back", 10)
    person.keys("ctrl+e")
    person.sees(lambda: person.windows("Export"), "the dialog", 30)
    person.keys("Escape")
    person.sees(lambda: not person.windows("Export"), "the end of the dialog", 30)


def chooses_a_part(person: X11Person) -> None:
    """Drag over the upper lane; [ and ] set its ends at the playhead; M and the zoom keys change what is seen."""
    person.comes_back()
    person.drags(LANE_FROM, LANE_TO)
    person.sees(lambda: person.workpiece["selection"], "the part", 10)
    part = person.workpiece["selection"]
    person.keys("Home", "Right", "Right", "bracketleft")
    person.sees(lambda: person.workpiece["selection"]["first"] != part["first"], "its start at the playhead", 10)
    person.keys("Right", "bracketright")
    person.sees(lambda: person.workpiece["selection"]["length"] < part["length"], "its end at the playhead", 10)
    for key in ("m", "plus", "0"):
        changes(person, key, LANES)
    person.photographs("walk-part")
    person.keys("m")


def turns_knobs(person: X11Person) -> None:
    """The wheel over Strength, and Ctrl-Z; R takes another seed."""
    before = person.workpiece["treatment"]["settings"]
    person.clicks(*STRENGTH, button=5, times=3)
    person.sees(lambda: person.workpiece["treatment"]["settings"] != before, "another strength", 10)
    person.keys("ctrl+z")
    person.sees(lambda: person.workpiece["treatment"]["settings"] == before, "the strength as it was", 10)
    person.keys("r")
    person.sees(lambda: person.workpiece["treatment"]["settings"]["seed"] != before["seed"], "another seed", 10)


def goes_through_takes(person: X11Person) -> None:
    """A second take; Ctrl-Up and Ctrl-Down, 1 and X go between the two."""
    known = len(person.jobs)
    person.keys("Return")
    person.sees(lambda: len(person.jobs) > known and person.jobs[0].phase is JobPhase.FINISHED, "the second take")
    person.waits(1.0)
    for key in ("ctrl+Up", "ctrl+Down", "1", "x"):
        changes(person, key, TAKES)
    person.photographs("walk-takes")


def keeps_a_preset_and_looks_around(person: X11Person) -> None:
    """Ctrl-S, the settings, the sheet of keys."""
    person.keys("ctrl+s")
    person.types("My Own")
    person.keys("Return")
    person.sees(lambda: list((person.home / "presets").glob("*.json")), "the preset's file", 30)
    person.keys("ctrl+comma")
    person.sees(lambda: person.windows("Settings"), "the settings", 30)
    person.keys("Escape")
    person.sees(lambda: not person.windows("Settings"), "the end of the settings", 30)
    person.comes_back()
    changes(person, "question", LANES)
    person.photographs("walk-keys")
    person.keys("Escape")


def changes(person: X11Person, key: str, box: tuple[int, int, int, int]) -> None:
    """What a key does that is only seen, in that part of the window."""
    before = person.looks(box)
    person.keys(key)
    person.sees(lambda: person.looks(box) != before, f"what {key} does", 10)


def noted(person: X11Person, job: str) -> dict:
    """What stands on a take."""
    file = person.home / TAKES_FILE
    return json.loads(file.read_text("utf-8")).get(job, {}) if file.exists() else {}


def stop(window: subprocess.Popen[bytes]) -> None:
    window.kill()
    window.wait()
