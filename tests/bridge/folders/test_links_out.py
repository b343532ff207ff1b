"""What the app writes into a job folder stays in it: a link that somebody put there is replaced, never followed."""

from __future__ import annotations

import os

import numpy as np
import pytest

from stylus_bridge.folders.job_folder import write_state
from stylus_bridge.folders.refusal_note import NOTE_FILE, leave_note
from stylus_daw.atomic_inside import replacing_inside, write_text_inside
from stylus_daw.audio.clip import Clip
from stylus_daw.audio.files import Provenance, probe, write_stem
from stylus_daw.errors import AudioFileError, BridgeError
from stylus_daw.jobs.job import JobQueued

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
QUEUED = JobQueued(job="a", position=0)
CLIP = Clip(samples=np.zeros((1, 100), np.float32), rate=48_000)


@pytest.fixture
def outside(tmp_path):
    path = tmp_path / "outside"
    path.write_text("precious")
    return path


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "jobs" / "a"
    path.mkdir(parents=True)
    return path


def test_state_json_replaces_a_link_and_leaves_what_it_led_to(folder, outside):
    (folder / "state.json").symlink_to(outside)
    write_state(folder, QUEUED)
    assert outside.read_text() == "precious"
    assert not (folder / "state.json").is_symlink()
    assert '"phase": "queued"' in (folder / "state.json").read_text()


def test_a_stem_replaces_a_link_and_leaves_what_it_led_to(folder, outside):
    (folder / "stem.wav").symlink_to(outside)
    write_stem(folder / "stem.wav", CLIP, Provenance(), protect=(outside,), replaces_links=True)
    assert outside.read_text() == "precious"
    assert probe(folder / "stem.wav").frames == 100


def test_a_note_replaces_a_link_and_leaves_what_it_led_to(folder, outside):
    (folder / "job.json").write_text("{}")
    (folder / NOTE_FILE).symlink_to(folder.parent / "nowhere")
    assert leave_note(folder.parent, "a", BridgeError("bridge.token", "Another run."))
    assert not (folder.parent / "nowhere").exists()


@pytest.mark.parametrize("write", [write_state, lambda folder, event: write_stem_in(folder)])
def test_a_link_in_place_of_the_folder_is_refused(tmp_path, write):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "a").symlink_to(tmp_path / "elsewhere")
    with pytest.raises((OSError, AudioFileError)):
        write(tmp_path / "a", QUEUED)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def write_stem_in(folder):
    write_stem(folder / "stem.wav", CLIP, Provenance(), replaces_links=True)


def test_a_folder_swapped_for_a_link_during_the_write_catches_nothing(folder, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    with replacing_inside(folder / "stem.wav") as stream:
        stream.write(b"whole")
        folder.rename(tmp_path / "moved")
        folder.symlink_to(tmp_path / "elsewhere")
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert [path.name for path in (tmp_path / "moved").iterdir()] == ["stem.wav"]


def test_after_an_error_the_old_file_is_there_and_nothing_else(folder):
    write_text_inside(folder / "state.json", "old")
    with pytest.raises(TypeError), replacing_inside(folder / "state.json") as stream:
        stream.write("not bytes")
    assert [(path.name, path.read_text()) for path in folder.iterdir()] == [("state.json", "old")]


def test_the_short_form_refuses_a_folder_that_is_a_link(studio, host, tmp_path):
    wav = studio.music / "a.wav"
    wav.write_bytes(b"RIFF")
    (tmp_path / "elsewhere").mkdir()
    (studio.jobs_folder / "job-1").symlink_to(tmp_path / "elsewhere")
    answer = host.answer("/stylus/job/render", "job-1", str(wav), "warm-strings")
    assert answer.code == "job_folder.place"
    assert list((tmp_path / "elsewhere").iterdir()) == []
