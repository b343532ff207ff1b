"""The installed Remote Script under a strict fake of Live, against the real bridge on loopback."""

from __future__ import annotations

import ast
import importlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import soundfile

from stylus_bridge.daws.host import Place
from stylus_bridge.daws.install import install
from stylus_bridge.daws.live.host import HOST
from stylus_bridge.server import BridgeServer
from stylus_daw.jobs.job import JobDone, Stem
from tests.daws.live.live_lab import Clip, ControlSurface, Set
from tests.support.scripted_jobs import FixedPresets, PlainBuilder, ScriptedJobs

RATE = 44_100


class Studio:
    """The bridge, a Live set with one arrangement clip at beat 7.5, and the script that Live has loaded."""

    def __init__(self, root: Path, live_set: Set) -> None:
        self.home = root / "home"
        self.jobs = ScriptedJobs()
        self.server = self.make_server()
        self.server.start()
        self.set = live_set
        audio = root / "Kläng.wav"
        soundfile.write(audio, np.zeros((4 * RATE, 2)), RATE, subtype="FLOAT")
        self.track = live_set.tracks[0]
        self.clip = Clip(self.track, audio, beat=7.5, warping=False, tempo=live_set.tempo)
        self.clip.set_markers(1.0, 3.0)
        live_set.view._detail = self.clip
        self.surface: Any = self._load(root)

    def make_server(self) -> BridgeServer:
        presets = FixedPresets(("warm-strings", "Warm Strings"), ("grit", "Grit"))
        return BridgeServer(
            jobs=self.jobs,
            presets=presets,
            builder=PlainBuilder(self.home / "jobs"),
            jobs_folder=self.home / "jobs",
            state_folder=self.home,
            port=0,
        )

    def _load(self, root: Path) -> Any:
        install(HOST, Place(evidence=root, scripts=root / "Remote Scripts"), self.home)
        sys.path.insert(0, str(root / "Remote Scripts"))
        try:
            return importlib.import_module("Stylus").create_instance(self.set)
        finally:
            sys.path.pop(0)

    def until(self, probe: Callable[[], Any], what: str) -> Any:
        """Live's clock runs until ``probe`` is true."""
        deadline = time.monotonic() + 10
        while not (answer := probe()):
            assert time.monotonic() < deadline, f"waited for {what}; shown: {self.surface.shown}"
            self.surface.run(1)
            time.sleep(0.01)
        return answer

    def send(self, wish: str = ">") -> str:
        """The user renames the clip; gives the job's id."""
        self.clip.name = f"Pad {wish}"
        return self.until(lambda: next(iter(self.jobs.requests), None), "the job")

    def finish(self, job: str) -> Path:
        stem = self.home / "jobs" / job / "stem.wav"
        soundfile.write(stem, np.zeros((2 * RATE, 2)), RATE, subtype="FLOAT")
        self.jobs.emit(JobDone(job=job, stem=Stem(path=stem, start=0, length=2 * RATE, rate=RATE, channels=2)))
        return stem

    def says(self, text: str) -> None:
        self.until(lambda: any(text in said for said in self.surface.shown), repr(text))

    def names(self) -> list[str]:
        return [track.name for track in self.set.tracks]


@pytest.fixture
def framework() -> Iterator[None]:
    package, module = ModuleType("_Framework"), ModuleType("_Framework.ControlSurface")
    module.ControlSurface = ControlSurface  # type: ignore[attr-defined]
    sys.modules |= {"_Framework": package, "_Framework.ControlSurface": module}
    yield
    for name in [n for n in sys.modules if n.split(".")[0] in ("_Framework", "Stylus")]:
        del sys.modules[name]


@pytest.fixture
def live_set() -> Set:
    return Set()


@pytest.fixture
def studio(framework: None, tmp_path: Path, live_set: Set) -> Iterator[Studio]:
    studio = Studio(tmp_path, live_set)
    yield studio
    studio.surface.disconnect()
    studio.server.stop()


def test_what_the_clip_plays_is_handed_over_with_handles_and_the_name_is_given_back(studio: Studio) -> None:
    job = studio.send(">grit")
    asked = json.loads((studio.home / "jobs" / job / "job.json").read_text("utf-8"))
    assert studio.clip.name == "Pad"
    assert asked["region"] == {"start": round(7.5 / 2 * RATE), "length": 2 * RATE, "rate": RATE}
    assert asked["handles"] == {"before": RATE // 2, "after": RATE // 2}
    assert asked["source_offset"] == RATE // 2
    assert (asked["preset"], asked["client"], asked["time_signature"]) == ("grit", "live", "3/4")
    assert (studio.home / "jobs" / job / "input.wav").read_bytes() == Path(studio.clip.file_path).read_bytes()


def test_the_stem_stands_below_at_the_same_beat_unwarped_in_one_undo_step(studio: Studio) -> None:
    stem = studio.finish(studio.send())
    studio.says("is on the track")
    assert studio.names() == ["Keys", "Pad - Stylus", "Bass"]
    (clip,) = studio.set.tracks[1].arrangement_clips
    assert (clip.file_path, clip.start_time, clip.warping) == (str(stem), 7.5, False)
    assert studio.set.steps == [["create_audio_track", "create_audio_clip"]]
    assert studio.clip.warping is False
    assert studio.clip.start_marker == 1.0


def test_without_a_preset_the_last_one_is_used(studio: Studio) -> None:
    studio.send(">grit")
    studio.clip.name = "Pad >"
    studio.until(lambda: len(studio.jobs.requests) == 2, "the second job")
    assert [request.origin.preset for request in studio.jobs.requests.values()] == ["grit", "grit"]


def test_a_name_that_happens_to_hold_the_mark_is_left_alone(studio: Studio) -> None:
    studio.clip.name = "verse > chorus"
    studio.surface.run(20)
    assert studio.clip.name == "verse > chorus"
    assert studio.jobs.requests == {}


def test_a_session_clip_comes_back_in_the_same_scene(studio: Studio, tmp_path: Path) -> None:
    slot = studio.track.clip_slots[1]
    clip = Clip(slot, Path(studio.clip.file_path), beat=None, warping=False, tempo=120.0)
    clip.set_markers(1.0, 3.0)
    slot._clip = studio.set.view._detail = studio.clip = clip
    stem = studio.finish(studio.send())
    studio.says("is on the track")
    first, second = studio.set.tracks[1].clip_slots
    assert first.clip is None
    assert second.clip.file_path == str(stem)


def test_a_consolidated_warped_clip_is_taken_and_a_stretched_one_refused(studio: Studio) -> None:
    studio.clip.warping = True
    studio.send()
    studio.clip.stretch(1.25)
    studio.clip.name = "Pad >"
    studio.says("stretched by Warp. Consolidate it first")
    assert len(studio.jobs.requests) == 1


def test_where_live_bends_the_clip_the_set_is_put_back_and_the_file_named(studio: Studio) -> None:
    studio.set._bends = 1.001
    stem = studio.finish(studio.send())
    studio.says(f"Drag it in from {stem}")
    assert studio.names() == ["Keys", "Bass"]


def test_where_live_refuses_the_set_is_put_back(studio: Studio) -> None:
    studio.set._raises = "Track is frozen"
    studio.finish(studio.send())
    studio.says("Track is frozen")
    assert studio.names() == ["Keys", "Bass"]
    assert studio.set.steps == [["create_audio_track", "create_audio_clip", "delete_track"]]


class TestLive11:
    @pytest.fixture
    def live_set(self) -> Set:
        return Set(version="11.3")

    def test_the_user_is_told_where_to_drag_the_stem_from(self, studio: Studio) -> None:
        stem = studio.finish(studio.send())
        studio.says(f"drag it in from {stem}")
        assert studio.set.steps == []


def test_a_deleted_track_gets_its_stem_at_the_end(studio: Studio) -> None:
    job = studio.send()
    del studio.set._tracks[0]
    studio.finish(job)
    studio.says("is on the track")
    assert studio.names() == ["Bass", "Pad - Stylus"]


def test_nothing_is_inserted_while_live_records(studio: Studio) -> None:
    job = studio.send()
    studio.set._recording = True
    studio.finish(job)
    studio.surface.run(30)
    assert studio.set.steps == []
    studio.set._recording = False
    studio.says("is on the track")


def test_progress_is_shown_and_a_failure_in_the_apps_words(studio: Studio) -> None:
    job = studio.send()
    studio.jobs.progress(job, 0.5)
    studio.says("'Pad' 50%")
    studio.jobs.fail(job, "No memory left.")
    studio.says("No memory left.")
    assert studio.names() == ["Keys", "Bass"]


def test_cancelling_leaves_the_set_as_it_is(studio: Studio) -> None:
    job = studio.send()
    studio.clip.name = "Pad >cancel"
    studio.says("was cancelled. The set is unchanged.")
    assert set(studio.jobs.cancelled) == {job}  # told by message and by file, either may be first
    assert studio.clip.name == "Pad"


def test_without_the_app_the_user_is_told_and_nothing_is_left(studio: Studio) -> None:
    studio.server.stop()
    studio.clip.name = "Pad >"
    studio.says("stylus-daw is not running. Start it, then try again.")
    assert list((studio.home / "jobs").iterdir()) == []
    studio.server = studio.make_server()
    studio.server.start()


def test_an_app_that_is_started_again_delivers(studio: Studio) -> None:
    job = studio.send()
    studio.server.stop()
    studio.says("stylus-daw was closed. The job continues when it is started again.")
    studio.server = studio.make_server()
    studio.server.start()
    studio.finish(job)
    studio.says("is on the track")


def test_a_wrong_token_is_refused_and_logged_and_the_folder_brings_the_stem(studio: Studio) -> None:
    path = studio.home / "bridge.json"
    path.write_text(path.read_text().replace(studio.server.token, "0" * len(studio.server.token)))
    job = studio.send()
    studio.until(lambda: any("bridge.token" in line for line in studio.surface.logged), "the refusal")
    studio.finish(job)
    studio.says("is on the track")


def test_a_midi_clip_is_refused_with_advice(studio: Studio) -> None:
    object.__setattr__(studio.clip, "is_audio_clip", False)
    studio.clip.name = "Pad >"
    studio.says("is a MIDI clip. Freeze and flatten its track")


def test_a_mistake_of_ours_is_logged_and_the_clock_goes_on(studio: Studio) -> None:
    del studio.set.view.__dict__["_detail"]
    studio.surface.run(3)
    assert "Traceback" in studio.surface.logged[-1]
    studio.set.view._detail = None
    count = len(studio.surface.logged)
    studio.surface.run(3)
    assert len(studio.surface.logged) == count


def test_the_script_uses_what_lives_python_has() -> None:
    allowed = {"__future__", "collections", "json", "pathlib", "shutil", "socket"}
    allowed |= {"struct", "traceback", "typing", "uuid"}
    lives_own = {"_Framework", "Live"}  # `Live` for types only: the stand-in does without it
    for path in (HOST.source / "Stylus").glob("*.py"):
        tree = ast.parse(path.read_text("utf-8"), feature_version=(3, 7))
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                assert {alias.name.split(".")[0] for alias in node.names} <= allowed, path.name
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                assert node.module.split(".")[0] in allowed | lives_own, path.name
