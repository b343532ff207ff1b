"""The extension under a strict fake of Live's Extensions SDK in node, with the real ``send`` and the real bridge."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from stylus_bridge.server import BridgeServer
from stylus_daw.jobs.job import JobDone, JobEvent, JobFailed, JobProgressed, JobWasCancelled, Stem
from tests.support.needs import needs
from tests.support.scripted_jobs import FixedPresets, PlainBuilder, ScriptedJobs, Tell

pytestmark = needs("node")

ROOT = Path(__file__).parents[3]
EXTENSION = ROOT / "bridge" / "stylus_bridge" / "daws" / "live" / "extension"
LAB = Path(__file__).parent / "extension_lab.mjs"
RATE, LENGTH, START, END = 44_100, 44_100, 7.5, 9.5


class Studio:
    """The bridge, and a copy of the extension beside which the fake SDK lies."""

    def __init__(self, root: Path, jobs: ScriptedJobs) -> None:
        self.root, self.home, self.jobs = root, root / "home föld'er", jobs
        self.server = BridgeServer(
            jobs=self.jobs,
            presets=FixedPresets(("warm-strings", "Warm Strings"), ("grit", "Körnung & <Staub>")),
            builder=PlainBuilder(self.home / "jobs"),
            jobs_folder=self.home / "jobs",
            state_folder=self.home,
            port=0,
        )
        self.folder = Path(shutil.copytree(EXTENSION, root / "extension"))
        sdk = self.folder / "node_modules" / "@ableton-extensions" / "sdk"
        sdk.mkdir(parents=True)
        (sdk / "package.json").write_text('{"type": "module", "main": "index.mjs"}')
        (sdk / "index.mjs").write_text("export const { AudioTrack, initialize } = globalThis.liveLab;")
        self.wav = root / "Kläng.wav"
        soundfile.write(self.wav, np.zeros((LENGTH, 2)), RATE, subtype="PCM_24")
        self.jobs.while_submitting = self.finish

    def finish(self, job: str) -> None:
        stem = self.home / "jobs" / job / "stem.wav"
        soundfile.write(stem, np.zeros((LENGTH, 2)), RATE, subtype="FLOAT")
        made = Stem(path=stem, start=0, length=LENGTH, rate=RATE, channels=2)
        self.jobs.emit(JobDone(job=job, stem=made))

    def run(self, preset: str = "grit", **more: Any) -> dict[str, Any]:
        """The user renders beats 7.5 to 9.5 of a track; what the fake has seen."""
        command = [sys.executable, "-m", "stylus_daw"]
        scenario = {"command": command, "wav": str(self.wav), "project": str(self.root), "preset": preset}
        scenario |= {"start": START, "end": END, **more}
        send = ["node", str(LAB), str(self.folder), json.dumps(scenario)]
        environment = {"STYLUS_HOME": str(self.home), "PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
        ended = subprocess.run(
            send, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False, env=environment
        )
        seen: dict[str, Any] = {}
        for line in ended.stdout.splitlines():
            seen |= json.loads(line)
        assert "fatal" not in seen, seen["fatal"]
        assert "tracks" in seen, ended.stderr
        return seen


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    studio = Studio(tmp_path, ScriptedJobs())
    studio.server.start()
    yield studio
    studio.server.stop()


def test_the_stem_stands_unwarped_on_a_new_track_at_the_beat(studio: Studio) -> None:
    seen = studio.run()
    assert seen["actions"] == ["Stylus: render…"]
    assert seen["offered"] == ["warm-strings", "grit"]
    assert seen["rendered"] == [START, END]
    clip = {"name": "Keys - grit", "startTime": START, "duration": END - START, "warping": False}
    assert seen["tracks"] == [{"name": "Keys", "clips": []}, {"name": "Keys - grit", "clips": [clip]}]
    assert (studio.root / "imported.wav").is_file()


def test_who_closes_the_menu_has_changed_nothing(studio: Studio) -> None:
    seen = studio.run(preset="")
    assert "rendered" not in seen
    assert len(seen["tracks"]) == 1
    assert studio.jobs.requests == {}


@pytest.mark.parametrize(
    ("fault", "words"),
    [("warps", "it is warped"), ("stretches", "it lasts 2.5 beats, not 2"), ("throws", "the disk is full")],
)
def test_a_stem_that_live_bends_is_taken_out_again_and_named(studio: Studio, fault: str, words: str) -> None:
    seen = studio.run(misbehaves=fault)
    assert words in seen["told"]
    assert "stem.wav" in seen["told"]
    assert [track["name"] for track in seen["tracks"]] == ["Keys"]


def test_a_failure_is_told_in_the_apps_words(studio: Studio) -> None:
    studio.jobs.while_submitting = lambda job: studio.jobs.emit(
        JobFailed(job=job, code="engine.memory", message="The memory is <full>.")
    )
    seen = studio.run()
    assert "The memory is &#60;full&#62;." in seen["told"]
    assert len(seen["tracks"]) == 1


class StoppingJobs(ScriptedJobs):
    """Jobs that run, and stop when they are told to."""

    def cancel(self, job_id: str, tell: Tell = None) -> JobEvent:
        before = super().cancel(job_id, tell)
        self.emit(JobWasCancelled(job=job_id))
        return before


def test_the_cancel_button_cancels_the_job_and_leaves_the_set_alone(tmp_path: Path) -> None:
    studio = Studio(tmp_path, StoppingJobs())
    studio.jobs.while_submitting = lambda job: studio.jobs.emit(JobProgressed(job=job, fraction=0.25, stage="styling"))
    studio.server.start()
    try:
        seen = studio.run(aborts=True)
    finally:
        studio.server.stop()
    assert seen["progress"] == 25
    assert studio.jobs.cancelled == list(studio.jobs.requests)
    assert "told" not in seen
    assert len(seen["tracks"]) == 1


def test_an_app_that_does_not_run_is_told(studio: Studio) -> None:
    studio.home = studio.root / "nobody"
    seen = studio.run()
    assert "stylus-daw is not running" in seen["told"]
    assert len(seen["tracks"]) == 1


def test_a_program_that_is_not_there_is_told(studio: Studio) -> None:
    seen = studio.run(command=["/nowhere/stylus-daw"])
    assert "stylus-daw does not work" in seen["told"]


def test_an_empty_selection_is_told(studio: Studio) -> None:
    assert "Select a range" in studio.run(end=START)["told"]


def test_the_manifest_has_what_live_reads() -> None:
    manifest = json.loads((EXTENSION / "manifest.json").read_text("utf-8"))
    assert set(manifest) == {"name", "author", "entry", "version", "minimumApiVersion"}
    assert manifest["entry"] == "dist/extension.js"
