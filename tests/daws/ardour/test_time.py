"""Files of another rate than the session's, and tempo changes: the stem stands on the exact sample all the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.daws.ardour.flows import await_stem, render
from tests.daws.ardour.rig import Ardour, Display, StylusApp, until
from tests.daws.ardour.session_files import Region, make_session

pytestmark = pytest.mark.ardour

RATE, FILE_RATE = 48_000, 44_100
HERTZ = 441.0
EMBEDDED_AT, IMPORTED_AT = 100_003, 250_007
FRAMES = 3 * FILE_RATE + 1_234
KEYS, BASS = 1, 2


def sine(frames: int, rate: int) -> np.ndarray:
    """float32, (samples, 1)."""
    return (0.3 * np.sin(2 * np.pi * HERTZ * np.arange(frames) / rate))[:, None].astype(np.float32)


def pitch(audio: np.ndarray, rate: int) -> float:
    """Hertz, from the rising zero crossings."""
    rising = np.flatnonzero((audio[:-1] < 0) & (audio[1:] >= 0))
    return float((len(rising) - 1) * rate / (rising[-1] - rising[0]))


EMBEDDED = sine(4 * FILE_RATE, FILE_RATE)


@pytest.fixture(scope="module")
def ardour(tmp_path_factory: pytest.TempPathFactory, display: Display, app: StylusApp) -> Iterator[Ardour]:
    folder = tmp_path_factory.mktemp("ardour")
    session = make_session(folder / "song", RATE)
    session.put("Bass", EMBEDDED, EMBEDDED_AT, "embedded", file_rate=FILE_RATE)
    ardour = Ardour(folder, session, app.home, display)
    yield ardour
    ardour.close()


def new_regions(ardour: Ardour, before: list[Region]) -> list[Region]:
    ardour.save()
    return [region for region in ardour.session.regions() if region not in before]


def heard(job: Path) -> np.ndarray:
    """The region without handles, as the app gets it."""
    asked = json.loads((job / "job.json").read_text("utf-8"))
    audio, rate = soundfile.read(job / "input.wav", dtype="float32")
    assert rate == asked["region"]["rate"] == RATE
    first = asked["handles"]["before"]
    return audio[first : first + asked["region"]["length"]]


def import_file(ardour: Ardour, path: Path) -> None:
    """As the import window does, onto a new track at ``IMPORTED_AT``; Ardour converts it to the session's rate."""
    ardour.lua(
        f"local files = C.StringVector () files:push_back ('{path}') "
        "Editor:do_import (files, Editing.ImportDistinctFiles, Editing.ImportAsTrack, ARDOUR.SrcQuality.SrcBest, "
        "ARDOUR.MidiTrackNameSource.SMFTrackName, ARDOUR.MidiTempoMapDisposition.SMFTempoIgnore, "
        f"Temporal.timepos_t ({IMPORTED_AT}), ARDOUR.PluginInfo (), ARDOUR.Track (), false)"
    )


def set_tempi(ardour: Ardour, *tempi: tuple[int, int, int]) -> None:
    """(quarters per minute here, at the next change, quarter note at which it begins)."""
    ardour.lua(
        "local map = Temporal.TempoMap.fetch_writable () "
        + "".join(
            f"map:set_tempo (Temporal.Tempo ({here}, {there}, 4), "
            f"Temporal.timepos_t.from_ticks (Temporal.ticks_per_beat * {at})) "
            for here, there, at in tempi
        )
        + "Temporal.TempoMap.update (map)"
    )


def tempo_at(ardour: Ardour, sample: int) -> float:
    return float(ardour.lua(f"return Temporal.TempoMap.read ():quarters_per_minute_at (Temporal.timepos_t ({sample}))"))


def test_an_embedded_file_of_another_rate_is_heard_as_ardour_plays_it(ardour: Ardour, app: StylusApp) -> None:
    ardour.save()
    before = ardour.session.regions()
    ardour.select_range(EMBEDDED_AT + 10_001, 48_003, strip=BASS)
    job = render(ardour, app)
    await_stem(app, job)
    (stem,) = new_regions(ardour, before)
    assert stem.place == (EMBEDDED_AT + 10_001, 48_003)
    assert [soundfile.info(path).samplerate for path in stem.sources] == [RATE]
    assert [soundfile.info(path).frames for path in stem.sources] == [48_003]
    assert np.array_equal(heard(job), EMBEDDED[10_001 : 10_001 + 48_003, 0])  # sample for sample, so at 480 Hz


def test_the_whole_region_of_an_embedded_file(ardour: Ardour, app: StylusApp) -> None:
    ardour.save()
    before = ardour.session.regions()
    ardour.lua("Editor:get_selection ():clear_all ()")
    ardour.select_region("embedded")
    await_stem(app, render(ardour, app))
    (stem,) = new_regions(ardour, before)
    assert stem.place == (EMBEDDED_AT, len(EMBEDDED))
    assert before[0] in ardour.session.regions()


def test_a_file_of_another_rate_that_ardour_converted(ardour: Ardour, app: StylusApp, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "loop.wav", sine(FRAMES, FILE_RATE), FILE_RATE, subtype="FLOAT")
    ardour.save()
    before = ardour.session.regions()
    import_file(ardour, tmp_path / "loop.wav")
    (imported,) = until(lambda: new_regions(ardour, before), "the import")
    assert imported.start == IMPORTED_AT
    assert abs(imported.length - FRAMES * RATE / FILE_RATE) < 2
    ardour.lua("Editor:get_selection ():clear_all ()")
    ardour.select_region(imported.name)
    job = render(ardour, app)
    await_stem(app, job)
    (stem,) = new_regions(ardour, [*before, imported])
    assert stem.place == imported.place
    assert [soundfile.info(path).frames for path in stem.sources] == [imported.length]
    assert pitch(heard(job)[2_000:-2_000], RATE) == pytest.approx(HERTZ, abs=0.5)


@pytest.mark.parametrize(("start", "length"), [(100_009, 30_011), (333_331, 96_001), (1_234_567, 20_001)])
def test_tempo_changes_and_a_ramp_move_nothing(ardour: Ardour, app: StylusApp, start: int, length: int) -> None:
    set_tempi(ardour, (97, 97, 0), (143, 61, 5), (61, 61, 13), (181, 181, 21))
    ardour.save()
    before = ardour.session.regions()
    ardour.select_range(start, length, strip=BASS)
    job = render(ardour, app)
    await_stem(app, job)
    (stem,) = new_regions(ardour, before)
    assert stem.place == (start, length)
    asked = json.loads((job / "job.json").read_text("utf-8"))
    assert asked["tempo"] == pytest.approx(tempo_at(ardour, start), abs=1e-5)


def test_the_tempo_differs_along_the_session(ardour: Ardour) -> None:
    tempi = [tempo_at(ardour, sample) for sample in (100_009, 333_331, 1_234_567)]
    assert tempi[0] == pytest.approx(97)
    assert 61 < tempi[1] < 143
    assert tempi[2] == pytest.approx(181)


def test_a_tempo_that_changes_while_the_stem_waits_moves_nothing(ardour: Ardour, app: StylusApp) -> None:
    ardour.save()
    before = ardour.session.regions()
    ardour.select_range(EMBEDDED_AT + 501, 3 * RATE + 1, strip=BASS)
    job = render(ardour, app)
    set_tempi(ardour, (71, 71, 0))
    assert f"inserted {job.name}" not in app.messages
    await_stem(app, job)
    (stem,) = new_regions(ardour, before)
    assert stem.place == (EMBEDDED_AT + 501, 3 * RATE + 1)
