"""``install``, ``export`` and ``watch`` as people run them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.files import Provenance, probe, read, write_audio, write_stem
from stylus_daw.jobs.job import JobDone, Origin, Region, RenderRequest, Stem, StyleFile
from stylus_daw.jobs.journal.journal import Journal


class Terminal:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.home = root / "state"

    def run(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "stylus_daw.cli", *(str(argument) for argument in arguments)]
        outside = {
            **os.environ,
            "STYLUS_HOME": str(self.home),
            "HOME": str(self.root),
            "XDG_CONFIG_HOME": str(self.root),
        }
        return subprocess.run(command, capture_output=True, text=True, timeout=300, env=outside, cwd=self.root)

    def json(self, *arguments: object) -> list[dict[str, Any]]:
        ended = self.run(*arguments, "--json")
        return [json.loads(line) for line in ended.stdout.splitlines()]


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    (tmp_path / "state").mkdir()
    return Terminal(tmp_path)


@pytest.fixture
def stem(terminal: Terminal) -> Path:
    """The stem of the finished job ``take-1``."""
    folder = terminal.home / "jobs" / "take-1"
    folder.mkdir(parents=True)
    samples = np.random.default_rng(5).uniform(-0.5, 0.5, (2, 480)).astype(np.float32)
    write_stem(folder / "stem.wav", Clip(samples=samples, rate=48_000, start=960), Provenance(preset="Warm Strings"))
    request = RenderRequest(
        source=folder / "input.wav",
        stem=folder / "stem.wav",
        styles=(StyleFile(path=folder / "style.flac"),),
        region=Region(start=960, length=480, rate=48_000),
        origin=Origin(client="reaper", preset="Warm Strings"),
    )
    journal = Journal(terminal.home / "journal.sqlite")
    journal.record_queued([("take-1", request)])
    journal.record_started("take-1")
    done = Stem(path=folder / "stem.wav", start=960, length=480, rate=48_000, channels=2)
    journal.record_finished("take-1", JobDone(job="take-1", stem=done))
    journal.record_queued([("take-2", request)])
    journal.close()
    return folder / "stem.wav"


def test_installing_says_what_was_copied_and_what_to_click(terminal):
    (terminal.root / "REAPER").mkdir()
    ended = terminal.run("install", "reaper")
    assert ended.returncode == 0
    assert "new        Stylus - cancel.lua" in ended.stdout
    assert "Load ReaScript" in ended.stdout
    assert (terminal.root / "REAPER" / "Scripts" / "Stylus" / "stylus" / "installed.lua").is_file()


def test_installing_and_uninstalling_for_machines(terminal):
    target = terminal.root / "own scripts"
    dry = terminal.json("install", "reaper", "--to", target, "--dry-run")
    assert dry[0]["dry_run"]
    assert not target.exists()
    [said] = terminal.json("install", "reaper", "--to", target)
    assert {file["deed"] for file in said["files"]} == {"new"}
    [gone] = terminal.json("install", "reaper", "--to", target, "--uninstall")
    assert {file["deed"] for file in gone["files"]} == {"removed"}
    assert list(target.iterdir()) == []


def test_what_was_built_of_the_plugin_goes_to_its_folders_and_out_again(terminal):
    built = terminal.root / "built"
    for name in ("StylusConnect.clap", "StylusConnect.lv2/manifest.ttl"):
        (built / name).parent.mkdir(parents=True, exist_ok=True)
        (built / name).write_text("what `make plugin` leaves", "utf-8")
    target = terminal.root / "plugins"
    said = terminal.json("install", "connect", "--from", built, "--to", target)
    assert {(Path(one["folder"]).name, file["deed"]) for one in said for file in one["files"]} == {
        (".clap", "new"),
        (".lv2", "new"),
    }
    assert (target / ".lv2" / "StylusConnect.lv2" / "manifest.ttl").is_file()
    refused = terminal.run("install", "connect", "--from", terminal.root)
    assert "[install.not_built]" in refused.stderr
    gone = terminal.json("install", "connect", "--to", target, "--uninstall")
    assert "removed" in {file["deed"] for one in gone for file in one["files"]}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other desktops have no such files")
def test_the_desktop_is_told_and_untold(terminal, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(terminal.root / "data"))
    entry = terminal.root / "data" / "applications" / "stylus-daw.desktop"
    dry, written, gone = (
        terminal.json("install", "desktop", *options)[0] for options in (["--dry-run"], [], ["--uninstall"])
    )
    assert dry["desktop"] == written["desktop"] == gone["desktop"]
    assert str(entry) in dry["desktop"]
    assert not entry.exists()
    assert "None of our files" in terminal.run("install", "desktop", "--uninstall").stdout


@pytest.mark.parametrize(("daw", "code"), [("reaper", "install.not_found"), ("cubase", "install.unknown")])
def test_what_cannot_be_installed_is_refused(terminal, daw, code):
    ended = terminal.run("install", daw)
    assert ended.returncode == 2
    assert f"[{code}]" in ended.stderr


@pytest.mark.parametrize(
    ("form", "suffix"), [("bwf", ".wav"), ("padded", ".wav"), ("dawproject", ".dawproject"), ("zip", ".zip")]
)
def test_a_job_is_exported_in_every_form(terminal, stem, form, suffix):
    [said] = terminal.json("export", "take-1", "--as", form)
    marked = " padded" if form == "padded" else ""
    assert Path(said["path"]) == stem.parent / f"Warm Strings{marked}{suffix}"
    assert Path(said["path"]).is_file()
    assert said["start_sample"] == 960


def test_a_stem_is_exported_to_a_named_file_or_folder(terminal, stem, tmp_path):
    assert terminal.run("export", stem, "--as", "padded", "-o", tmp_path / "out.wav").returncode == 0
    assert probe(tmp_path / "out.wav").frames == 1_440
    assert np.array_equal(read(tmp_path / "out.wav").samples[:, 960:], read(stem).samples)
    names = [Path(terminal.json("export", stem, "-o", tmp_path)[0]["path"]).name for _ in range(3)]
    assert names == ["Warm Strings.wav", "Warm Strings bwf.wav", "Warm Strings bwf 2.wav"]


def test_an_export_keeps_the_name_of_its_file_and_gets_its_suffix_once(terminal, stem, tmp_path):
    own, folder = tmp_path / "x.wav", tmp_path / "out"
    own.write_bytes(stem.read_bytes())
    folder.mkdir()
    for form in ("bwf", "zip", "padded"):
        assert terminal.run("export", own, "--as", form, "-o", folder).returncode == 0
    assert terminal.run("export", own, "--as", "zip", "-o", tmp_path / "named").returncode == 0
    assert {path.name for path in folder.iterdir()} == {"x.wav", "x.zip", "x padded.wav"}
    assert (tmp_path / "named.zip").is_file()


@pytest.mark.parametrize(
    ("arguments", "name", "subtype"),
    [
        (["--bits", "16"], "x.wav", "PCM_16"),
        (["--format", "flac"], "x.flac", "PCM_24"),
        (["--format", "flac", "--bits", "16", "--as", "bwf"], "x.flac", "PCM_16"),
        (["--bits", "32"], "x.wav", "FLOAT"),
        (["-o", "y.flac"], "y.flac", "PCM_24"),
    ],
)
def test_an_export_has_the_word_length_that_is_asked_for(terminal, stem, tmp_path, arguments, name, subtype):
    own, folder = tmp_path / "x.wav", tmp_path / "out"
    own.write_bytes(stem.read_bytes())
    folder.mkdir()
    named = [folder / one if one == "y.flac" else one for one in arguments]
    [said] = terminal.json("export", own, *named, *([] if "-o" in named else ["-o", folder]))
    info = probe(folder / name)
    assert Path(said["path"]) == folder / name
    assert f"{said['format']} {said['bits']}" == f"{name[2:]} {({'FLOAT': 32}).get(subtype) or int(subtype[4:])}"
    assert (info.subtype, info.frames, info.time_reference) == (subtype, 480, 960)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["take-1", "--bits", "20"], "export.bits"),
        (["take-1", "--bits", "0"], "export.bits"),
        (["take-1", "--bits", "32", "-o", "out.flac"], "export.bits"),
        (["take-1", "--format", "mp3"], "export.format"),
        (["take-1", "--bits", "16", "--as", "zip"], "export.format"),
        (["take-1", "--format", "wav", "-o", "out.flac"], "export.suffix"),
        (["nothing"], "export.unknown"),
        (["take"], "export.ambiguous"),
        (["take-2"], "job.no_stem"),
        (["take-1", "--as", "mp3"], "export.form"),
        (["take-1", "-o", "out.mp3"], "export.suffix"),
        (["take-1", "--session-start", "soon"], "export.session_start"),
        (["take-1", "--session-start", "01:00:00"], "export.session_start"),
    ],
)
def test_what_cannot_be_exported_is_refused(terminal, stem, arguments, code):
    ended = terminal.run("export", *arguments)
    assert ended.returncode in (1, 2)
    assert f"[{code}]" in ended.stderr


def test_a_watched_folder_renders_with_the_real_model(terminal):
    incoming, outgoing = terminal.root / "in", terminal.root / "out"
    incoming.mkdir()
    samples = np.random.default_rng(5).uniform(-0.1, 0.1, (2, 24_000)).astype(np.float32)
    write_audio(incoming / "loop.wav", Clip(samples=samples, rate=48_000))
    arguments = ("watch", incoming, "--preset", "warm-strings", "--to", outgoing, "--once", "--settle", "0.1")
    [said] = terminal.json(*arguments)
    assert said["event"] == "done"
    assert probe(outgoing / "loop - Warm Strings.wav").frames == 24_000
    assert (incoming / "done" / "loop.wav").is_file()


def test_a_mistyped_folder_is_not_made(terminal):
    ended = terminal.run("watch", "../typo", "--preset", "warm-strings", "--to", terminal.root / "out", "--once")
    assert (ended.returncode, "is not a folder" in ended.stderr) == (2, True)
    assert not (terminal.root.parent / "typo").exists()
    (terminal.root / "in").mkdir()
    ended = terminal.run("watch", "in", "--preset", "warm-strings", "--to", "no/such", "--once")
    assert (ended.returncode, (terminal.root / "no").exists()) == (2, False)


def test_a_file_that_failed_is_told_once_and_is_an_exit_code_of_its_own(terminal):
    (terminal.root / "in").mkdir()
    (terminal.root / "in" / "bad.wav").write_text("not audio")
    ended = terminal.run("watch", "in", "--preset", "warm-strings", "--to", "out", "--once", "--settle", "0.1")
    assert ended.returncode == 3
    lines = (ended.stdout + ended.stderr).splitlines()
    assert len([line for line in lines if "bad.wav" in line]) == 1, lines


def test_a_watched_folder_wants_a_preset_that_exists(terminal):
    ended = terminal.run("watch", terminal.root / "in", "--preset", "nope", "--to", terminal.root / "out")
    assert (ended.returncode, "[preset.unknown]" in ended.stderr) == (2, True)


def test_clicks_come_back_from_the_real_app_without_any_lag(terminal):
    [said] = terminal.json("doctor", "--align", "--port", "0")
    [alignment] = [check for check in said["checks"] if check["name"] == "alignment"]
    assert alignment["state"] == "ok"
    assert alignment["text"].startswith("clicks return 0 samples late")
