"""A batch that is stopped, killed and starved of space goes on where it was: every file once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.support.disks import grow, small_disk
from tests.support.jobs.copying_renderer import renders

BYTES = 8_192  # of a stem on a disk with pages of 4 KiB
COMMAND = [sys.executable, "-m", "tests.support.jobs.batch_to_kill"]


def made(folder: Path, files: int) -> Path:
    folder.mkdir()
    for number in range(files):
        soundfile.write(folder / f"{number:04d}.wav", np.full(480, number / files, np.float32), 48_000)
    return folder


def started(incoming: Path, out: Path) -> subprocess.Popen[str]:
    return subprocess.Popen([*COMMAND, incoming, out], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def struck(incoming: Path, out: Path, number: signal.Signals, *, after: int) -> int:
    """Start it, and send a signal when so many files are done; the exit code."""
    batch = started(incoming, out)
    assert batch.stdout is not None
    for _ in range(after):
        assert batch.stdout.readline()
    batch.send_signal(number)
    batch.communicate(timeout=60)
    return batch.returncode


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("files", [150, pytest.param(1_000, marks=pytest.mark.slow)])
def test_files_survive_ctrl_c_a_kill_and_a_full_disk_each_rendered_once(files: int, tmp_path: Path) -> None:
    incoming = made(tmp_path / "in", files)
    sources = sorted(incoming.glob("*.wav"))
    with small_disk(tmp_path / "out", str(files * BYTES // 2)) as out:
        assert struck(incoming, out, signal.SIGINT, after=files // 10) == 130
        assert struck(incoming, out, signal.SIGKILL, after=files // 10) == -signal.SIGKILL
        starved = started(incoming, out)
        _, said = starved.communicate(timeout=120)
        assert starved.returncode == 1
        assert "run the same command again" in said
        assert files // 5 <= len(list(out.glob("*.wav"))) < files
        grow(out, "64m")
        ended = started(incoming, out)
        _, errors = ended.communicate(timeout=120)
        assert (ended.returncode, errors) == (0, "")
        assert {path.name for path in out.glob("*.wav")} == {path.name for path in sources}
        assert [path.name for path in sources if renders(path) > 1] == []
        assert [path.name for path in out.rglob("*.tmp")] == []
