"""What goes wrong around an instance is said in its window, and harms nothing."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from stylus_daw.rehearsal import headless_app
from tests.plugin.peers import Lab
from tests.support.disks import small_disk
from tests.support.waiting import eventually

pytestmark = pytest.mark.plugin

REGION = (48_000, 48_000)


@contextmanager
def a_lab(program: Path, home: Path) -> Iterator[Lab]:
    with Lab(program, home) as lab:
        yield lab


def chosen(lab: Lab, home: Path) -> None:
    """The first preset, once the companion is there."""
    lab.until_it_says("Press Capture")
    eventually((home / "presets.json").exists)  # written after the app answers
    presets = json.loads((home / "presets.json").read_text("utf-8"))["presets"]
    lab.do("preset", presets[0]["id"])


def start_rendering(lab: Lab) -> str:
    """The job's id."""
    lab.do("render")
    eventually(lambda: lab.do("state", "job") != "-")
    return lab.do("state", "job")


def test_a_region_becomes_a_take_and_the_app_hears_that_it_plays(lab: Lab, home: Path) -> None:
    chosen(lab, home)
    lab.do("label", "Gtr")
    lab.capture(*REGION)
    lab.do("render")
    lab.until_it_says("The result plays in its place")
    (take,) = json.loads(lab.do("state", "takes"))["takes"]
    assert (take["start"], take["length"], len(take["sha256"])) == (*REGION, 64)
    assert json.loads((home / "jobs" / take["job"] / "job.json").read_text())["track"] == "Gtr"


def test_rendering_without_a_preset_and_twice_is_refused_in_words(lab: Lab, home: Path) -> None:
    lab.until_it_says("Press Capture")
    lab.capture(*REGION)
    lab.do("render")
    lab.until_it_says("No preset is chosen")
    lab.do("preset", "no-such-preset")
    lab.do("render")
    lab.until_it_says("no-such-preset")


def test_a_wrong_token_is_said_and_the_right_one_is_taken_up(unit_tests: Path, home: Path, tmp_path: Path) -> None:
    known = json.loads((home / "bridge.json").read_text())
    (tmp_path / "bridge.json").write_text(json.dumps(known | {"token": "of-another-run"}))
    with a_lab(unit_tests, tmp_path) as lab:
        lab.until_it_says("stylus-daw runs with another bridge.json")
        (tmp_path / "bridge.json").write_text(json.dumps(known))
        lab.until_it_says("Press Capture")


def test_an_app_that_was_killed_is_said_and_a_new_one_is_found(unit_tests: Path, tmp_path: Path) -> None:
    with a_lab(unit_tests, tmp_path) as lab:
        lab.until_it_says("stylus-daw is not running. Start it")
        with headless_app(tmp_path):
            chosen(lab, tmp_path)
            lab.capture(*REGION)
            pid = json.loads((tmp_path / "bridge.json").read_text())["pid"]
            start_rendering(lab)
            os.kill(pid, signal.SIGKILL)
            lab.until_it_says("stylus-daw was closed. Start it: the job goes on.")
        (tmp_path / "bridge.json").unlink(missing_ok=True)
        with headless_app(tmp_path):
            lab.until_it_says("The result plays in its place", 120)


def test_a_full_disk_is_said_and_the_next_capture_works(unit_tests: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", "200k") as disk, a_lab(unit_tests, disk) as lab:
        lab.do("capture")
        lab.do("stop")
        lab.do("play", 0, 48_000)
        assert "Free disk space" in lab.until_it_says("cannot be written")
        lab.do("stop")
        lab.do("capture")
        lab.do("stop")
        lab.do("play", 0, 9_600)
        lab.do("stop")
        eventually(lambda: [path.suffix for path in (disk / "connect").iterdir()] == [".wav"])


def test_a_cancelled_job_leaves_the_region_to_be_rendered_again(lab: Lab, home: Path) -> None:
    chosen(lab, home)
    lab.capture(0, 480_000)  # long enough to be still at work
    start_rendering(lab)
    lab.do("cancel")
    lab.until_it_says("Cancelled")
    lab.do("render")
    lab.until_it_says("The result plays in its place")


def test_a_job_that_ends_while_the_session_is_closed_arrives_when_it_is_opened(unit_tests: Path, home: Path) -> None:
    with a_lab(unit_tests, home) as lab:
        chosen(lab, home)
        lab.capture(*REGION)
        job = start_rendering(lab)
        capture = lab.do("state", "capture")
    with a_lab(unit_tests, home) as lab:
        lab.do("restore", "capture", capture)
        lab.do("restore", "job", job)
        lab.until_it_says("The result plays in its place")


def test_a_capture_that_was_cleaned_away_is_said(lab: Lab, home: Path) -> None:
    chosen(lab, home)
    lab.capture(*REGION)
    Path(json.loads(lab.do("state", "capture"))["file"]).unlink()
    lab.do("render")
    lab.until_it_says("The captured audio is gone. Capture it again.")


def test_a_project_that_moved_finds_its_stem_again(lab: Lab, home: Path, tmp_path: Path) -> None:
    chosen(lab, home)
    lab.capture(*REGION)
    lab.do("render")
    lab.until_it_says("The result plays in its place")
    (tmp_path / "song").mkdir()
    lab.do("collect", tmp_path / "song" / "stem.wav")
    lab.until_it_says("The result plays in its place")
    takes = lab.do("state", "takes")
    assert json.loads(takes)["takes"][0]["stem"] == str(tmp_path / "song" / "stem.wav")
    shutil.move(tmp_path / "song", tmp_path / "elsewhere")
    lab.do("restore", "takes", takes)
    lab.until_it_says("is missing")
    lab.do("locate", tmp_path / "elsewhere" / "stem.wav")
    lab.until_it_says("The result plays in its place")


def test_a_job_that_this_computer_does_not_have_is_given_up_in_words(lab: Lab) -> None:
    lab.until_it_says("Press Capture")
    lab.do("restore", "job", "rendered-on-another-computer")
    lab.until_it_says("is not on this computer. Render again.")
    assert lab.do("state", "job") == "-"


def test_a_stem_that_does_not_fit_beside_the_session_leaves_no_half_of_it(lab: Lab, home: Path, tmp_path: Path) -> None:
    chosen(lab, home)
    lab.capture(*REGION)
    lab.do("render")
    lab.until_it_says("The result plays in its place")
    with small_disk(tmp_path / "small", "100k") as disk:
        lab.do("collect", disk / "stem.wav")
        assert "Free disk space" in lab.until_it_says("cannot be written")
        assert not list(disk.iterdir())
