"""What goes wrong between REAPER and the app is told, and the session is left in order."""

from __future__ import annotations

import json

import numpy as np
import pytest
import soundfile

from tests.daws.reaper.reaper_lab import RENDER, silence_is_an_error
from tests.daws.reaper.song import picture, rendered, session, tracks


def test_an_engines_failure_is_told_in_the_daw(studio):
    studio.engine.failure = silence_is_an_error()
    session(studio, studio.audio("gtr.wav"))
    before = picture(studio)
    rendered(studio)
    assert studio.reaper.messages == ['Gtr - Warm Strings: The region is silent: "nothing" to restyle.']
    assert picture(studio) == before


def test_an_app_that_does_not_run_is_told_at_once(studio):
    session(studio, studio.audio("gtr.wav"))
    before = picture(studio)
    studio.reaper.click(RENDER)
    assert "is not running" in studio.reaper.messages[0]
    assert picture(studio) == before
    assert studio.job_folders() == []


def test_an_app_that_died_is_noticed_and_the_job_withdrawn(studio):
    session(studio, studio.audio("gtr.wav"))
    with studio.app():
        bridge = (studio.home / "bridge.json").read_text()
    (studio.home / "bridge.json").write_text(bridge)
    before = picture(studio)
    studio.reaper.click(RENDER)
    studio.reaper.finish(seconds=1)
    assert "does not answer" in studio.reaper.messages[0]
    assert picture(studio) == before
    with studio.app():
        [folder] = studio.job_folders()
        studio.reaper.pump_until(lambda: (folder / "state.json").exists())
        assert json.loads((folder / "state.json").read_text())["outcome"] == "cancelled"


def test_an_app_that_starts_again_half_way_finishes_the_job(studio):
    session(studio, studio.audio("gtr.wav"))
    studio.engine.gate.clear()
    with studio.app():
        studio.reaper.click(RENDER)
        studio.reaper.pump_until(lambda: (studio.job_folders()[0] / "state.json").exists())
    studio.reaper.pump(3)
    assert studio.reaper.messages == []
    with studio.app():
        studio.engine.gate.set()
        studio.reaper.finish()
    assert len(tracks(studio)) == 3


def test_while_reaper_records_stems_wait(studio):
    session(studio, studio.audio("gtr.wav"), more="song.play_state = 5")
    with studio.app():
        studio.reaper.click(RENDER)
        shown = "local t = world.window.texts return t[#t] or ''"
        studio.reaper.pump_until(lambda: "until the recording ends" in studio.reaper.do(shown))
        assert len(tracks(studio)) == 2
        studio.reaper.do("song.play_state = 0")
        studio.reaper.finish()
    assert len(tracks(studio)) == 3


def test_nothing_is_rendered_after_the_effects_while_reaper_records(studio):
    session(studio, studio.audio("gtr.wav"), more='song.play_state = 5; world.ext["stylus/post_fx"] = "1"')
    before = picture(studio)
    rendered(studio)
    assert "recording" in studio.reaper.messages[0]
    assert picture(studio) == before
    assert studio.job_folders() == []


def test_a_jobs_folder_that_cannot_be_written_is_told(studio):
    session(studio, studio.audio("gtr.wav"))
    before = picture(studio)
    with studio.app():
        (studio.home / "jobs").rmdir()
        (studio.home / "jobs").write_text("in the way")
        studio.reaper.click(RENDER)
        studio.reaper.finish()
        (studio.home / "jobs").unlink()
    assert "cannot be made" in studio.reaper.messages[0]
    assert picture(studio) == before


def test_a_disk_that_is_full_is_told_and_nothing_is_left(studio):
    session(studio, studio.audio("gtr.wav"))
    studio.reaper.do(
        """
        local open = io.open
        io.open = function(path, mode)
          local file, why = open(path, mode)
          if not (file and path:match("input%.wav$") and mode == "wb") then return file, why end
          local full = { close = function() return file:close() end }
          full.write = function() return nil, "No space left on device" end
          return full
        end
        """
    )
    rendered(studio)
    assert "No space left on device" in studio.reaper.messages[0]
    assert studio.job_folders() == []


def test_a_project_that_was_closed_is_told_with_the_stems_path(studio):
    studio.engine.gate.clear()
    session(studio, studio.audio("gtr.wav"))
    with studio.app():
        studio.reaper.click(RENDER)
        studio.reaper.pump(2)
        studio.reaper.do('song.is_open = false; world.projects = {}; world.active = nil; stub.project("Other")')
        studio.engine.gate.set()
        studio.reaper.finish()
    assert "has been closed" in studio.reaper.messages[0]
    assert str(studio.job_folders()[0] / "stem.wav") in studio.reaper.messages[0]


def test_a_track_that_was_deleted_meanwhile_puts_the_stem_at_the_end(studio):
    studio.engine.gate.clear()
    session(studio, studio.audio("gtr.wav"))
    with studio.app():
        studio.reaper.click(RENDER)
        studio.reaper.pump(2)
        studio.reaper.do("table.remove(song.tracks, 1)")
        studio.engine.gate.set()
        studio.reaper.finish()
    assert [track["name"] for track in tracks(studio)] == ["Bass", "Gtr - Warm Strings"]
    assert "gone" in studio.reaper.do("return world.console")


def test_tracks_that_were_moved_meanwhile_are_found_again(studio):
    studio.engine.gate.clear()
    session(studio, studio.audio("gtr.wav"))
    with studio.app():
        studio.reaper.click(RENDER)
        studio.reaper.pump(2)
        studio.reaper.do("song.tracks = { bass, gtr }")
        studio.engine.gate.set()
        studio.reaper.finish()
    assert [track["name"] for track in tracks(studio)] == ["Bass", "Gtr", "Gtr - Warm Strings"]


@pytest.mark.parametrize("step", ["AddMediaItemToTrack", "SetMediaItemTake_Source", "SetMediaItemInfo_Value"])
def test_an_insertion_that_breaks_half_way_is_taken_back(studio, step):
    session(studio, studio.audio("gtr.wav"), more=f'world.breaks_at = "{step}"')
    before = picture(studio)
    rendered(studio)
    assert f"{step} failed" in studio.reaper.messages[0]
    assert picture(studio) == before


def test_a_stem_that_is_not_what_it_says_is_not_inserted(studio):
    session(studio, studio.audio("gtr.wav"))
    studio.engine.gate.clear()
    with studio.app():
        studio.reaper.click(RENDER)
        studio.reaper.pump_until(lambda: (studio.job_folders()[0] / "state.json").exists())
        [folder] = studio.job_folders()
        studio.engine.gate.set()
        while '"outcome": "done"' not in (folder / "state.json").read_text():
            pass
        soundfile.write(folder / "stem.wav", np.zeros((10, 2)), 48_000, subtype="FLOAT")
        studio.reaper.finish()
    assert "is not what stylus-daw says" in studio.reaper.messages[0]
    assert len(tracks(studio)) == 2
