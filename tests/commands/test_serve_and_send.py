"""``serve`` and ``send``: two processes that talk over real OSC."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from stylus_bridge.client.endpoint import Endpoint, write_endpoint
from stylus_bridge.folders.job_file import JobFile
from stylus_bridge.folders.job_folder import write_job
from stylus_daw.audio.files import probe
from tests.support.disks import small_disk
from tests.support.processes import COMMAND, RATE, start_app, stop_app, write_tone

HEAVY = ("torch", "PySide6", "numpy", "pydantic", "typer", "rich", "soundfile")


def write_folder(home: Path, job: str, source: Path, *, preset: str = "warm-strings", length: int = 14_400) -> Path:
    folder = home / "jobs" / job
    folder.mkdir(parents=True)
    shutil.copyfile(source, folder / "input.wav")
    region = {"start": 1_234_567, "length": length, "rate": RATE}
    handles = {"before": 800, "after": 800}
    write_job(
        folder,
        JobFile.model_validate(
            {
                "job": job,
                "source": "input.wav",
                "region": region,
                "handles": handles,
                "preset": preset,
                "override": {"quality": "draft"},
            }
        ),
    )
    return folder


def test_ping_tells_of_the_app(app):
    assert app.asked("ping") == [{"event": "pong", "version": app.ready["version"], "queued": 0, "running": 0}]
    assert "is running" in app.send("ping").stdout


def test_send_needs_nothing_that_is_slow_to_load(app):
    code = (
        "import sys; from stylus_daw.cli import main\n"
        f"try: main(['send', '--state-dir', {str(app.home)!r}, 'ping'])\n"
        "except SystemExit as ended: assert ended.code == 0\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines()[-1] == "[]"


def test_presets_over_osc_are_those_of_the_library(app, cli):
    told = [preset["id"] for preset in app.asked("presets")]
    listed = [json.loads(line)["id"] for line in cli("presets", "list", "--json").stdout.splitlines()]
    assert told == listed
    assert "warm-strings" in told


def test_a_job_folder_becomes_a_stem_at_its_sample(app, tone):
    folder = write_folder(app.home, "a-region", tone)
    *before, done = app.asked("submit", folder, "--wait")
    assert {answer["event"] for answer in before} <= {"queued", "progressed"}
    assert done["event"] == "done"
    assert (done["start_sample"], done["length_samples"], done["channels"]) == (1_234_567, 14_400, 2)
    info = probe(Path(done["stem_path"]))
    assert (info.time_reference, info.frames, info.rate) == (1_234_567, 14_400, RATE)
    assert app.asked("status", "a-region") == [done]
    assert app.asked("submit", folder) == [done]


def test_render_takes_a_file_from_anywhere_and_prints_the_stem(app, tone):
    ended = app.send("render", tone, "--preset", "Marimba Wood", "--wait")
    assert ended.returncode == 0, ended.stderr
    stem = Path(ended.stdout.strip())
    assert stem.is_relative_to(app.home / "jobs")
    assert (stem.parent / "input" / tone.name).is_file(), "under its own name, by which people know it"
    assert soundfile.info(stem).frames == soundfile.info(tone).frames
    assert not np.array_equal(soundfile.read(stem)[0], soundfile.read(tone)[0])


def test_a_file_that_breaks_off_is_rendered_and_told_to_whoever_sent_it(app, tone):
    tone.write_bytes(tone.read_bytes()[: tone.stat().st_size // 2])
    ended = app.send("render", tone, "--preset", "Marimba Wood", "--wait")
    assert ended.returncode == 0
    assert soundfile.info(ended.stdout.strip()).frames == soundfile.info(tone).frames
    assert "breaks off: its header announces 0.33 s, and it holds 0.17 s" in ended.stderr
    *_, done = app.asked("render", tone, "--preset", "Marimba Wood", "--wait")
    assert done["note"].startswith("The source breaks off")


def test_a_running_job_is_cancelled_and_an_ended_one_is_not(app, tone, tmp_path):
    long = write_tone(tmp_path / "long.wav", seconds=60)
    folder = write_folder(app.home, "a-long-one", long, length=59 * RATE)
    assert app.asked("submit", folder)[0]["event"] == "queued"
    assert app.asked("cancel", "a-long-one") == [{"event": "cancelled", "job": "a-long-one"}]
    assert app.asked("status", "a-long-one") == [{"event": "cancelled", "job": "a-long-one"}]
    assert app.send("submit", folder, "--wait").returncode == 1
    app.send("submit", write_folder(app.home, "a-short-one", tone), "--wait")
    late = app.send("cancel", "a-short-one")
    assert late.returncode == 1
    assert "had ended already" in late.stderr


def test_a_failed_job_has_exit_code_1_and_its_reason(app, tmp_path):
    silence = tmp_path / "nan.wav"
    soundfile.write(silence, np.full((16_000, 1), np.nan, np.float32), RATE, subtype="FLOAT")
    ended = app.send("render", silence, "--preset", "warm-strings", "--wait")
    assert ended.returncode == 1
    assert "[audio.non_finite]" in ended.stderr


@pytest.mark.parametrize(
    ("arguments", "exit_code", "code"),
    [
        (["status", "never-heard-of"], 1, "job.unknown"),
        (["submit", "/no/such/folder"], 1, "job_file.missing"),
        (["render", "/no/such.wav", "--preset", "warm-strings"], 2, "audio.missing"),
        (["render", "{tone}", "--preset", "warm-string"], 1, "preset.unknown"),
        (["render", "{tone}"], 2, "cli.usage"),
        (["sing"], 2, "cli.usage"),
    ],
)
def test_what_cannot_be_done_is_told_with_its_code(app, tone, arguments, exit_code, code):
    ended = app.send(*(argument.format(tone=tone) for argument in arguments), "--json")
    assert (ended.returncode, json.loads(ended.stdout)["code"]) == (exit_code, code)


def test_without_an_app_send_says_so(cli, tmp_path):
    ended = cli("send", "ping", "--state-dir", tmp_path / "nowhere")
    assert ended.returncode == 1
    assert "is not running" in ended.stderr
    assert not (tmp_path / "nowhere").exists()


def test_a_second_app_gives_way_to_the_first(app):
    command = [*COMMAND, "serve", "--state-dir", str(app.home), "--json"]
    second = subprocess.run(command, capture_output=True, text=True, timeout=60)
    answer = json.loads(second.stdout)
    assert (second.returncode, answer["code"]) == (1, "bridge.running")
    assert str(app.ready["port"]) in answer["message"]
    assert app.send("ping").returncode == 0


def test_the_journal_is_read_while_the_app_runs(app, tone):
    app.send("submit", write_folder(app.home, "in-the-journal", tone), "--wait")
    listing = subprocess.run(
        [*COMMAND, "jobs", "list", "--limit", "1", "--json", "--state-dir", str(app.home)],
        capture_output=True,
        text=True,
        check=True,
    )
    (newest,) = [json.loads(line) for line in listing.stdout.splitlines()]
    assert (newest["job"], newest["outcome"], newest["preset"]) == ("in-the-journal", "done", "Warm Strings")


def test_doctor_sees_the_app(app, cli):
    ended = cli("doctor", "--state-dir", app.home, "--json")
    report = json.loads(ended.stdout)
    assert (ended.returncode, report["ok"]) == (0, True)
    found = {check["name"]: check["text"] for check in report["checks"]}
    assert str(app.ready["port"]) in found["bridge"]
    assert "million parameters" in found["checkpoint"]


def test_without_a_command_it_serves_and_ctrl_c_stops_it(tmp_path):
    app = start_app(tmp_path)
    assert "listens to DAWs on 127.0.0.1:" in app.ready["said"]
    assert (tmp_path / "bridge.json").exists()
    exit_code, said = stop_app(app, signal.SIGINT)
    assert exit_code == 0
    assert "This serves your DAW without a window" in said
    assert not (tmp_path / "bridge.json").exists()
    assert "listening to DAWs" in (tmp_path / "stylus-daw.log").read_text("utf-8")


def test_ctrl_c_ends_the_waiting_but_not_the_job(app, tmp_path):
    long = write_tone(tmp_path / "long.wav", seconds=60)
    folder = write_folder(app.home, "waited-for", long, length=59 * RATE)
    command = [*COMMAND, "send", "--state-dir", str(app.home), "submit", str(folder), "--wait", "--json"]
    waiting = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert waiting.stdout is not None
    assert json.loads(waiting.stdout.readline())["event"] == "progressed"
    waiting.send_signal(signal.SIGINT)
    _, said = waiting.communicate(timeout=30)
    assert waiting.returncode == 130
    assert "stylus-daw send cancel waited-for" in said
    assert app.asked("status", "waited-for")[0]["event"] in {"queued", "progressed"}
    assert app.send("cancel", "waited-for").returncode == 0


@pytest.mark.parametrize("seconds", ["nan", "-1", "soon"])
def test_a_wait_that_is_no_length_of_time_is_refused_before_a_job_is_sent(cli, app, tone, seconds):
    before = set((app.home / "jobs").iterdir())
    ended = cli("send", "render", tone, "--preset", "warm-strings", "--timeout", seconds, "--state-dir", app.home)
    assert (ended.returncode, seconds in ended.stderr) == (2, True), ended.stderr
    assert set((app.home / "jobs").iterdir()) == before


def test_a_copy_for_which_there_is_no_space_leaves_no_half_of_itself(cli, tmp_path):
    tone = write_tone(tmp_path / "tone.wav", seconds=3)
    with small_disk(tmp_path / "small", "256k") as home:
        endpoint = Endpoint(host="127.0.0.1", port=9, token="0", pid=os.getpid(), version="0", jobs=str(home / "jobs"))
        write_endpoint(home, endpoint)
        ended = cli("send", "render", tone, "--preset", "warm-strings", "--state-dir", home)
        assert ended.returncode == 2
        assert "Free some space" in ended.stderr
        assert list((home / "jobs").iterdir()) == []
