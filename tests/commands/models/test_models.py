"""``stylus-daw models``: from a file on disk to a stem, and what is told on the way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from wavinfo import WavInfoReader

from tests.support.engine.little_hub import serving
from tests.support.engine.original_layout import write_single_file
from tests.support.engine.tiny_stable_diffusion import make


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("models") / "tiny")


def test_a_single_file_is_added_listed_rendered_with_verified_and_removed(cli, folder, tone, tmp_path):
    file = write_single_file(folder, tmp_path / "mine.safetensors", "sd-1.5")
    added = cli("models", "add", "mine", file, "--configs", folder, "--json")
    assert added.returncode == 0, added.stdout + added.stderr
    sha256 = json.loads(added.stdout)["sha256"]
    listed = [json.loads(line) for line in cli("models", "--json").stdout.splitlines()]
    assert [one["name"] for one in listed] == ["stylus-mini", "mine"]
    assert (listed[1]["family"], listed[1]["sha256"], listed[1]["memory"]["fits"]) == ("sd-1.5", sha256, True)
    assert "OpenRAIL" in listed[1]["licence"]
    stem = tmp_path / "stem.wav"
    knobs = ("--steps", 1, "--device", "cpu", "--checkpoint", "mine", "--structure-end", 0.3, "--matching", "exact")
    rendered = cli("render", tone, "--style", tone, "--out", stem, *knobs)
    assert rendered.returncode == 0, rendered.stderr
    assert f"mine {sha256[:12]}" in WavInfoReader(str(stem)).bext.description
    assert cli("models", "verify").returncode == 0
    changed = bytearray(file.read_bytes())
    changed[-1] ^= 1
    file.write_bytes(changed)
    verified = cli("models", "verify", "mine")
    assert verified.returncode == 1
    assert "changed since it was added" in verified.stdout
    assert cli("models", "remove", "mine").returncode == 0
    assert file.exists()
    assert cli("models", "list", "--json").stdout.count("\n") == 1


def test_the_model_that_came_with_the_package_is_verified_like_all_that_are_listed(cli):
    named, every = cli("models", "verify", "stylus-mini", "--json"), cli("models", "verify", "--json")
    assert (named.returncode, every.returncode) == (0, 0)
    answer = json.loads(named.stdout)
    assert (answer["name"], answer["ok"], len(answer["sha256"])) == ("stylus-mini", True, 64)
    assert json.loads(every.stdout) == answer


def test_a_state_folder_that_is_named_is_where_the_engine_looks(cli, folder, tone, tmp_path):
    there = ("--state-dir", tmp_path / "elsewhere")
    assert cli("models", "add", "mine", folder, *there).returncode == 0
    knobs = ("--steps", 1, "--device", "cpu", "--checkpoint", "mine", "--style", tone, "--out", tmp_path / "stem.wav")
    assert cli("render", tone, *knobs).returncode == 2
    rendered = cli("render", tone, *knobs, *there)
    assert rendered.returncode == 0, rendered.stderr


def test_a_download_needs_consent(cli, folder, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    with serving({"someone/tiny": folder}) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
        add = ("models", "add", "tiny", "someone/tiny")
        refused = cli(*add)
        assert refused.returncode == 2
        assert "--allow-download" in refused.stderr
        assert hub.asked == []
        agreed = cli(*add, "--allow-download")
        assert agreed.returncode == 0, agreed.stderr
        asked = len(hub.asked)
        assert cli("models", "info", "someone/tiny").returncode == 0
        assert len(hub.asked) == asked


def test_a_render_may_download_if_it_is_told_so(cli, folder, tone, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    with serving({"someone/tiny": folder}) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
        stem = tmp_path / "stem.wav"
        knobs = ("--steps", 1, "--device", "cpu", "--checkpoint", "someone/tiny", "--style", tone, "--out", stem)
        refused = cli("render", tone, *knobs)
        assert "nothing is downloaded by itself" in refused.stderr
        assert hub.asked == []
        rendered = cli("render", tone, *knobs, "--allow-download")
        assert rendered.returncode == 0, rendered.stderr
        assert stem.is_file()


def test_offline_is_said(cli, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    ended = cli("models", "add", "tiny", "someone/tiny", "--allow-download", "--json")
    assert ended.returncode == 1
    assert json.loads(ended.stdout)["code"] == "hub.offline"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("add", "mine", "model.ckpt"), "checkpoint.pickle"),
        (("add", "mine", "nowhere"), "checkpoint.unknown"),
        (("add", "stylus-mini", "nowhere"), "model.name"),
        (("add", "mine", "nowhere", "--family", "sd-9"), "model.family"),
        (("remove", "nobody"), "model.unknown"),
        (("info", "nobody"), "checkpoint.unknown"),
    ],
)
def test_what_cannot_be_is_refused(cli, arguments, code):
    ended = cli("models", *arguments, "--json")
    assert ended.returncode == (1 if code == "checkpoint.pickle" else 2)
    assert json.loads(ended.stdout)["code"] == code
