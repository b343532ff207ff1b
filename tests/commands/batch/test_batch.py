"""``stylus-daw batch`` with the shipped weights."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path

import pytest
import soundfile

from stylus_daw.audio.files import read_provenance
from tests.support.processes import COMMAND, environment, write_tone

pytestmark = pytest.mark.usefixtures("weights")


@pytest.fixture
def incoming(tmp_path: Path) -> Path:
    for name in ("a", "b", "drums/a"):
        path = tmp_path / "in" / f"{name}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_tone(path, seconds=1 / 3)
    (tmp_path / "in" / "broken.wav").write_bytes(b"not audio")
    return tmp_path / "in"


def test_a_folder_is_rendered_past_a_bad_file_and_finished_files_are_skipped(cli, incoming, tmp_path):
    command = ("batch", incoming, "-r", "-o", tmp_path / "out", "--preset", "warm-strings", "--json")
    plan = cli(*command, "--dry-run")
    assert plan.returncode == 3
    assert json.loads(plan.stdout.splitlines()[-1])["to_render"] == 3
    assert not (tmp_path / "out").exists()
    ended = cli(*command)
    assert ended.returncode == 3, ended.stderr
    summary = json.loads(ended.stdout.splitlines()[-1])
    assert summary["counts"] == {"new": 3, "failed": 1}
    assert read_provenance(tmp_path / "out" / "drums" / "a - Warm Strings.wav").preset == "Warm Strings"
    assert json.loads((tmp_path / "out" / "stylus-batch.json").read_text()) == {
        key: value for key, value in summary.items() if key != "event"
    }
    page = (tmp_path / "out" / "stylus-batch.md").read_text()
    assert "4 files: 1 failed, 3 new." in page
    assert "broken.wav" in page
    (incoming / "broken.wav").unlink()
    again = cli(*command)
    assert again.returncode == 0
    assert json.loads(again.stdout.splitlines()[-1])["counts"] == {"finished": 3}


def test_a_stem_of_a_batch_is_the_stem_of_render(cli, incoming, tmp_path):
    source = incoming / "a.wav"
    assert cli("batch", source, "-o", tmp_path / "out", "--style", source, "--name", "x").returncode == 0
    assert cli("render", source, "-o", tmp_path / "x.wav", "--style", source).returncode == 0
    one, other = (soundfile.read(path, dtype="float32")[0] for path in (tmp_path / "out" / "x.wav", tmp_path / "x.wav"))
    assert one.tobytes() == other.tobytes()


def test_a_sheet_renders_each_row_its_own_way(cli, incoming, tmp_path):
    (tmp_path / "sheet.csv").write_text(
        "source,style,strength,out\n"
        "in/a.wav,in/b.wav,0,dry\n"
        "in/a.wav,in/b.wav,3,too far\n"
        "in/missing.wav,in/b.wav,,gone\n"
        "in/b.wav,in/b.wav,0,../astray\n"
        "in/b.wav,in/b.wav=0,,no weight\n"
        f"in/b.wav,{'s' * 300}.wav,,long\n"
    )
    ended = cli("batch", "--csv", tmp_path / "sheet.csv", "-o", tmp_path / "out")
    assert ended.returncode == 3
    assert "allowed: 0 to 2" in ended.stdout
    assert "missing.wav" in ended.stdout
    assert "is not a name below the output folder" in ended.stdout
    assert "is 0; allowed: 1e-06 to 1000000" in ended.stdout
    assert "File name too long" in ended.stdout
    assert [path.name for path in (tmp_path / "out").glob("*.wav")] == ["dry.wav"]


def test_a_batch_of_copies_does_not_say_how_fast_the_model_is(cli, incoming, tmp_path):
    command = ("batch", incoming / "a.wav", "--style", incoming / "b.wav", "-o")
    assert cli(*command, tmp_path / "copies", "--strength", "0").returncode == 0
    ended = cli(*command, tmp_path / "stems", "--dry-run")
    assert "time: unknown before the first batch" in ended.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--preset", "warm-strings"), "Name files, folders or patterns"),
        (("IN",), "Neither a preset nor a style"),
        (("IN", "--preset", "no-such-preset"), "No preset"),
        (("IN", "--style", "no-such-style.wav"), "does not exist"),
        (("IN", "--style", "IN/a.wav", "--strength", "3"), "allowed: 0 to 2"),
        (("IN", "--preset", "warm-strings", "--name", "../{name}"), "output folder"),
        (("IN", "--preset", "warm-strings", "--device", "toaster"), "Device 'toaster' is not known; allowed: auto"),
        (("x" * 300, "--preset", "warm-strings"), "longer than the file system allows"),
        (("IN/a.wav", "--csv", "x.csv", "--preset", "warm-strings"), "not both"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_written(cli, incoming, tmp_path, arguments, said):
    written = [one.replace("IN", str(incoming)) for one in arguments]
    ended = cli("batch", *written, "-o", tmp_path / "out")
    assert ended.returncode == 2
    assert said in ended.stderr
    assert not (tmp_path / "out").exists()


def test_ctrl_c_ends_with_130_and_the_next_run_goes_on(incoming, tmp_path):
    command = [*COMMAND, "batch", incoming, "-o", tmp_path / "out", "--style", incoming / "a.wav"]
    home = environment(tmp_path / "home")
    batch = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=home)
    assert batch.stdout is not None
    assert batch.stdout.readline().startswith("1/2 ")
    batch.send_signal(signal.SIGINT)
    said, _ = batch.communicate(timeout=60)
    assert batch.returncode == 130
    assert "Run the same command again" in said
    again = subprocess.run(command, capture_output=True, text=True, env=home, timeout=120)
    assert again.returncode == 3  # broken.wav
    assert len(list((tmp_path / "out").glob("*.wav"))) == 2
