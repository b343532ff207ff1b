"""A real Ardour when something is wrong: tokens, dead apps, read-only folders. The session is never harmed."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator

import pytest

from tests.daws.ardour.flows import await_stem, outcome, render, tone
from tests.daws.ardour.locked import locked
from tests.daws.ardour.osc_tap import OscTap
from tests.daws.ardour.rig import Ardour, Display, StylusApp, until
from tests.daws.ardour.session_files import Region, make_session

pytestmark = pytest.mark.ardour

RATE = 48_000
KEYS_AT = 123_457
KEYS = 1


@pytest.fixture(scope="module")
def ardour(tmp_path_factory: pytest.TempPathFactory, display: Display, app: StylusApp) -> Iterator[Ardour]:
    folder = tmp_path_factory.mktemp("ardour")
    session = make_session(folder / "song", RATE)
    session.put("Keys", tone(5, 440, 554), KEYS_AT, "chords")
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


def saved(ardour: Ardour) -> tuple[list[str], list[Region]]:
    """Tracks and regions of the session."""
    ardour.save()
    return ardour.session.tracks(), ardour.session.regions()


def pending(app: StylusApp) -> list[str]:
    return [path.name for path in (app.home / "daws" / "ardour").glob("session-*.jobs")]


def test_a_wrong_token_takes_the_job_back_and_the_user_is_told(ardour: Ardour, app: StylusApp) -> None:
    before = saved(ardour)
    with OscTap(app.home, token="0" * 32) as tap:
        ardour.select_range(160_000, 4_801, strip=KEYS)
        job = render(ardour, app)
        ardour.dismiss()
        refusals = [m.params[0] for m in tap.answered if m.address == "/stylus/error"]
        assert "/stylus/job/queued" not in {m.address for m in tap.answered}
    assert set(refusals) == {"bridge.token"}
    told = app.messages.splitlines()[-1]
    assert "stylus-daw refused the job for Keys. The session is unchanged." in told
    assert (job / "refused").read_text("utf-8") in told
    until(lambda: outcome(job) == "cancelled", "the app to drop the job", 20)
    assert not pending(app)
    assert not (job / "stem.wav").exists()
    assert saved(ardour) == before


def test_after_a_wrong_token_the_right_one_works_at_once(ardour: Ardour, app: StylusApp) -> None:
    before = saved(ardour)[1]
    ardour.select_range(160_000, 4_801, strip=KEYS)
    await_stem(app, render(ardour, app))
    (stem,) = [region for region in saved(ardour)[1] if region not in before]
    assert stem.place == (160_000, 4_801)


def test_the_bridge_json_of_a_dead_app_is_told_and_the_next_run_delivers(ardour: Ardour, app: StylusApp) -> None:
    before = saved(ardour)
    app.kill()
    path = app.home / "bridge.json"
    stale = json.loads(path.read_text("utf-8")) | {"pid": os.getpid()}  # its number is another process's by now
    path.write_text(json.dumps(stale), "utf-8")
    ardour.select_range(170_000, 4_803, strip=KEYS)
    job = render(ardour, app)
    ardour.dismiss()
    assert "stylus-daw does not answer. The job for Keys waits." in app.messages.splitlines()[-1]
    assert saved(ardour) == before
    app.start()
    await_stem(app, job)
    (stem,) = [region for region in saved(ardour)[1] if region not in before[1]]
    assert stem.place == (170_000, 4_803)


def test_a_read_only_jobs_folder_is_told_and_nothing_is_left(ardour: Ardour, app: StylusApp) -> None:
    before, known = saved(ardour), app.jobs()
    ardour.select_range(150_000, 10_000, strip=KEYS)
    with locked(app.home / "jobs"):
        ardour.stylus("stylus_render.lua")
        ardour.dismiss()
    told = app.messages.splitlines()[-1]
    assert "The audio cannot be written. Is the folder read-only?" in told
    assert str((app.home / "jobs").resolve()) in told
    assert saved(ardour) == before
    assert app.jobs() == known
    assert not pending(app)


def test_a_read_only_folder_of_the_scripts_is_told_and_no_half_job_is_left(ardour: Ardour, app: StylusApp) -> None:
    before, known = saved(ardour), app.jobs()
    ardour.select_range(150_000, 10_000, strip=KEYS)
    until(lambda: (app.home / "daws" / "ardour" / "heartbeat").exists(), "the hook")
    with locked(app.home / "daws" / "ardour"):
        ardour.stylus("stylus_render.lua")
        ardour.dismiss()
    assert saved(ardour) == before
    assert app.jobs() == known


def test_a_session_whose_audio_folder_is_read_only_is_told_where_the_stem_lies(ardour: Ardour, app: StylusApp) -> None:
    before = saved(ardour)
    ardour.select_range(150_000, 10_000, strip=KEYS)
    with locked(ardour.session.folder / "interchange" / "song" / "audiofiles"):
        job = render(ardour, app)
        ardour.dismiss()
    assert re.search(f"Ardour did not import the stem. It is here: .*{job.name}", app.messages.splitlines()[-1])
    assert (job / "stem.wav").exists()
    assert saved(ardour) == before


def test_while_ardour_records_the_stem_waits(ardour: Ardour, app: StylusApp) -> None:
    ardour.select_range(180_000, 4_805, strip=KEYS)
    before = saved(ardour)[1]
    ardour.lua("local t = Session:route_by_name ('Bass') t:rec_enable_control ():set_value (1, 0)")
    ardour.action("Transport/Record")
    ardour.action("Transport/ToggleRoll")
    until(lambda: ardour.lua("return Session:actively_recording ()") == "true", "Ardour to record", 20)
    job = render(ardour, app)
    until(lambda: (job / "stem.wav").exists(), "the stem", 120)
    until(lambda: outcome(job) == "done", "the app to say so", 20)
    assert ardour.lua("return Session:actively_recording ()") == "true"
    assert f"inserted {job.name}" not in app.messages
    ardour.action("Transport/ToggleRoll")
    await_stem(app, job)
    found = [region for region in saved(ardour)[1] if region not in before]
    assert (180_000, 4_805) in [region.place for region in found]
    assert [region for region in found if region.track == "Bass"], "the take is kept"
