"""The same at 44.1 kHz from one hour on, in paths with spaces, umlauts and over 200 letters, closed meanwhile."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.daws.ardour.rig import Ardour, Display, StylusApp, until
from tests.daws.ardour.session_files import Session, make_session

pytestmark = pytest.mark.ardour

RATE = 44_100
HOUR = 3_600 * RATE


def long_folder(root: Path) -> Path:
    """A folder in ``root`` whose path is longer than 200 letters."""
    name = ("länge " * 20).strip()
    folder = root / name / name
    folder.mkdir(parents=True)
    return folder


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    folder = long_folder(tmp_path_factory.mktemp("Für Élise & Söhne")) / "Mein Stück"
    assert len(str(folder)) > 200
    session = make_session(folder, RATE, HOUR)
    n = np.arange(4 * RATE)
    session.put("Bass", (0.3 * np.sin(n / 50))[:, None].astype(np.float32), HOUR + 98_765, "Bäss")
    return session


@pytest.fixture
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StylusApp]:
    """Its home is reached through a link; the path behind it has spaces, a quote, umlauts and over 200 letters."""
    root = tmp_path_factory.mktemp("jösé's home")
    (root / "link").symlink_to(long_folder(root))
    app = StylusApp(root / "link" / "state folder")
    app.start()
    assert len(json.loads((app.home / "bridge.json").read_text("utf-8"))["jobs"]) > 200
    yield app
    app.stop()


def test_a_job_outlives_its_session_and_lands_when_it_is_opened_again(
    tmp_path_factory: pytest.TempPathFactory, session: Session, app: StylusApp, display: Display
) -> None:
    folder = tmp_path_factory.mktemp("ardour")
    ardour = Ardour(folder, session, app.home, display)
    ardour.select_range(HOUR + 100_001, 30_011, strip=2)
    known = app.jobs()
    ardour.stylus("stylus_render.lua")
    job = until(lambda: next(iter(app.jobs() - known), None), "a job folder")
    until(lambda: (job / "job.json").exists(), "job.json")
    ardour.save()
    ardour.close()
    until(lambda: (job / "stem.wav").exists(), "the stem", 120)
    (original,) = session.regions()

    ardour = Ardour(folder, session, app.home, display)
    until(lambda: f"inserted {job.name}" in app.messages, "the stem to be inserted", 60)
    ardour.save()
    ardour.close()
    (stem,) = [region for region in session.regions() if region != original]
    assert stem.place == (HOUR + 100_001, 30_011)
    assert original in session.regions()
    (source,) = stem.sources
    assert soundfile.info(source).samplerate == RATE
    assert soundfile.info(source).frames == 30_011
    assert np.array_equal(soundfile.read(source)[0], soundfile.read(job / "stem.wav")[0])


def test_ardour_itself_reads_the_same_from_the_saved_session(session: Session) -> None:
    lister = Path(__file__).parent / "list_regions.lua"
    command = ["ardour7-lua", str(lister), str(session.folder), session.folder.name]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    assert f"REGION {HOUR + 100_001} 30011 1" in said
    assert f"REGION {HOUR + 98_765} {4 * RATE} 1" in said


def test_six_channels_at_96_khz_come_back_as_six(
    tmp_path_factory: pytest.TempPathFactory, app: StylusApp, display: Display
) -> None:
    folder, rate = tmp_path_factory.mktemp("surround"), 96_000
    session = make_session(folder / "song", rate)
    n = np.arange(rate)[:, None]
    session.put("Room", (0.2 * np.sin(n / (20 + np.arange(6)))).astype(np.float32), 50_001, "room")
    ardour = Ardour(folder, session, app.home, display)
    ardour.select_range(60_000, 24_001, strip=3)
    ardour.stylus("stylus_render.lua")
    until(lambda: "inserted" in app.messages or "Error" in app.messages, "the stem", 120)
    ardour.save()
    ardour.close()
    original, stem = session.regions()
    assert (original.track, original.place) == ("Room", (50_001, rate))
    assert stem.place == (60_000, 24_001)
    assert [soundfile.info(path).samplerate for path in stem.sources] == [rate] * 6
