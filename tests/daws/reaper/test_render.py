"""The way of a region from REAPER to the app and back: real Lua, real job folders, the real queue."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from stylus_daw.audio.files import probe
from tests.daws.reaper.reaper_lab import CANCEL, CHOOSE, RENDER, LuaFault, Studio, lua_text, silence_is_an_error
from tests.support.needs import need


def session(studio: Studio, file: Path, *, position: float = 2.0, length: float = 1.0, more: str = "") -> None:
    """A project with one selected item on the track Gtr."""
    studio.reaper.do(
        f"""
        song = stub.project("My Song")
        gtr = stub.track(song, "Gtr")
        bass = stub.track(song, "Bass")
        item = stub.item(gtr, {lua_text(str(file))}, {position}, {length})
        item.selected = true
        {more}
        """
    )


def tracks(studio: Studio) -> list[dict[str, Any]]:
    return studio.reaper.do(
        """
        local found = {}
        for _, track in ipairs(song.tracks) do
          local items = {}
          for _, item in ipairs(track.items) do
            local takes = {}
            for _, take in ipairs(item.takes) do
              takes[#takes + 1] = { name = take.name, path = take.source.path, ext = take.ext.stylus or "",
                volume = take.values.D_VOL, pan = take.values.D_PAN,
                is_active = take == item.active, peaks = take.source.has_peaks or false }
            end
            items[#items + 1] = { values = item.values, takes = takes }
          end
          found[#found + 1] = { name = track.name, channels = track.values.I_NCHAN, items = items }
        end
        return found
        """
    )


def undo_titles(studio: Studio) -> list[str]:
    return studio.reaper.do("local t = {} for _, u in ipairs(song.undo) do t[#t + 1] = u.title end return t")


def picture(studio: Studio) -> Any:
    """Everything in the session that a script could have changed."""
    return studio.reaper.do("return { song.numbers, song.texts, #song.undo, song.tracks[1].selected }"), tracks(studio)


def job_json(studio: Studio) -> dict[str, Any]:
    [folder] = studio.job_folders()
    return json.loads((folder / "job.json").read_text("utf-8"))


def rendered(studio: Studio) -> None:
    with studio.app():
        studio.reaper.click(RENDER)
        studio.reaper.finish()


def samples(path: Path) -> np.ndarray:
    return soundfile.read(path, dtype="float32", always_2d=True)[0]


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


def test_a_time_selection_takes_the_selected_tracks_with_handles(studio):
    file = studio.audio("long.wav", seconds=4)
    more = "item.selected = false; gtr.selected = true; bass.selected = true; song.loop = {3, 3.5}"
    session(studio, file, position=1, length=4, more=more + f"; stub.item(bass, {lua_text(str(file))}, 0, 4)")
    rendered(studio)
    assert [track["name"] for track in tracks(studio)] == [
        "Gtr",
        "Gtr - Warm Strings",
        "Bass",
        "Bass - Warm Strings",
    ]
    [item] = tracks(studio)[1]["items"]
    assert (item["values"]["D_POSITION"], item["values"]["D_LENGTH"]) == (3, 0.5)
    assert np.array_equal(samples(Path(item["takes"][0]["path"])), -samples(file)[96_000:120_000])
    assert len(undo_titles(studio)) == 2
    jobs = [json.loads((folder / "job.json").read_text()) for folder in studio.job_folders()]
    assert [job["handles"] for job in jobs] == [{"before": 24_000, "after": 24_000}] * 2


def test_each_razor_edit_is_a_job_and_envelopes_are_not(studio):
    file = studio.audio("long.wav", seconds=4)
    razor = '1.0 1.25 "" 1.5 2.0 "{ENV}" 2.0 2.5 ""'
    session(studio, file, position=0, length=4, more=f"gtr.razor = {lua_text(razor)}")
    rendered(studio)
    starts = sorted(json.loads((f / "job.json").read_text())["region"]["start"] for f in studio.job_folders())
    assert starts == [48_000, 96_000]


def test_several_items_become_one_job_each(studio):
    file = studio.audio("gtr.wav")
    more = f"for i = 1, 3 do stub.item(bass, {lua_text(str(file))}, 4 * i, 1).selected = true end"
    session(studio, file, more=more)
    rendered(studio)
    assert len(studio.job_folders()) == 4
    assert len(undo_titles(studio)) == 4
    stems = [item for track in tracks(studio) if "Warm" in track["name"] for item in track["items"]]
    assert sorted(item["values"]["D_POSITION"] for item in stems) == [2, 4, 8, 12]


def test_an_item_is_cut_to_the_time_selection(studio):
    file = studio.audio("long.wav", seconds=4)
    session(studio, file, position=1, length=4, more="song.loop = {2, 2.5}")
    rendered(studio)
    [item] = tracks(studio)[1]["items"]
    assert (item["values"]["D_POSITION"], item["values"]["D_LENGTH"]) == (2, 0.5)
    assert np.array_equal(samples(Path(item["takes"][0]["path"])), -samples(file)[48_000:72_000])


@pytest.mark.parametrize("channels", [1, 2, 6])
def test_mono_stereo_and_surround_keep_their_channels(studio, channels):
    file = studio.audio("many.wav", channels=channels, seconds=0.25)
    session(studio, file, length=0.25)
    rendered(studio)
    [item] = tracks(studio)[1]["items"]
    assert probe(Path(item["takes"][0]["path"])).channels == channels
    assert tracks(studio)[1]["channels"] == max(2, channels)


def test_a_take_that_plays_one_channel_comes_back_mono(studio):
    file = studio.audio("stereo.wav", seconds=0.25)
    session(studio, file, length=0.25, more="item.active.values.I_CHANMODE = 4")
    rendered(studio)
    [item] = tracks(studio)[1]["items"]
    stem = samples(Path(item["takes"][0]["path"]))
    # REAPER puts the one channel first; the right one was chosen here.
    assert stem.shape == (12_000, 1)
    assert np.array_equal(stem[:, 0], -samples(file)[:, 1])


def test_a_mono_track_comes_back_mono_unless_it_is_panned(studio):
    file = studio.audio("mono.wav", channels=1, seconds=0.25)
    more = "item.selected = false; gtr.selected = true; song.loop = {2, 2.25}"
    session(studio, file, length=0.25, more=more)
    rendered(studio)
    studio.reaper.do("item.active.values.D_PAN = -0.5")
    rendered(studio)
    shapes = {samples(Path(track["items"][0]["takes"][0]["path"])).shape for track in tracks(studio)[1:3]}
    assert shapes == {(12_000, 1), (12_000, 2)}


def test_the_stem_of_an_item_gets_its_level_and_that_of_a_track_holds_it(studio):
    file = studio.audio("gtr.wav", seconds=0.25)
    louder = "item.values.D_VOL = 0.5; item.active.values.D_VOL = 0.25; item.active.values.D_PAN = 0.25"
    session(studio, file, length=0.25, more=louder)
    rendered(studio)
    [item] = tracks(studio)[1]["items"]
    assert item["values"]["D_VOL"] == 0.5
    assert (item["takes"][0]["volume"], item["takes"][0]["pan"]) == (0.25, 0.25)
    assert np.array_equal(samples(Path(item["takes"][0]["path"])), -samples(file))
    studio.reaper.do("item.selected = false; gtr.selected = true; song.loop = {2, 2.25}")
    rendered(studio)
    [item] = tracks(studio)[1]["items"]
    assert (item["values"]["D_VOL"], item["takes"][0]["volume"]) == (1, 1)
    assert np.allclose(samples(Path(item["takes"][0]["path"])), -0.125 * samples(file) * [0.75, 1], atol=1e-7)


def test_a_44_1_khz_file_in_a_48_khz_session_comes_back_at_48_khz(studio):
    session(studio, studio.audio("old.wav", rate=44_100))
    rendered(studio)
    [item] = tracks(studio)[1]["items"]
    info = probe(Path(item["takes"][0]["path"]))
    assert (info.rate, info.frames) == (48_000, 48_000)
    assert item["values"]["D_LENGTH"] == 1.0


def test_a_96_khz_session_counts_in_its_own_samples(studio):
    more = "song.numbers.PROJECT_SRATE = 96000"
    session(studio, studio.audio("hi.wav", rate=96_000, seconds=0.5), length=0.5, more=more)
    rendered(studio)
    assert job_json(studio)["region"] == {"start": 192_000, "length": 48_000, "rate": 96_000, "session_start": 0}


def test_without_a_project_rate_the_devices_counts(studio):
    more = 'song.numbers.PROJECT_SRATE_USE = 0; world.device_rate = "44100"'
    session(studio, studio.audio("cd.wav", rate=44_100), more=more)
    rendered(studio)
    assert job_json(studio)["region"]["rate"] == 44_100


@pytest.mark.parametrize("shows_offset", ["true", "false"])
def test_a_session_that_starts_at_one_hour_keeps_its_timestamp(studio, shows_offset):
    session(studio, studio.audio("gtr.wav"), more=f"song.offset = 3600; world.shows_offset = {shows_offset}")
    rendered(studio)
    region = job_json(studio)["region"]
    assert (region["start"], region["session_start"]) == (96_000, 172_800_000)
    [item] = tracks(studio)[1]["items"]
    assert item["values"]["D_POSITION"] == 2
    assert probe(Path(item["takes"][0]["path"])).time_reference == 172_896_000


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


def test_the_preset_is_chosen_from_the_apps_own_list(studio):
    session(studio, studio.audio("gtr.wav"), more='world.menu = {"Tape Tines"}')
    with studio.app():
        studio.reaper.click(CHOOSE)
        studio.reaper.finish()
    assert job_json(studio)["preset"] == "tape-tines"
    assert tracks(studio)[1]["name"].startswith("Gtr - Tape Tines")
    assert studio.reaper.do('return world.ext["stylus/preset"]') == "tape-tines"


def test_strength_and_options_are_chosen_in_the_menu(studio):
    clicks = 'world.menu = {"75 %", "Stem as a new take (whole items)", "Warm Strings"}'
    session(studio, studio.audio("gtr.wav"), more=clicks)
    with studio.app():
        studio.reaper.click(CHOOSE)
        studio.reaper.finish()
    job = job_json(studio)
    assert (job["override"], job["insert"]) == ({"strength": 0.75}, "new-take")
    assert tracks(studio)[0]["items"][0]["takes"][1]["name"] == "Gtr - Warm Strings 75%"
    assert "!75 %" in studio.reaper.do("return world.menus[2]")


def test_without_a_last_preset_the_menu_asks(studio):
    session(studio, studio.audio("gtr.wav"), more='world.ext["stylus/preset"] = nil; world.menu = {"Glass Vibes"}')
    rendered(studio)
    assert job_json(studio)["preset"] == "glass-vibes"


def test_leaving_the_menu_does_nothing(studio):
    session(studio, studio.audio("gtr.wav"))
    before = picture(studio)
    with studio.app():
        studio.reaper.click(CHOOSE)
        studio.reaper.finish()
    assert picture(studio) == before
    assert studio.job_folders() == []
    assert studio.reaper.messages == []


def test_nothing_selected_is_told(studio):
    session(studio, studio.audio("gtr.wav"), more="item.selected = false")
    rendered(studio)
    assert "Nothing is selected" in studio.reaper.messages[0]


def test_the_other_actions_join_the_action_list_once(studio):
    session(studio, studio.audio("gtr.wav"))
    rendered(studio)
    count = studio.reaper.do("local n = 0 for _ in pairs(world.registered) do n = n + 1 end return n")
    assert count == 3


def test_progress_is_shown_in_reaper(studio):
    studio.engine.gate.clear()
    session(studio, studio.audio("gtr.wav"))
    with studio.app():
        studio.reaper.click(RENDER)
        shown = "local t = world.window.texts return t[#t] or ''"
        studio.reaper.pump_until(lambda: "34 %" in studio.reaper.do(shown))
        assert studio.reaper.do(shown) == "Gtr - Warm Strings: styling, 34 %"
        studio.engine.gate.set()
        studio.reaper.finish()
    assert studio.reaper.do("return world.window.is_open") is False


def test_closing_the_progress_window_stops_nothing(studio):
    studio.engine.gate.clear()
    session(studio, studio.audio("gtr.wav"))
    with studio.app():
        studio.reaper.click(RENDER)
        studio.reaper.pump(3)
        studio.reaper.do("world.closes_window = true")
        studio.reaper.pump(3)
        studio.engine.gate.set()
        studio.reaper.finish()
    assert len(tracks(studio)) == 3


def test_cancel_ends_the_job_and_leaves_the_session(studio):
    studio.engine.gate.clear()
    session(studio, studio.audio("gtr.wav"))
    before = picture(studio)
    with studio.app():
        studio.reaper.click(RENDER)
        studio.reaper.pump(4)
        studio.reaper.click(CANCEL)
        studio.reaper.pump_until(lambda: (studio.job_folders()[0] / "cancel").exists())
        studio.engine.gate.set()
        studio.reaper.finish()
    assert picture(studio) == before
    state = json.loads((studio.job_folders()[0] / "state.json").read_text())
    assert state["outcome"] == "cancelled"
    assert studio.reaper.messages == []


def test_cancel_without_a_job_says_so(studio):
    session(studio, studio.audio("gtr.wav"))
    studio.reaper.click(CANCEL)
    assert studio.reaper.messages == ["There is nothing to cancel."]


def test_running_the_action_again_follows_both_jobs(studio):
    studio.engine.gate.clear()
    session(studio, studio.audio("gtr.wav"))
    with studio.app():
        studio.reaper.click(RENDER)
        studio.reaper.pump(4)
        studio.reaper.click(RENDER)
        studio.reaper.do('world.menu = {"Glass Vibes"}')
        studio.reaper.click(CHOOSE)
        studio.reaper.pump(4)
        studio.engine.gate.set()
        studio.reaper.finish()
    names = [track["name"] for track in tracks(studio)]
    assert sorted(names) == ["Bass", "Gtr", "Gtr - Glass Vibes", "Gtr - Warm Strings", "Gtr - Warm Strings"]
    assert len(undo_titles(studio)) == 3


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


def test_midi_points_to_the_other_mode(studio):
    more = 'item.selected = false; stub.item(bass, "midi", 1, 1).selected = true'
    session(studio, studio.audio("gtr.wav"), more=more)
    rendered(studio)
    assert "Audio after the effects" in studio.reaper.messages[0]
    assert studio.job_folders() == []


def test_one_bad_item_does_not_stop_the_others(studio):
    more = "stub.item(bass, nil, 5, 1).selected = true"
    session(studio, studio.audio("gtr.wav"), more=more)
    rendered(studio)
    assert studio.reaper.messages == ["Not rendered:\n\nBass: it is empty."]
    assert len(tracks(studio)) == 3


def test_audio_that_reaper_cannot_read_is_told(studio):
    session(studio, studio.audio("gtr.wav"), more="world.accessor_fails = true")
    rendered(studio)
    assert "could not read" in studio.reaper.messages[0]
    assert studio.job_folders() == []


def test_many_regions_are_asked_about_first(studio):
    short = lua_text(str(studio.audio("a.wav", seconds=0.01)))
    more = f"for i = 1, 30 do stub.item(bass, {short}, i, 0.01).selected = true end"
    session(studio, studio.audio("gtr.wav"), more=more)
    rendered(studio)
    assert studio.reaper.messages == ["31 regions are selected. Render them all?"]
    assert studio.job_folders() == []


def test_scripts_that_were_not_installed_say_how(studio):
    source = Path(__file__).parents[3] / "bridge" / "stylus_bridge" / "daws" / "reaper"
    session(studio, studio.audio("gtr.wav"))
    studio.reaper.scripts = source
    studio.reaper.click(RENDER)
    assert "stylus-daw install reaper" in studio.reaper.messages[0]


def test_every_function_that_the_scripts_call_is_known(studio):
    text = "".join(path.read_text("utf-8") for path in studio.reaper.scripts.rglob("*.lua"))
    called = set(re.findall(r"reaper\.([A-Za-z_]\w+)\b", text)) - {"array"}
    assert len(called) > 60
    assert [name for name in sorted(called) if not studio.reaper.do(f"return stub.knows({lua_text(name)})")] == []


def test_the_stub_is_strict(studio):
    session(studio, studio.audio("gtr.wav"))
    for wrong in (
        "reaper.NoSuchFunction()",
        "reaper.GetTrack(0)",
        'reaper.GetTrack(0, "1")',
        "reaper.GetTrackGUID(song)",
        "reaper.PreventUIRefresh(-1)",
        "reaper.Undo_EndBlock2(0, '', -1)",
        "reaper.AddMediaItemToTrack(gtr)",
        "gfx.update()",
        "gfx.nothing()",
        'reaper.GetSetProjectInfo(0, "RENDER_TYPO", 0, false)',
        "reaper.x = 1",
    ):
        with pytest.raises(LuaFault, match=r"REAPER|reaper"):
            studio.reaper.do(wrong)


@pytest.mark.parametrize(
    "rest", ["reaper.Undo_BeginBlock2(0)", "reaper.PreventUIRefresh(1)", "leak = 1", "local x = 1"]
)
def test_a_script_that_leaves_something_open_is_caught(studio, rest, tmp_path):
    session(studio, studio.audio("gtr.wav"))
    script = tmp_path / "bad.lua"
    script.write_text(("" if rest == "local x = 1" else "reaper.defer(function() end) ") + rest)
    studio.reaper.scripts = tmp_path
    with pytest.raises(LuaFault):
        studio.reaper.click("bad.lua")
