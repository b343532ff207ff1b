"""Wrong input ends with exit code 2 and a message that says what to do; nothing is written."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
import soundfile

from stylus_daw.commands.render.wish import style_of
from stylus_daw.errors import RequestError


def damaged(folder: Path) -> dict[str, Path]:
    """A file for each way in which audio can be wrong."""
    silence = np.zeros((4_800, 2), np.float32)
    not_finite = silence.copy()
    not_finite[1_000, 1] = np.nan
    files = {name: folder / f"{name}.wav" for name in ("missing", "empty", "text", "nan", "fast", "wide", "loud")}
    files["empty"].touch()
    files["text"].write_text("Once upon a time")
    soundfile.write(files["nan"], not_finite, 48_000, subtype="FLOAT")
    soundfile.write(files["fast"], silence, 300_000)
    soundfile.write(files["loud"], np.tile(np.array([30_000, -30_000], np.float32), 4_800), 48_000, subtype="FLOAT")
    soundfile.write(files["wide"], np.zeros((4_800, 9), np.float32), 48_000)
    return files


@pytest.mark.parametrize(
    ("which", "code", "said"),
    [
        ("missing", "audio.missing", "does not exist"),
        ("empty", "audio.empty", "0 bytes"),
        ("text", "audio.format", "Export it as WAV"),
        ("nan", "audio.non_finite", "sample 1000 of channel 2"),
        ("fast", "audio.rate", "300,000 Hz"),
        ("wide", "audio.channels", "9 channels"),
        ("loud", "audio.level", "full scale at 1.0"),
    ],
)
def test_audio_that_cannot_be_used_is_refused(cli, tmp_path, which, code, said):
    ended = cli("render", damaged(tmp_path)[which], "--preset", "warm-strings", "-o", tmp_path / "out.wav", "--json")
    answer = json.loads(ended.stdout)
    assert (ended.returncode, answer["code"]) == (2, code)
    assert said in answer["message"]
    assert ended.stderr == ""
    assert not (tmp_path / "out.wav").exists()


def test_people_get_the_same_in_words_on_stderr(cli, tmp_path):
    ended = cli("render", tmp_path / "no.wav", "--preset", "warm-strings", "-o", tmp_path / "out.wav")
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert "no.wav' does not exist" in ended.stderr
    assert "[audio.missing]" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_style_that_cannot_be_used_is_refused(cli, tone, tmp_path):
    ended = cli("render", tone, "--style", damaged(tmp_path)["text"], "-o", tmp_path / "out.wav", "--json")
    assert (ended.returncode, json.loads(ended.stdout)["code"]) == (2, "audio.format")


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--preset", "warm-string"], "preset.unknown", 'Did you mean "warm-strings"?'),
        ([], "request.style_source", "either --preset ID or --style FILE"),
        (["--preset", "warm-strings", "--style", "a.wav"], "request.style_source", "Both"),
        (["--preset", "warm-strings", "--strength", "2.5"], "request.range", "strength is 2.5; allowed: 0 to 2"),
        (["--preset", "warm-strings", "--seed", "-1"], "request.range", "seed is -1"),
        (["--preset", "warm-strings", "--quality", "best"], "request.quality", "draft, normal, high"),
        (["--preset", "warm-strings", "--steps", "many"], "cli.usage", "--steps"),
        (["--style", "tone.wav=much"], "request.weight", "'much'"),
        (["--style", "tone.wav=-1"], "request.range", "-1; allowed"),
    ],
)
def test_options_that_make_no_sense_are_refused(cli, tone, options, code, said):
    ended = cli("render", tone.name, *options, "-o", "out.wav", "--json", cwd=tone.parent)
    answer = json.loads(ended.stdout)
    assert (ended.returncode, answer["code"]) == (2, code)
    assert said in answer["message"]


def test_an_unknown_checkpoint_is_refused_and_the_nearest_is_named(cli, tone, tmp_path):
    options = ["--preset", "warm-strings", "--checkpoint", "stylus-mino"]
    ended = cli("render", tone, *options, "-o", tmp_path / "out.wav", "--json")
    answer = json.loads(ended.stdout)
    assert (ended.returncode, answer["code"]) == (2, "checkpoint.unknown")
    assert "'stylus-mini'" in answer["message"]


@pytest.mark.parametrize(
    ("out", "code", "said"),
    [
        ("tone.wav", "audio.protected", "never overwritten"),
        ("link.wav", "audio.protected", "never overwritten"),
        ("style.wav", "audio.protected", "style.wav"),
        ("out.mp3", "audio.format", "Name it out.wav"),
        ("no/such/folder/out.wav", "audio.write", "Make that folder first"),
        ("folder.wav", "audio.write", "is a folder"),
    ],
)
def test_a_place_where_no_stem_may_go_is_refused_before_the_render(cli, tone, out, code, said):
    folder = tone.parent
    os.link(tone, folder / "link.wav")
    (folder / "style.wav").write_bytes(tone.read_bytes())
    (folder / "folder.wav").mkdir()
    before = tone.read_bytes()
    ended = cli("render", tone.name, "--style", "style.wav", "-o", out, "--json", cwd=folder)
    answer = json.loads(ended.stdout)
    assert (ended.returncode, answer["code"]) == (2, code)
    assert said in answer["message"]
    assert tone.read_bytes() == before


def test_a_style_is_a_file_before_it_is_a_file_and_a_weight(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("a.wav", "a=2.wav", "b=3"):
        Path(name).touch()
    assert (style_of("a.wav").path.name, style_of("a.wav").weight) == ("a.wav", 1.0)
    assert (style_of("a.wav=0.5").path.name, style_of("a.wav=0.5").weight) == ("a.wav", 0.5)
    assert (style_of("a=2.wav").path.name, style_of("a=2.wav").weight) == ("a=2.wav", 1.0)
    assert (style_of("a=2.wav=4").path.name, style_of("a=2.wav=4").weight) == ("a=2.wav", 4.0)
    assert (style_of("b=3").path.name, style_of("b=3").weight) == ("b=3", 1.0)
    assert style_of("gone=x.wav").path.name == "gone=x.wav"
    with pytest.raises(RequestError, match="nan"):
        style_of("a.wav=nan")
