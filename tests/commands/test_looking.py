"""Commands that only look: presets, jobs, doctor, help; and the demo, which shows everything."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.processes import COMMAND, environment, write_tone
from tests.support.waiting import eventually

ROOT = Path(__file__).parents[2]


def test_help_names_every_command(cli):
    said = cli("--help").stdout
    for name in ("render", "serve", "send", "presets", "jobs", "doctor", "demo"):
        assert f"\n  {name} " in said


def test_the_version_is_said(cli):
    assert cli("--version").stdout.startswith("stylus-daw 0.")


def test_presets_are_listed_with_and_without_the_word(cli):
    listed = cli("presets")
    assert listed.returncode == 0
    assert "warm-strings" in listed.stdout
    assert cli("presets", "list").stdout == listed.stdout


def test_one_preset_is_shown(cli):
    shown = json.loads(cli("presets", "show", "Warm Strings", "--json").stdout)
    assert shown["id"] == "warm-strings"
    assert all(Path(path).is_file() for path in shown["style_files"])
    assert "weight 1" in cli("presets", "show", "warm-strings").stdout
    unknown = cli("presets", "show", "warm-string")
    assert unknown.returncode == 2
    assert 'Did you mean "warm-strings"?' in unknown.stderr


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("presets", "search", "zzzz"), "No preset matches."),
        (("presets", "list", "--own"), "no presets of your own yet"),
        (("presets", "list", "--favourites"), "No preset is a favourite yet."),
        (("plugins", "list"), "Look for them with: stylus-daw plugins scan"),
        (("plugins", "scan", "--folder", "."), "No plugins lie in .; name another folder with --folder DIR."),
        (("plugins", "retry"), "No plugin failed"),
        (("plugins", "missing"), "No preset lacks a plugin."),
    ],
)
def test_an_empty_result_is_said_in_a_sentence(cli, tmp_path, command, said):
    ended = cli(*command, cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert said in ended.stdout
    assert ended.stdout.count("\n") == 1


def test_a_command_that_is_named_in_a_message_is_one_that_help_lists(cli):
    said = cli("send", "ping").stderr
    listed = cli("--help").stdout
    named = [word for word in ("ui", "serve", "gui") if f"stylus-daw {word}" in said]
    assert named == ["ui", "serve"]
    assert all(f"\n  {name} " in listed for name in named)


def test_options_in_the_wrong_place_are_not_swallowed(cli):
    assert cli("presets", "--json", "list").returncode == 2


def test_no_jobs_and_no_folder_are_no_error(cli, tmp_path):
    ended = cli("jobs", "list", "--state-dir", tmp_path / "nowhere")
    assert ended.returncode == 0
    assert "no jobs yet" in ended.stdout
    assert not (tmp_path / "nowhere").exists()


def test_doctor_fails_where_no_state_can_be_kept(cli, tmp_path):
    (tmp_path / "file").touch()
    ended = cli("doctor", "--state-dir", tmp_path / "file" / "home")
    assert ended.returncode == 1
    assert "FAILED  state folder" in ended.stdout


def test_serving_in_such_a_place_is_refused(cli, tmp_path):
    (tmp_path / "file").touch()
    ended = cli("serve", "--state-dir", tmp_path / "file" / "home", "--json")
    assert (ended.returncode, json.loads(ended.stdout)["code"]) == (2, "settings.home")


def test_a_broken_preset_of_the_users_is_named(cli, tmp_path):
    folder = tmp_path / "home" / "presets"
    folder.mkdir(parents=True)
    (folder / "mine.json").write_text("{")
    assert "mine.json" in cli("presets").stderr
    listed = cli("presets", "--json")
    assert len(listed.stdout.splitlines()) >= 10


def test_a_reader_that_goes_away_is_no_fault():
    command = [sys.executable, "-m", "stylus_daw.cli", "presets", "list", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as listing:
        assert listing.stdout is not None
        assert listing.stderr is not None
        listing.stdout.close()
        assert listing.stderr.read() == ""
    assert listing.returncode == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, which Linux has")
@pytest.mark.parametrize("command", [("presets", "list"), ("presets", "list", "--json"), ("--help",), ("jobs",)])
def test_an_output_that_is_full_is_told_and_is_no_bug(tmp_path, command):
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [*COMMAND, *command], stdout=full, stderr=subprocess.PIPE, text=True, env=environment(tmp_path)
        )
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1, ended.stderr
    assert "Free some space, or write to another disk. [cli.disk_full]" in ended.stderr


@pytest.mark.usefixtures("weights")
@pytest.mark.parametrize("options", [(), ("--json",)])
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_render_that_is_told_to_end_says_so_and_leaves_nothing(tmp_path, name, options):
    tone, out = write_tone(tmp_path / "tone.wav", seconds=120), tmp_path / "out"
    command = [*COMMAND, "render", tone, "--preset", "warm-strings", "--out-dir", out, *options]
    said = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    rendering = subprocess.Popen(command, env=environment(tmp_path / "home"), **said)
    eventually(out.is_dir)  # made when the render is about to begin
    time.sleep(0.5)
    rendering.send_signal(getattr(signal, name))
    stdout, stderr = rendering.communicate(timeout=60)
    assert rendering.returncode == 130
    assert "cli.interrupted" in (stdout if options else stderr)
    assert not list(out.iterdir())


@pytest.mark.usefixtures("weights")
def test_the_demo_shows_two_stems_that_fit(cli, tmp_path):
    ended = cli("demo", "--out", tmp_path / "demo", "--json")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    *shown, picture = [json.loads(line) for line in ended.stdout.splitlines()]
    assert len({one["preset"] for one in shown}) == 2
    for one in shown:
        assert Path(one["stem_path"]).is_file()
        assert len(one["checks"]) == 6
        assert all(check["is_kept"] for check in one["checks"])
    assert picture["picture"].endswith("demo.png")
    assert (tmp_path / "demo" / "demo.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.skipif(shutil.which("make") is None, reason="no make here")
def test_make_lists_its_targets():
    said = subprocess.run(["make", "-s", "-C", str(ROOT)], capture_output=True, text=True, check=True).stdout
    for target in ("setup", "demo", "run", "test", "check", "bench", "clean"):
        assert f"make {target} " in said
