"""The way of a region from REAPER to the app and back: real Lua, real job folders, the real queue."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from stylus_daw.audio.files import probe
from tests.daws.reaper.reaper_lab import RENDER, Studio, lua_text
from tests.daws.reaper.song import job_json, picture, rendered, samples, session, tracks, undo_titles
from tests.support.needs import need


def test_the_stem_lands_on_the_exact_sample_below_its_source(studio):
    file = studio.audio("gtr.wav")
    session(studio, file, position=2.5)
    rendered(studio)
    names = [track["name"] for track in tracks(studio)]
    assert names == ["Gtr", "Gtr - Warm Strings", "Bass"]
    [item] = tracks(studio)[1]["items"]
    assert item["values"]["D_POSITION"] == 2.5
    assert item["values"]["D_LENGTH"] == 1.0
    assert item["values"]["B_LOOPSRC"] == 0
    [take] = item["takes"]
    assert np.array_equal(samples(Path(take["path"])), -samples(file))
    assert probe(Path(take["path"])).time_reference == 120_000
    assert studio.reaper.messages == []


def test_it_is_one_undo_step_and_undo_takes_it_back(studio):
    session(studio, studio.audio("gtr.wav"))
    before = tracks(studio)
    rendered(studio)
    assert undo_titles(studio) == ["Stylus: Gtr - Warm Strings"]
    studio.reaper.do("return reaper.Undo_DoUndo2(song)")
    assert tracks(studio) == before


def test_the_original_is_untouched_and_the_stem_lives_with_the_project(studio):
    file = studio.audio("gtr.wav")
    content = file.read_bytes()
    session(studio, file)
    before = tracks(studio)[0]
    rendered(studio)
    assert tracks(studio)[0] == before
    assert file.read_bytes() == content
    [take] = tracks(studio)[1]["items"][0]["takes"]
    assert Path(take["path"]).parent == studio.media
    assert take["peaks"]


def test_the_take_says_what_made_it(studio):
    session(studio, studio.audio("gtr.wav"))
    rendered(studio)
    [take] = tracks(studio)[1]["items"][0]["takes"]
    made = json.loads(take["ext"])
    [folder] = studio.job_folders()
    assert made["job"] == folder.name
    assert made["preset"] == "Warm Strings"
    assert (made["start"], made["length"], made["rate"]) == (96_000, 48_000, 48_000)


def test_the_job_says_where_it_comes_from(studio):
    more = "song.tempo = {7, 8, 133.25}"
    session(studio, studio.audio("gtr.wav"), more=more)
    rendered(studio)
    job = job_json(studio)
    assert (job["client"], job["project"], job["track"]) == ("reaper", "My Song", "Gtr")
    assert (job["tempo"], job["time_signature"]) == (133.25, "7/8")
    assert job["region"] == {"start": 96_000, "length": 48_000, "rate": 48_000, "session_start": 0}


def test_the_tempo_is_that_of_the_regions_beginning(studio):
    more = "song.tempo_changes = { {1.5, 3, 4, 90}, {2.5, 4, 4, 180} }"
    session(studio, studio.audio("gtr.wav"), more=more)
    rendered(studio)
    assert (job_json(studio)["tempo"], job_json(studio)["time_signature"]) == (90, "3/4")


def test_names_in_other_scripts_and_long_paths_survive(tmp_path, studio):
    file = studio.audio("Musik ✦ 'ö'/" + "lang " * 30 + "/gitarre — ü.wav")
    session(studio, file, more=f"gtr.name = {lua_text('Gitärre / „✦“')}")
    rendered(studio)
    assert studio.reaper.messages == []
    assert job_json(studio)["track"] == "Gitärre / „✦“"
    [take] = tracks(studio)[1]["items"][0]["takes"]
    assert take["name"] == "Gitärre / „✦“ - Warm Strings"
    assert Path(take["path"]).parent == studio.media


def test_a_media_folder_that_cannot_be_written_leaves_the_stem_with_the_app(studio):
    session(studio, studio.audio("gtr.wav"))
    shutil.rmtree(studio.media)
    rendered(studio)
    [take] = tracks(studio)[1]["items"][0]["takes"]
    assert Path(take["path"]).parent == studio.job_folders()[0]


def test_as_a_new_take_the_stem_joins_the_item(studio):
    session(studio, studio.audio("gtr.wav"), more='world.ext["stylus/new_take"] = "1"')
    rendered(studio)
    [item] = tracks(studio)[0]["items"]
    assert [take["is_active"] for take in item["takes"]] == [False, True]
    assert [track["name"] for track in tracks(studio)] == ["Gtr", "Bass"]
    assert len(undo_titles(studio)) == 1


def test_an_item_that_was_moved_meanwhile_gets_no_take(studio):
    studio.engine.gate.clear()
    session(studio, studio.audio("gtr.wav"), more='world.ext["stylus/new_take"] = "1"')
    with studio.app():
        studio.reaper.click(RENDER)
        studio.reaper.pump(4)
        studio.reaper.do("item.values.D_POSITION = 7")
        studio.engine.gate.set()
        studio.reaper.finish()
    assert len(tracks(studio)[0]["items"][0]["takes"]) == 1
    assert tracks(studio)[1]["items"][0]["values"]["D_POSITION"] == 2
    assert "changed in the meantime" in studio.reaper.do("return world.console")


def test_after_the_effects_the_render_settings_are_put_back(studio):
    file = studio.audio("gtr.wav", seconds=0.5)
    session(studio, file, length=0.5, more='world.ext["stylus/post_fx"] = "1"; bass.selected = true')
    before, _ = picture(studio)
    with studio.app():
        studio.reaper.click(RENDER)
        after, _ = picture(studio)
        assert after == before
        assert studio.reaper.do("return bass.selected and not gtr.selected")
        studio.reaper.finish()
    [item] = tracks(studio)[1]["items"]
    assert item["values"]["D_POSITION"] == 2
    assert np.allclose(samples(Path(item["takes"][0]["path"])), -0.5 * samples(file), atol=1e-7)


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ("render_fails = true", "the render broke"),
        ("render_stops = true", "wrote no file"),
        ('render_target = "/users/own.flac"', "would render to"),
        ("render_lacks = 25000", "too short"),
    ],
)
def test_a_render_that_fails_puts_the_settings_back_too(studio, trouble, said):
    session(studio, studio.audio("gtr.wav"), more=f'world.ext["stylus/post_fx"] = "1"; world.{trouble}')
    before = picture(studio)
    rendered(studio)
    [message] = studio.reaper.messages
    assert said in message
    assert picture(studio) == before
    assert studio.job_folders() == []


def test_a_project_in_another_tab_gets_its_stem(studio):
    studio.engine.gate.clear()
    session(studio, studio.audio("gtr.wav"))
    with studio.app():
        studio.reaper.click(RENDER)
        studio.reaper.pump(2)
        studio.reaper.do('other = stub.project("Other"); other.numbers.PROJECT_SRATE = 44100; world.active = other')
        studio.engine.gate.set()
        studio.reaper.finish()
    assert tracks(studio)[1]["items"][0]["values"]["D_POSITION"] == 2
    assert studio.reaper.do("return #other.tracks + #other.undo") == 0
    assert studio.reaper.do("return world.active.name") == "Other"


def test_older_reapers_insert_into_another_tab_too(studio):
    studio.engine.gate.clear()
    more = "world.absent.InsertTrackInProject = true; world.absent.set_action_options = true"
    session(studio, studio.audio("gtr.wav"), more=more)
    with studio.app():
        studio.reaper.click(RENDER)
        studio.reaper.pump(2)
        studio.reaper.do('other = stub.project("Other"); world.active = other')
        studio.engine.gate.set()
        studio.reaper.finish()
    assert len(tracks(studio)) == 3
    assert studio.reaper.do("return world.active.name") == "Other"


def test_reaper_6_with_its_lua_5_3_does_the_same(tmp_path):
    need("lua5.3")
    old = Studio(tmp_path, lua="lua5.3")
    session(old, old.audio("gtr.wav"), more="world.absent.InsertTrackInProject = true")
    rendered(old)
    assert tracks(old)[1]["items"][0]["values"]["D_POSITION"] == 2
    old.reaper.close()


@pytest.mark.parametrize("name", ["with spaces", "Zoë ✦ 日本", 'quo"te', "x" * 100 + "/" + "y" * 100])
def test_the_state_folder_may_bear_any_name(tmp_path, studio, name):
    home = tmp_path / name / "state"
    studio.reaper.close()
    other = Studio(tmp_path / "other", home=home)
    session(other, other.audio("gtr.wav"))
    rendered(other)
    assert other.reaper.messages == []
    assert len(tracks(other)) == 3
    other.reaper.close()


def test_a_state_folder_behind_a_link_works_too(tmp_path, studio):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    other = Studio(tmp_path / "other", home=tmp_path / "link" / "state")
    session(other, other.audio("gtr.wav"))
    rendered(other)
    assert len(tracks(other)) == 3
    other.reaper.close()
