"""``stylus-daw render`` with the shipped weights."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from stylus_daw.audio.files import probe, read_provenance
from tests.support import disks

pytestmark = pytest.mark.usefixtures("weights")


def test_a_style_shorter_than_one_window_works(cli, tone, tmp_path):
    short = tmp_path / "short=1.wav"
    soundfile.write(short, np.sin(np.arange(500) / 7) * 0.5, 44_100)
    stem = tmp_path / "stem.wav"
    ended = cli("render", tone, "--style", short, "--style", f"{tone}=0.5", "-o", stem, "--json")
    assert ended.returncode == 0, ended.stdout
    answer = json.loads(ended.stdout)
    assert answer["event"] == "done"
    assert answer["stem_path"] == str(stem)
    info = probe(stem)
    assert (answer["length_samples"], answer["rate"], answer["channels"]) == (16_000, 48_000, 2)
    assert (info.frames, info.rate, info.channels) == (16_000, 48_000, 2)
    provenance = read_provenance(stem)
    assert provenance is not None
    assert provenance.settings["styles"] == [["short=1.wav", 1.0], ["tone.wav", 0.5]]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 64 KiB."""
    with disks.small_disk(tmp_path / "disk", "64k") as place:
        yield place


def test_a_full_disk_leaves_the_old_stem(cli, tone, small_disk):
    stem = small_disk / "stem.wav"
    stem.write_bytes(b"an older stem")
    ended = cli("render", tone, "--style", tone, "--quality", "draft", "-o", stem, "--force", "--json")
    answer = json.loads(ended.stdout)
    assert (ended.returncode, answer["code"]) == (2, "audio.write")
    assert "are free" in answer["message"]
    assert stem.read_bytes() == b"an older stem"
    assert [path.name for path in small_disk.iterdir()] == ["stem.wav"]


def test_a_source_that_breaks_off_is_rendered_and_told(cli, tone, tmp_path):
    tone.write_bytes(tone.read_bytes()[: tone.stat().st_size // 2])
    command = ("render", tone, "--style", tone, "--strength", "0", "-o", tmp_path / "stem.wav")
    told = cli(*command)
    assert told.returncode == 0
    assert "breaks off: its header announces 0.33 s, and it holds 0.17 s" in told.stderr
    answer = json.loads(cli(*command, "--force", "--json").stdout)
    assert (answer["event"], answer["length_samples"]) == ("done", probe(tone).frames)
    assert "breaks off" in answer["note"]
    batch = ("batch", tone, "--style", tone, "--strength", "0", "-o")
    assert "breaks off" in cli(*batch, tmp_path / "said").stdout
    first, *_ = cli(*batch, tmp_path / "json", "--json").stdout.splitlines()
    assert "breaks off" in json.loads(first)["note"]
