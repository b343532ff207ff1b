"""What is selected in REAPER, and which jobs it becomes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from tests.daws.reaper.reaper_lab import lua_text
from tests.daws.reaper.song import rendered, samples, session, tracks, undo_titles


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


def test_nothing_selected_is_told(studio):
    session(studio, studio.audio("gtr.wav"), more="item.selected = false")
    rendered(studio)
    assert "Nothing is selected" in studio.reaper.messages[0]


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
