"""Presets chosen, progress shown, jobs cancelled and followed in REAPER."""

from __future__ import annotations

import json

from tests.daws.reaper.reaper_lab import CANCEL, CHOOSE, RENDER
from tests.daws.reaper.song import job_json, picture, rendered, session, tracks, undo_titles


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
