"""Where stems of ``stylus-daw render`` go, and that nothing is overwritten in silence."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest
import soundfile

from stylus_daw.commands.render import in_process
from stylus_daw.commands.render.places import Places
from stylus_daw.commands.render.wish import Wish
from stylus_daw.errors import CheckpointError, EngineError
from stylus_daw.jobs.job import RenderRequest, Stem
from tests.support.processes import COMMAND, environment, write_tone

DRAFT = ("--strength", "0")


def test_several_files_go_to_a_folder_each_under_its_name_and_one_that_fails_does_not_stop_the_others(
    cli, tone, tmp_path
) -> None:
    (tmp_path / "other").mkdir()
    twin, bad = write_tone(tmp_path / "other" / "tone.wav", seconds=0.2), tmp_path / "bad.wav"
    bad.write_text("not audio")
    out = tmp_path / "out"
    ended = cli("render", tone, bad, twin, "--preset", "warm-strings", *DRAFT, "--no-chain", "--out-dir", out)
    assert ended.returncode == 3, ended.stderr
    assert {path.name for path in out.iterdir()} == {"tone - Warm Strings.wav", "tone - Warm Strings 2.wav"}
    assert soundfile.info(out / "tone - Warm Strings 2.wav").frames == 9_600
    assert ended.stdout.count("loading the model included") == 1
    assert ended.stderr.count("bad.wav") == 1
    assert "\n\n" not in ended.stdout + ended.stderr, "no empty lines off a terminal"
    before = (out / "tone - Warm Strings.wav").read_bytes()
    again = cli("render", tone, twin, "--preset", "warm-strings", *DRAFT, "--out-dir", out, "--json")
    answer = json.loads(again.stdout)
    assert (again.returncode, answer["code"]) == (2, "audio.exists")
    assert "and 1 more exist already. Add --force" in answer["message"]
    assert (out / "tone - Warm Strings.wav").read_bytes() == before


class _OneFails:
    """A renderer whose engine fails with one file, and without its model with all."""

    def __init__(self, error: EngineError) -> None:
        self.error, self.seen = error, list[str]()

    def render(self, request: RenderRequest, *_: object) -> Stem:
        self.seen.append(request.source.name)
        if request.source.name == "bad.wav":
            raise self.error
        return Stem(path=request.stem, start=0, length=480, rate=48_000, channels=1, seconds_taken=0.1)


@pytest.mark.parametrize(
    ("error", "ends", "seen"),
    [
        (EngineError("engine.nan", "stylus-mini returned NaN"), 3, ["bad.wav", "tone.wav"]),
        (CheckpointError("checkpoint.damaged", "no weights"), CheckpointError, ["bad.wav"]),
    ],
)
def test_an_engine_that_fails_with_one_file_goes_on_with_the_others_but_not_without_its_model(
    tone, tmp_path, monkeypatch, error, ends, seen
) -> None:
    renderer, bad = _OneFails(error), write_tone(tmp_path / "bad.wav", seconds=0.1)
    monkeypatch.setattr(in_process, "late_renderer", lambda _: renderer)
    wish = Wish(source=Path(), stem=Path("stem.wav"), preset="warm-strings", state_dir=tmp_path / "state")
    places = Places(out_dir=tmp_path / "out")
    with pytest.raises(CheckpointError) if ends is CheckpointError else nullcontext():
        assert in_process.render(wish, [bad, tone], places, as_json=True) == ends
    assert renderer.seen == seen


def test_of_two_renders_to_one_place_at_once_one_is_told_that_it_came_late(tone, tmp_path) -> None:
    stem, both = tmp_path / "stem.wav", []
    for seed in ("1", "2"):
        command = [*COMMAND, "render", tone, "--preset", "warm-strings", "--seed", seed, "-o", stem, "--json"]
        said = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        both.append(subprocess.Popen(command, env=environment(tmp_path / "home"), **said))
    ended = sorted((one.communicate(timeout=120)[0], one.returncode) for one in both)
    assert sorted(code for _, code in ended) == [0, 2], ended
    assert any('"audio.exists"' in said for said, _ in ended)
    assert not list(tmp_path.glob(".stylus-*"))


def test_a_stem_is_replaced_with_force_only(cli, tone, tmp_path) -> None:
    stem = tmp_path / "stem.wav"
    stem.write_bytes(b"mine")
    options = ("--style", tone, *DRAFT, "-o", stem)
    refused = cli("render", tone, *options)
    assert (refused.returncode, stem.read_bytes()) == (2, b"mine")
    assert "[audio.exists]" in refused.stderr
    assert cli("render", tone, *options, "--force").returncode == 0
    assert soundfile.info(stem).frames == 16_000


@pytest.mark.parametrize(
    ("places", "said"),
    [
        ((), "No place for the stem was given"),
        (("-o", "x.wav"), "--out names one stem, but 2 files were given"),
        (("-o", "x.wav", "--out-dir", "out"), "Both --out and --out-dir were given"),
        (("--out-dir", "no/such/folder"), "Make it first, or name another --out-dir"),
    ],
)
def test_places_that_do_not_fit_are_refused_with_what_to_write(cli, tone, tmp_path, places, said) -> None:
    ended = cli("render", tone, tone, "--preset", "warm-strings", *places, cwd=tmp_path)
    assert ended.returncode == 2
    assert said in ended.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["tone.wav"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo terminals")
def test_on_a_terminal_the_bar_tells_the_time_left(tone: Path, tmp_path: Path) -> None:
    controller, terminal = pty.openpty()
    command = [*COMMAND, "render", str(tone), "--style", str(tone), "-o", str(tmp_path / "stem.wav")]
    home = {**environment(tmp_path / "home"), "TERM": "xterm", "COLUMNS": "120"}
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=terminal, env=home)
    os.close(terminal)
    shown = b""
    while chunk := _read(controller):
        shown += chunk
    running.communicate(timeout=60)
    assert running.returncode == 0
    assert b" left " in shown


def _read(controller: int) -> bytes:
    try:
        return os.read(controller, 4096)
    except OSError:  # Linux says so where others give no more bytes
        return b""


def test_a_stem_never_takes_the_place_of_another_file_that_is_rendered_even_with_force(cli, tone, tmp_path) -> None:
    other = write_tone(tmp_path / "tone - Warm Strings.wav", seconds=0.2)
    before = other.read_bytes()
    ended = cli("render", tone, other, "--preset", "warm-strings", "--out-dir", tmp_path, "--force")
    assert (ended.returncode, "[audio.protected]" in ended.stderr) == (2, True)
    assert other.read_bytes() == before
    assert len(list(tmp_path.glob("*.wav"))) == 2
