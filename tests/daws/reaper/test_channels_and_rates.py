"""Channels, levels and rates: the stem comes back as its source was."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stylus_daw.audio.files import probe
from tests.daws.reaper.song import job_json, rendered, samples, session, tracks


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
