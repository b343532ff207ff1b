"""A real Ardour: our action on a range, the real app renders, the stem stands in the saved session."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import numpy as np
import pytest
import soundfile

from stylus_bridge.daws.ardour.ui_scripts import is_on, switch_off
from stylus_daw.errors import BridgeError
from tests.daws.ardour.flows import await_stem, newest_job, outcome, render, tone
from tests.daws.ardour.osc_tap import OscTap
from tests.daws.ardour.rig import Ardour, Display, StylusApp, until
from tests.daws.ardour.session_files import Region, Session, make_session

pytestmark = pytest.mark.ardour

RATE = 48_000
KEYS_AT, BASS_AT = 123_457, 200_003
KEYS, BASS = 1, 2


@pytest.fixture(scope="module")
def ardour(tmp_path_factory: pytest.TempPathFactory, display: Display, app: StylusApp) -> Iterator[Ardour]:
    folder = tmp_path_factory.mktemp("ardour")
    session = make_session(folder / "song", RATE)
    session.put("Keys", tone(5, 440, 554), KEYS_AT, "chords")
    session.put("Bass", tone(3, 110), BASS_AT, "bass line")
    ardour = Ardour(folder, session, app.home, display)
    yield ardour
    ardour.close()


@pytest.fixture(autouse=True)
def calm(ardour: Ardour, app: StylusApp) -> Iterator[None]:
    """Nothing is open before a test, and the app runs."""
    app.ensure()
    yield
    while ardour.dialog():
        ardour.dismiss("Escape")


def originals(session: Session) -> list[Region]:
    return session.regions("Keys") + session.regions("Bass")


def test_a_range_comes_back_on_the_exact_sample_below_its_track(ardour: Ardour, app: StylusApp) -> None:
    ardour.save()
    before = originals(ardour.session)
    ardour.select_range(150_000, 48_001, strip=KEYS)
    job = render(ardour, app)
    await_stem(app, job)
    ardour.save()

    tracks = ardour.session.tracks()
    (stem,) = [r for r in ardour.session.regions() if r not in before]
    assert stem.place == (150_000, 48_001)
    assert stem.offset == 0
    assert not stem.fades
    assert tracks.index(stem.track) == tracks.index("Keys") + 1
    assert originals(ardour.session) == before
    delivered, rate = soundfile.read(job / "stem.wav", dtype="float32", always_2d=True)
    assert rate == RATE
    assert len(stem.sources) == delivered.shape[1] == 2
    for channel, path in enumerate(stem.sources):
        kept, kept_rate = soundfile.read(path, dtype="float32")
        assert kept_rate == RATE
        assert np.array_equal(kept, delivered[:, channel])


def test_the_app_hears_exactly_what_stands_on_the_track(ardour: Ardour, app: StylusApp) -> None:
    ardour.select_range(KEYS_AT - 1_000, 20_000, strip=KEYS)
    job = render(ardour, app)
    asked = json.loads((job / "job.json").read_text("utf-8"))
    before, after = asked["handles"]["before"], asked["handles"]["after"]
    heard, rate = soundfile.read(job / "input.wav", dtype="float32")
    assert rate == asked["region"]["rate"] == RATE
    assert len(heard) == before + 20_000 + after
    silent = before + 1_000
    assert not heard[:silent].any()
    assert np.array_equal(heard[silent:], tone(5, 440, 554)[: len(heard) - silent])
    assert (asked["tempo"], asked["time_signature"], asked["track"]) == (120.0, "4/4", "Keys")
    await_stem(app, job)


def test_one_undo_takes_the_stem_away_and_nothing_else(ardour: Ardour, app: StylusApp) -> None:
    ardour.save()
    before = ardour.session.regions()
    ardour.select_range(300_000, 12_345, strip=KEYS)
    await_stem(app, render(ardour, app))
    ardour.save()
    assert len(ardour.session.regions()) == len(before) + 1
    ardour.undo()
    ardour.save()
    assert ardour.session.regions() == before


def test_selected_regions_are_one_job_each_and_a_mono_track_gets_a_mono_stem(ardour: Ardour, app: StylusApp) -> None:
    ardour.save()
    before = ardour.session.regions()
    known = app.jobs()
    ardour.lua("Editor:get_selection ():clear_all ()")
    ardour.select_region("bass line")
    ardour.stylus("stylus_render.lua")
    job = newest_job(app, known)
    await_stem(app, job)
    ardour.save()
    (stem,) = [r for r in ardour.session.regions() if r not in before]
    assert stem.place == (BASS_AT, 3 * RATE)
    assert len(stem.sources) == 1
    assert len(app.jobs() - known) == 1


def test_ardours_own_osc_is_understood_by_the_server(ardour: Ardour, app: StylusApp) -> None:
    with OscTap(app.home) as tap:
        ardour.select_range(160_000, 9_600, strip=KEYS)
        job = render(ardour, app)
        await_stem(app, job)
        assert [m.address for m in tap.asked] == ["/stylus/hello", "/stylus/job/submit", "/stylus/job/inserted"]
        assert {m.address for m in tap.answered} >= {"/stylus/welcome", "/stylus/job/queued", "/stylus/job/done"}
        assert "/stylus/error" not in {m.address for m in tap.answered}


def test_without_the_app_the_user_is_told_and_nothing_is_left(ardour: Ardour, app: StylusApp) -> None:
    app.stop()
    ardour.save()
    before, jobs = ardour.session.regions(), app.jobs()
    ardour.select_range(150_000, 10_000, strip=KEYS)
    ardour.stylus("stylus_render.lua")
    ardour.dismiss()
    assert "stylus-daw is not running. Start it" in app.messages.splitlines()[-1]
    ardour.save()
    assert ardour.session.regions() == before
    assert app.jobs() == jobs


def test_a_cancelled_job_leaves_the_session_and_says_so(ardour: Ardour, app: StylusApp) -> None:
    ardour.save()
    before, tracks = ardour.session.regions(), ardour.session.tracks()
    ardour.select_range(KEYS_AT, 5 * RATE, strip=KEYS)
    job = render(ardour, app)
    ardour.stylus("stylus_cancel.lua")
    ardour.dismiss()
    assert "Cancelled: Keys. The session is unchanged." in app.messages.splitlines()[-1]
    assert outcome(job) == "cancelled"
    ardour.save()
    assert ardour.session.regions() == before
    assert ardour.session.tracks() == tracks


def test_an_app_that_dies_half_way_is_told_of_and_its_next_run_delivers(ardour: Ardour, app: StylusApp) -> None:
    ardour.save()
    before = ardour.session.regions()
    ardour.select_range(KEYS_AT, 5 * RATE, strip=KEYS)
    job = render(ardour, app)
    until(lambda: (job / "state.json").exists(), "the job to be taken up")
    app.kill()
    ardour.dismiss()
    assert "stylus-daw was closed. The job for Keys goes on when it is started again." in app.messages
    ardour.save()
    assert ardour.session.regions() == before
    app.start()
    await_stem(app, job)
    ardour.save()
    (stem,) = [r for r in ardour.session.regions() if r not in before]
    assert stem.place == (KEYS_AT, 5 * RATE)


def test_a_refused_job_shows_the_apps_own_words(ardour: Ardour, app: StylusApp) -> None:
    ardour.save()
    before, tracks = ardour.session.regions(), ardour.session.tracks()
    presets = app.home / "presets.json"
    kept = presets.read_text("utf-8")
    presets.write_text(re.sub(r'"id": "[^"]+"', '"id": "no-such-preset"', kept), "utf-8")
    try:
        ardour.select_range(150_000, 10_000, strip=KEYS)
        job = render(ardour, app)
        ardour.dismiss()
    finally:
        presets.write_text(kept, "utf-8")
    why = json.loads((job / "state.json").read_text("utf-8"))["error"]["message"]
    assert "no-such-preset" in why
    assert why.replace("\n", " ") in app.messages
    ardour.save()
    assert ardour.session.regions() == before
    assert ardour.session.tracks() == tracks


def test_the_installer_waits_for_ardour_to_be_closed(ardour: Ardour) -> None:
    with pytest.raises(BridgeError, match="Ardour is running"):
        switch_off(ardour.config)
    assert is_on(ardour.config)


def test_nothing_selected_is_said(ardour: Ardour, app: StylusApp) -> None:
    ardour.lua("Editor:get_selection ():clear_all ()")
    ardour.stylus("stylus_render.lua")
    ardour.dismiss()
    assert "Nothing is selected." in app.messages.splitlines()[-1]


def test_a_track_that_was_deleted_meanwhile_still_gets_its_stem(ardour: Ardour, app: StylusApp) -> None:
    ardour.select_range(BASS_AT, RATE, strip=ardour.strip_of("Bass"))
    job = render(ardour, app)
    (pending,) = (app.home / "daws" / "ardour").glob("session-*.jobs")
    fields = pending.read_text("utf-8").split("\t")
    pending.write_text("\t".join([*fields[:2], "4711", *fields[3:]]), "utf-8")  # 7.3 cannot delete tracks by script
    await_stem(app, job)
    ardour.save()
    (stem,) = [r for r in ardour.session.regions() if r.place == (BASS_AT, RATE)]
    assert stem.track == ardour.session.tracks()[-1]


def test_the_preset_that_the_user_chooses_is_used_and_remembered(ardour: Ardour, app: StylusApp) -> None:
    presets = json.loads((app.home / "presets.json").read_text("utf-8"))["presets"]
    (app.home / "daws" / "ardour" / "last-preset").write_text(presets[2]["id"])
    ardour.select_range(150_000, 9_600, strip=KEYS)
    known = app.jobs()
    ardour.stylus("stylus_choose.lua")
    ardour.dismiss("alt+o")  # OK: what the window offers is the preset that was used last
    job = newest_job(app, known)
    asked = json.loads((job / "job.json").read_text("utf-8"))
    assert asked["preset"] == presets[2]["id"]
    assert "override" not in asked
    await_stem(app, job)
    ardour.save()
    assert f"Keys - {presets[2]['name']}" in [region.name for region in ardour.session.regions()]


def test_progress_is_shown_on_request(ardour: Ardour, app: StylusApp) -> None:
    ardour.stylus("stylus_jobs.lua")
    ardour.dismiss()
    assert "No jobs of this session are waiting or running." in app.messages.splitlines()[-1]


def test_a_job_can_be_withdrawn_while_the_app_is_away(ardour: Ardour, app: StylusApp) -> None:
    ardour.save()
    before = ardour.session.regions()
    ardour.select_range(KEYS_AT, 5 * RATE, strip=KEYS)
    job = render(ardour, app)
    app.kill()
    ardour.dismiss()
    ardour.stylus("stylus_cancel.lua")
    ardour.dismiss()
    assert "Cancelled. The session is unchanged." in app.messages.splitlines()[-1]
    app.start()
    until(lambda: outcome(job) == "cancelled", "the app to read the mark")
    ardour.save()
    assert ardour.session.regions() == before


def test_a_job_that_was_cancelled_in_the_app_is_told(ardour: Ardour, app: StylusApp) -> None:
    ardour.select_range(KEYS_AT, 5 * RATE, strip=KEYS)
    job = render(ardour, app)
    (job / "cancel").touch()
    ardour.dismiss()
    assert "Cancelled: Keys. The session is unchanged." in app.messages.splitlines()[-1]
