"""``stylus-daw presets`` and takes, as people use them."""

from __future__ import annotations

import json

import pytest
import soundfile

from stylus_daw.commands.reporting import REFUSED


def told(ended):
    assert ended.returncode == 0, ended.stderr
    return [json.loads(line) for line in ended.stdout.splitlines()]


def test_a_preset_from_copy_to_trash_and_back(cli, tmp_path):
    (copy,) = told(cli("presets", "duplicate", "#0", "My Strings", "--json"))
    assert (copy["id"], copy["own"]) == ("my-strings", True)
    assert told(cli("presets", "tag", "my-strings", "dark", "--remove", "warm", "--json"))[0]["tags"][-1] == "dark"
    cli("presets", "favourite", "my-strings")
    assert [one["id"] for one in told(cli("presets", "list", "--favourites", "--json"))] == ["my-strings"]
    assert [one["id"] for one in told(cli("presets", "search", "my strings", "--tag", "dark", "--json"))] == [
        "my-strings"
    ]
    (sent,) = told(cli("presets", "export", f"#{copy['program']}", tmp_path, "--json"))
    (gone,) = told(cli("presets", "delete", "my-strings", "--json"))
    assert told(cli("presets", "list", "--trash", "--json"))[0]["key"] == gone["key"]
    (taken,) = told(cli("presets", "import", sent["file"], "--json"))
    assert (taken["id"], taken["is_new"]) == ("my-strings", True)
    assert "my-strings-2" in cli("presets", "restore", gone["key"]).stdout
    assert "0 deleted presets" in cli("presets", "purge").stdout


def test_what_is_wrong_with_a_bundle_is_said(cli, tmp_path):
    (tmp_path / "odd.styluspreset").write_bytes(b"not a bundle")
    ended = cli("presets", "import", tmp_path / "odd.styluspreset")
    assert ended.returncode == 2
    assert "odd.styluspreset" in ended.stderr


def test_a_good_bundle_among_bad_ones_is_taken(cli, tmp_path):
    (tmp_path / "odd.styluspreset").write_bytes(b"not a bundle")
    (sent,) = told(cli("presets", "export", "kalimba-rain", tmp_path, "--json"))
    again = cli("presets", "export", "kalimba-rain", tmp_path)
    assert (again.returncode, "exists already" in again.stderr) == (REFUSED, True)
    assert told(cli("presets", "export", "kalimba-rain", tmp_path, "--force", "--json")) == [sent]
    home = ("--state-dir", tmp_path / "other")
    ended = cli("presets", "import", tmp_path / "odd.styluspreset", sent["file"], "--json", *home)
    refused, taken = (json.loads(line) for line in ended.stdout.splitlines())
    assert (ended.returncode, refused["code"], taken["id"]) == (2, "bundle.damaged", "kalimba-rain")
    paused = cli("presets", "import", sent["file"], "--pause", input="\n")
    assert (paused.returncode, "Press Enter" in paused.stdout) == (0, True)


def test_takes_are_aligned_stems_that_differ(cli, tone, weights, tmp_path):
    out = tmp_path / "out.wav"
    made = told(cli("render", tone, "--preset", "Glass Vibes", "-o", out, "--takes", "2", "--spread", "0.5", "--json"))
    assert [one["stem_path"] for one in made] == [str(tmp_path / "out-1.wav"), str(tmp_path / "out-2.wav")]
    first, second = (soundfile.read(one["stem_path"])[0] for one in made)
    assert first.shape == second.shape
    assert not out.exists()
    assert abs(first - second).max() > 1e-3


@pytest.mark.slow
def test_a_preset_of_a_take_makes_that_take_again(cli, tone, weights, tmp_path):
    cli("render", tone, "--preset", "Glass Vibes", "-o", tmp_path / "out.wav", "--takes", "2", "--spread", "0.5")
    (kept,) = told(cli("presets", "save", "Second Take", "--stem", tmp_path / "out-2.wav", "--json"))
    shown = told(cli("presets", "show", kept["id"], "--json"))[0]
    assert shown["settings"]["strength"] == 1.5
    (again,) = told(cli("render", tone, "--preset", "Second Take", "-o", tmp_path / "again.wav", "--json"))
    assert (soundfile.read(again["stem_path"])[0] == soundfile.read(tmp_path / "out-2.wav")[0]).all()
