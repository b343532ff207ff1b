"""Stems for other hosts: what is written lies where the stem lies, to the sample."""

from __future__ import annotations

import json
import os
import sys
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.files import Provenance, probe, read, write_stem
from stylus_daw.commands.export import samples_of
from stylus_daw.errors import AudioFileError, RequestError
from stylus_daw.exchange.dawproject import write_dawproject
from stylus_daw.exchange.files import write_archive, write_copy, write_padded
from stylus_daw.exchange.placed import PlacedStem, placed_stem

RATE = 48_000
HOUR = 3_600 * RATE
MADE_BY = Provenance(preset="Warm Strings", model="stylus-mini", app_version="0.1.0", settings={"strength": 0.8})


def a_stem(folder: Path, *, start: int = 1_234, channels: int = 2, name: str = "stem.wav") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(3).uniform(-0.5, 0.5, (channels, 4_801)).astype(np.float32)
    write_stem(folder / name, Clip(samples=noise, rate=RATE, start=start), MADE_BY)
    return folder / name


def a_job(folder: Path, *, start: int = 1_234, session_start: int = 0, **more: Any) -> Path:
    """A job folder with its stem."""
    stem = a_stem(folder, start=start + session_start)
    region = {"start": start, "length": 4_801, "rate": RATE, "session_start": session_start}
    named = {"track": "Gitärre <1>", "project": "Müller & Söhne"}
    job = {"region": region, "tempo": 93.5, "time_signature": "7/8", **named}
    (folder / "job.json").write_text(json.dumps({**job, **more}), "utf-8")
    return stem


@pytest.fixture
def placed(tmp_path: Path) -> PlacedStem:
    return placed_stem(a_job(tmp_path / "job"))


@pytest.fixture
def late(tmp_path: Path) -> PlacedStem:
    """A stem of a session that starts at one hour."""
    return placed_stem(a_job(tmp_path / "late", session_start=HOUR))


def test_a_stem_knows_its_place_from_its_job(late):
    assert (late.start, late.session_start, late.tempo_bpm, late.time_signature) == (1_234, HOUR, 93.5, (7, 8))
    assert late.title == "Gitärre <1> - Warm Strings"


def test_a_stem_without_a_job_knows_its_timestamp(tmp_path):
    stem = placed_stem(a_stem(tmp_path, start=77))
    assert (stem.start, stem.tempo_bpm, stem.title) == (77, 120.0, "Warm Strings")


def test_the_sessions_start_may_be_given(tmp_path):
    assert placed_stem(a_stem(tmp_path, start=HOUR + 5), session_start=HOUR).start == 5


def test_a_stem_before_its_sessions_start_is_refused(tmp_path):
    with pytest.raises(RequestError, match="--session-start"):
        placed_stem(a_stem(tmp_path, start=5), session_start=HOUR)


def test_a_copy_is_the_stem(placed, tmp_path):
    write_copy(placed, tmp_path / "copy.wav")
    assert (tmp_path / "copy.wav").read_bytes() == placed.path.read_bytes()


@pytest.mark.parametrize("writer", [write_copy, write_padded, write_archive, write_dawproject])
def test_nothing_is_written_over_the_stem(writer, placed):
    before = placed.path.read_bytes()
    with pytest.raises(AudioFileError) as caught:
        writer(placed, placed.path)
    assert caught.value.code == "audio.protected"
    assert placed.path.read_bytes() == before


@pytest.mark.parametrize("writer", [write_copy, write_padded, write_archive, write_dawproject])
def test_a_folder_that_is_missing_is_told(writer, placed, tmp_path):
    with pytest.raises(AudioFileError, match="missing"):
        writer(placed, tmp_path / "missing" / "out.wav")


def test_a_padded_file_starts_with_the_session(late, tmp_path):
    write_padded(late, tmp_path / "padded.wav")
    padded = read(tmp_path / "padded.wav")
    assert padded.length == 1_234 + 4_801
    assert not padded.samples[:, :1_234].any()
    assert np.array_equal(padded.samples[:, 1_234:], read(late.path).samples)
    assert probe(tmp_path / "padded.wav").time_reference == HOUR


def test_a_padded_file_of_hours_is_refused_with_the_way_out(tmp_path):
    stem = placed_stem(a_stem(tmp_path, start=10 * HOUR))
    with pytest.raises(RequestError, match=r"10\.0 hours.*--session-start"):
        write_padded(stem, tmp_path / "padded.wav")


def test_an_archive_holds_the_stem_and_what_made_it(placed, tmp_path):
    write_archive(placed, tmp_path / "stem.zip")
    with zipfile.ZipFile(tmp_path / "stem.zip") as archive:
        assert archive.read("stem.wav") == placed.path.read_bytes()
        made = json.loads(archive.read("provenance.json"))
    assert (made["start_sample"], made["length_samples"], made["rate"]) == (1_234, 4_801, RATE)
    assert made["provenance"]["settings"] == {"strength": 0.8}
    assert made["project"] == "Müller & Söhne"


def xml_in(path: Path, name: str = "project.xml") -> ElementTree.Element:
    with zipfile.ZipFile(path) as archive:
        return ElementTree.fromstring(archive.read(name))


@pytest.fixture
def project(placed, tmp_path) -> ElementTree.Element:
    write_dawproject(placed, tmp_path / "song.dawproject")
    return xml_in(tmp_path / "song.dawproject")


def test_a_dawproject_holds_the_stem_at_its_place(project, placed, tmp_path):
    clip = project.find("Arrangement/Lanes/Lanes/Clips/Clip")
    assert round(float(clip.get("time")) * RATE) == 1_234
    assert round(float(clip.get("duration")) * RATE) == 4_801
    audio = clip.find("Audio")
    assert (audio.get("channels"), audio.get("sampleRate")) == ("2", str(RATE))
    with zipfile.ZipFile(tmp_path / "song.dawproject") as archive:
        assert archive.read(audio.find("File").get("path")) == placed.path.read_bytes()


def test_a_dawproject_counts_in_seconds_and_stretches_nothing(project):
    assert project.find("Arrangement/Lanes").get("timeUnit") == "seconds"
    assert project.find(".//Clip").get("contentTimeUnit") == "seconds"
    assert project.find(".//Warps") is None


def test_a_dawproject_names_tempo_track_and_song(project, tmp_path):
    assert float(project.find("Transport/Tempo").get("value")) == 93.5
    assert project.find("Transport/TimeSignature").attrib.items() >= {"numerator": "7", "denominator": "8"}.items()
    assert project.find("Structure/Track").get("name") == "Gitärre <1> - Warm Strings"
    assert xml_in(tmp_path / "song.dawproject", "metadata.xml").findtext("Title") == "Müller & Söhne"


# Element -> its children, in the order that the published schema (Project.xsd, DAWproject 1.0) wants.
SCHEMA_ORDER = {
    "Project": ["Application", "Transport", "Structure", "Arrangement", "Scenes"],
    "Transport": ["Tempo", "TimeSignature"],
    "Structure": ["Track", "Track"],
    "Track": ["Channel"],
    "Channel": ["Mute", "Pan", "Volume"],
    "Arrangement": ["Lanes"],
    "Clips": ["Clip"],
    "Clip": ["Audio"],
    "Audio": ["File"],
}
REQUIRED = {
    "Project": {"version"},
    "Application": {"name", "version"},
    "Tempo": {"unit"},
    "Pan": {"unit"},
    "Volume": {"unit"},
    "TimeSignature": {"numerator", "denominator"},
    "Clip": {"time"},
    "Audio": {"channels", "sampleRate", "duration"},
    "File": {"path"},
}


def test_a_dawproject_keeps_the_schemas_order_and_required_attributes(project):
    for element in project.iter():
        if element.tag in SCHEMA_ORDER:
            assert [child.tag for child in element] == SCHEMA_ORDER[element.tag]
        assert set(element.attrib) >= REQUIRED.get(element.tag, set())


def test_every_reference_in_a_dawproject_leads_somewhere(project):
    ids = [element.get("id") for element in project.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for element in project.iter():
        for name in ("track", "destination"):
            assert element.get(name) is None or element.get(name) in ids


def test_texts_that_xml_cannot_hold_do_not_break_a_dawproject(tmp_path):
    stem = placed_stem(a_job(tmp_path / "job", track="bell \x07", project="\x00"))
    write_dawproject(stem, tmp_path / "song.dawproject")
    assert "bell" in xml_in(tmp_path / "song.dawproject").find("Structure/Track").get("name")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep no such names")
@pytest.mark.parametrize("writer", [write_archive, write_dawproject])
def test_a_name_that_no_archive_can_hold_is_spelt_out(writer, tmp_path):
    placed = placed_stem(a_stem(tmp_path, name=os.fsdecode(b"caf\xe9\n.wav")))
    writer(placed, tmp_path / "made")
    with zipfile.ZipFile(tmp_path / "made") as archive:
        audio = next(name for name in archive.namelist() if name.endswith(".wav"))
        texts = b"".join(archive.read(name) for name in archive.namelist() if name != audio).decode()
    assert Path(audio).name == "caf__.wav"
    assert audio in texts


def test_the_same_stem_gives_the_same_archive(placed, tmp_path):
    for name in ("a", "b"):
        write_dawproject(placed, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_sessions_start_is_a_time_or_a_number_of_samples():
    assert samples_of("01:00:00", 44_100) == 158_760_000
    for wrong in ("-1", "1:2", "soon", "1:00:00.5", "99:99:99", "9" * 5_000):
        with pytest.raises(RequestError, match="01:00:00") as refused:
            samples_of(wrong, 44_100)
        assert len(refused.value.message) < 200
