"""What goes into a bug report names nothing: planted names of every kind do not come out, wherever they were put."""

from __future__ import annotations

import getpass
import json
import zipfile

import pytest

from stylus_daw.commands.doctor.bundle import nameless, write_bundle
from stylus_daw.commands.doctor.finding import Finding, State
from stylus_daw.errors import RequestError
from stylus_daw.jobs.job import JobFailed, Origin, RenderRequest, StyleFile
from stylus_daw.jobs.journal.journal import Journal

PLANTED = ("Zephyrine", "Quokkasong", "Lead_Vox_Ütli", "geheim.projekt", "MySecretError", "/home/wilhelmina")


@pytest.fixture
def texts(tmp_path):
    """Every file of a bundle of a state folder that is full of names."""
    home = tmp_path / PLANTED[0] / "home"
    (home / "jobs" / PLANTED[1]).mkdir(parents=True)
    (home / "jobs" / PLANTED[1] / f"{PLANTED[2]}.wav").write_bytes(b"x")
    (home / "presets").mkdir()
    (home / "presets" / f"{PLANTED[1]}.json").write_text("{", "utf-8")
    journal = Journal(home / "journal.sqlite")
    source = home / "jobs" / PLANTED[1] / "input.wav"
    origin = Origin(client=PLANTED[1], project=PLANTED[0], track=PLANTED[2], preset=PLANTED[3])
    request = RenderRequest(source=source, stem=source, styles=(StyleFile(path=source),), origin=origin)
    journal.record_queued([("Quokkasong", request)])
    journal.record_finished("Quokkasong", JobFailed(job="Quokkasong", code="geheim.projekt", message=str(PLANTED)))
    journal.close()
    head = "2026-01-02 03:04:05,678 WARNING stylus_daw.jobs.queue: "
    lines = [f"{head}{name}: {where} audio.missing" for name in PLANTED for where in PLANTED]
    trace = [f'      File "{PLANTED[5]}/stylus_daw/jobs/queue.py", line 9, in f', f"    ValueError: {PLANTED}"]
    (home / "stylus-daw.log").write_text("\n".join([*lines, *PLANTED, *trace]), "utf-8")
    (home / "stylus-daw.log.1").write_text("\n".join(lines), "utf-8")
    findings = [Finding(name="state folder", state=State.FAILED, text=str(home), remedy=str(PLANTED))]
    write_bundle(tmp_path / "b.zip", home, findings)
    with zipfile.ZipFile(tmp_path / "b.zip") as bundle:
        return {name: bundle.read(name).decode("utf-8") for name in bundle.namelist()}


@pytest.mark.parametrize("name", [*PLANTED, "wilhelmina", "Lead_Vox"])
def test_no_planted_name_comes_out(texts, name):
    assert [file for file, text in texts.items() if name.casefold() in text.casefold()] == []


def test_nor_does_the_user_or_any_path(texts, tmp_path):
    everything = "".join(texts.values())
    assert str(tmp_path) not in everything
    assert f"/{getpass.getuser()}" not in everything


def test_what_helps_is_there(texts):
    assert "WARNING stylus_daw.jobs.queue: audio.missing" in texts["log.txt"]
    assert "stylus_daw/jobs/queue.py:9" in texts["log.txt"]
    assert "ValueError" in texts["log.txt"]
    (job,) = json.loads(texts["jobs.json"])
    assert (job["outcome"], job["code"]) == ("failed", "")
    assert json.loads(texts["findings.json"]) == [{"name": "state folder", "state": "FAILED", "text": ""}]
    assert json.loads(texts["about.json"])["python"]


def test_a_line_that_looks_like_a_line_of_ours_is_no_way_in():
    line = "2026-01-02 03:04:05,678 WARNING stylus_Zephyrine.song: x"
    assert "Zephyrine" not in nameless(line)


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(RequestError) as refused:
        write_bundle(tmp_path / "none" / "b.zip", tmp_path, [])
    assert refused.value.code == "doctor.bundle"
