"""Job folders: what is accepted, what is refused with which words, and what the app writes back."""

from __future__ import annotations

import json
import re
import subprocess

import pytest

from stylus_bridge.folders.job_folder import is_unfinished, read_job, state_of, write_job, write_state
from stylus_daw.audio.files import Shortfall
from stylus_daw.engine.request import Quality, StyleSettings
from stylus_daw.errors import BridgeError
from stylus_daw.jobs.job import JobDone, JobFailed, JobProgressed, JobQueued, JobWasCancelled, Region, Stem
from tests.support.needs import needs

EVENTS = {
    "queued": JobQueued(job="job-1", position=2),
    "running": JobProgressed(job="job-1", fraction=0.25, stage="styling"),
    "done": JobDone(job="job-1", stem=Stem(path='C:\\a "b"/ä.wav', start=2**60, length=480, rate=48_000, channels=2)),
    "done in part": JobDone(
        job="job-1",
        stem=Stem(
            path="/s.wav", start=0, length=480, rate=48_000, channels=2, short=Shortfall(holds_s=0.01, announced_s=4)
        ),
    ),
    "cancelled": JobWasCancelled(job="job-1"),
    "failed": JobFailed(job="job-1", code="engine.nan", message='Line one\nline {two}: "x".'),
}


@pytest.fixture
def folder(tmp_path, make_job_file):
    """A good job folder."""
    folder = tmp_path / "jobs" / "job-1"
    write_job(folder, make_job_file())
    (folder / "input.wav").write_bytes(b"RIFF")
    return folder


def rewrite(folder, **changes):
    raw = json.loads((folder / "job.json").read_text()) | changes
    (folder / "job.json").write_text(json.dumps(raw))


def complaint(folder, *roots):
    with pytest.raises(BridgeError) as caught:
        read_job(folder, roots)
    return caught.value


def test_what_a_host_writes_is_read_back(folder, make_job_file):
    job = read_job(folder)
    assert job == make_job_file(source=str((folder / "input.wav").resolve()))


def test_the_region_keeps_its_place_and_handles(make_job_file):
    region = make_job_file(source_offset=17).to_region()
    assert region == Region(
        start=1_234_567, length=480_000, rate=48_000, session_start=0, before=24_000, after=24_000, source_offset=17
    )


def test_overrides_replace_only_what_they_name(make_job_file):
    preset = StyleSettings(strength=1.5, structure=0.3, seed=9)
    settings = make_job_file(override={"strength": 0.8, "quality": "draft"}).overridden(preset)
    assert settings == StyleSettings(strength=0.8, structure=0.3, seed=9, quality=Quality.DRAFT)


def test_only_protocol_job_source_region_and_preset_are_needed(folder):
    region = {"start": 0, "length": 1, "rate": 48_000}
    text = json.dumps({"job": "job-1", "source": "input.wav", "region": region, "preset": "grit"})
    (folder / "job.json").write_text(text)
    job = read_job(folder)
    assert (job.handles.before, job.insert, job.tempo) == (0, "new-track", None)


@pytest.mark.parametrize(
    ("changes", "nearest"),
    [
        ({"presett": "x"}, "'preset'"),
        ({"override": {"strenght": 1}}, "'strength'"),
        ({"region": {"start": 0, "lenght": 1, "length": 1, "rate": 48_000}}, "'length'"),
        ({"handles": {"befor": 0}}, "'before'"),
        ({"zzz": 1}, "Allowed: protocol, job,"),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest_known_one(folder, changes, nearest):
    rewrite(folder, **changes)
    error = complaint(folder)
    assert error.code == "job_file.unknown_key"
    assert nearest in error.message


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"region": {"start": 0, "length": 0, "rate": 48_000}}, "region.length"),
        ({"region": {"start": 0, "length": 2**41, "rate": 48_000}}, "region.length"),
        ({"region": {"start": 2**63, "length": 1, "rate": 48_000}}, "region.start"),
        ({"region": {"start": 0.5, "length": 1, "rate": 48_000}}, "region.start"),
        ({"region": {"start": 0, "length": 1, "rate": 0}}, "region.rate"),
        ({"handles": {"before": -1}}, "handles.before"),
        ({"source_offset": -1}, "source_offset"),
        ({"tempo": 0}, "tempo"),
        ({"time_signature": "four"}, "time_signature"),
        ({"insert": "over-the-original"}, "insert"),
        ({"override": {"strength": 3}}, "override.strength"),
        ({"override": {"quality": "best"}}, "override.quality"),
        ({"job": "../x"}, "job"),
        ({"preset": ""}, "preset"),
    ],
)
def test_a_value_out_of_range_is_refused_by_name(folder, changes, key):
    rewrite(folder, **changes)
    error = complaint(folder)
    assert error.code == "job_file.value"
    assert f"{key!r}" in error.message


def test_a_missing_key_is_named(folder):
    (folder / "job.json").write_text('{"job": "job-1"}')
    assert complaint(folder).code == "job_file.missing_key"


@pytest.mark.parametrize("text", ["", "{", "[1, 2", "[" * 100_000, '{"a": ' + "9" * 5000 + "}"])
def test_what_is_no_json_is_refused(folder, text):
    (folder / "job.json").write_text(text)
    assert complaint(folder).code == "job_file.json"


@pytest.mark.parametrize("text", ["[]", "3", "null"])
def test_json_that_is_no_object_is_refused(folder, text):
    (folder / "job.json").write_text(text)
    assert complaint(folder).code == "job_file.value"


def test_a_file_that_is_no_text_is_refused(folder):
    (folder / "job.json").write_bytes(b"\xff\xfe\x00")
    assert complaint(folder).code == "job_file.json"


def test_a_huge_file_is_refused_unread(folder):
    (folder / "job.json").write_bytes(b" " * 1_000_001)
    assert complaint(folder).code == "job_file.size"


def test_a_folder_without_job_json_is_refused(tmp_path):
    assert complaint(tmp_path).code == "job_file.missing"


def test_another_protocol_is_refused_with_both_numbers(folder):
    rewrite(folder, protocol=2)
    error = complaint(folder)
    assert error.code == "protocol.version"
    assert "2" in error.message
    assert "1" in error.message


def test_a_source_outside_is_refused_unless_its_folder_is_allowed(folder, tmp_path):
    outside = tmp_path / "music" / "take.wav"
    outside.parent.mkdir()
    outside.write_bytes(b"RIFF")
    rewrite(folder, source=str(outside))
    assert complaint(folder).code == "job_file.source"
    assert read_job(folder, (outside.parent,)).source == str(outside.resolve())


@pytest.mark.parametrize("source", ["../other/secret.wav", "../../secret.wav", "missing.wav", ".", "a\0b"])
def test_a_source_that_escapes_or_is_no_file_is_refused(folder, tmp_path, source):
    for secret in (tmp_path / "secret.wav", folder.parent / "other" / "secret.wav"):
        secret.parent.mkdir(exist_ok=True)
        secret.write_bytes(b"RIFF")
    rewrite(folder, source=source)
    assert complaint(folder).code == "job_file.source"


def test_a_link_that_leads_outside_is_refused(folder, tmp_path):
    (tmp_path / "secret.wav").write_bytes(b"RIFF")
    (folder / "link.wav").symlink_to(tmp_path / "secret.wav")
    (folder / "loop.wav").symlink_to(folder / "loop.wav")
    for name in ("link.wav", "loop.wav"):
        rewrite(folder, source=name)
        assert complaint(folder).code == "job_file.source"


def test_state_json_notes_that_the_source_breaks_off():
    notes = {name: state_of(event)["note"] for name, event in EVENTS.items()}
    assert notes.pop("done in part").startswith("The source breaks off: its header announces 4.00 s, and it holds 0.01")
    assert set(notes.values()) == {None}


@pytest.mark.parametrize("name", EVENTS)
def test_state_json_has_one_key_per_line_and_each_key_once(tmp_path, name):
    write_state(tmp_path, EVENTS[name])
    text = (tmp_path / "state.json").read_text("utf-8")
    assert json.loads(text) == state_of(EVENTS[name])
    keys = re.findall(r'^ *"(\w+)": ', text, re.MULTILINE)
    assert len(keys) == len(set(keys))
    assert [line for line in text.splitlines() if line.strip(" {},") and not line.lstrip().startswith('"')] == []


def test_state_json_says_phase_and_outcome(tmp_path):
    states = {name: state_of(event) for name, event in EVENTS.items()}
    assert {name: (s["phase"], s["outcome"]) for name, s in states.items()} == {
        "queued": ("queued", None),
        "running": ("running", None),
        "done": ("finished", "done"),
        "done in part": ("finished", "done"),
        "cancelled": ("finished", "cancelled"),
        "failed": ("finished", "failed"),
    }
    assert states["done"]["stem"]["start_sample"] == str(2**60)


def test_only_a_waiting_or_running_state_is_unfinished(tmp_path):
    assert not is_unfinished(tmp_path)
    for name, event in EVENTS.items():
        write_state(tmp_path, event)
        assert is_unfinished(tmp_path) == (name in ("queued", "running"))


@needs("lua5.4")
def test_lua_reads_state_json_with_patterns(tmp_path):
    write_state(tmp_path, EVENTS["done"])
    script = (
        "local t = io.open(arg[1]):read('a') "
        'print(t:match(\'"outcome": "(%a+)"\'), t:match(\'"start_sample": "(%-?%d+)"\'), t:match(\'"rate": (%d+)\'))'
    )
    (tmp_path / "read.lua").write_text(script)
    out = subprocess.run(
        ["lua5.4", tmp_path / "read.lua", tmp_path / "state.json"],
        check=True,
        capture_output=True,
        text=True,
        timeout=10,
    )
    assert out.stdout.split() == ["done", str(2**60), "48000"]
