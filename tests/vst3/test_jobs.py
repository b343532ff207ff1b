"""Plugins in jobs: what fails, fails its job by name; the render process lives on and leaves nothing behind."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from stylus_daw.chain.planning import planned
from stylus_daw.chain.spec import ChainSpec
from stylus_daw.jobs.job import JobDone, JobEnding, JobFailed, JobWasCancelled, RenderRequest, StyleFile
from stylus_daw.jobs.process.worker import RenderWorker
from tests.vst3.plugin_sounds import chain, fresh, noise

pytestmark = pytest.mark.vst3


@pytest.fixture
def worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RenderWorker]:
    monkeypatch.setenv("STYLUS_HOME", str(tmp_path))
    monkeypatch.setenv("STYLUS_TEST_BLOCK_S", "3")
    worker = RenderWorker("tests.vst3.plugin_renderer:make", grace_s=0.5)
    yield worker
    worker.close()


def request(folder: Path, spec: ChainSpec) -> RenderRequest:
    source = folder / "source.wav"
    soundfile.write(source, noise().samples.T, 48_000, subtype="FLOAT")
    return RenderRequest(source=source, stem=folder / "stem.wav", styles=(StyleFile(path=source),), chain=planned(spec))


def render(worker: RenderWorker, wanted: RenderRequest, cancelled: threading.Event | None = None) -> JobEnding:
    return worker.render("a", wanted, lambda event: None, cancelled or threading.Event())


def children(pid: int) -> set[int]:
    return {int(one) for task in Path(f"/proc/{pid}/task").glob("*/children") for one in task.read_text().split()}


def is_running(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


@pytest.mark.parametrize(
    ("name", "code"), [("StylusCrashRun", "chain.plugin_crashed"), ("StylusHangRun", "chain.plugin_timeout")]
)
def test_a_plugin_that_fails_fails_its_job_and_the_next_job_has_the_same_process(
    plugins: Path, worker: RenderWorker, tmp_path: Path, name: str, code: str
) -> None:
    ending = render(worker, request(tmp_path, chain(fresh(plugins, name, armed=1))))
    assert isinstance(ending, JobFailed)
    assert (ending.code, f'The plugin "{name}"' in ending.message) == (code, True)
    before = worker.pid
    ending = render(worker, request(tmp_path, chain(fresh(plugins, "StylusGain", gain_db=-6))))
    assert isinstance(ending, JobDone)
    assert worker.pid == before
    assert before is not None
    assert not [pid for pid in children(before) if is_running(pid) and _is_plugin(pid)]
    stem, _ = soundfile.read(tmp_path / "stem.wav", dtype="float32", always_2d=True)
    np.testing.assert_allclose(stem.T, noise().samples * 10 ** (-6 / 20), atol=1e-6)


def test_a_cancelled_job_leaves_no_plugin_behind_that_hangs(
    plugins: Path, worker: RenderWorker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STYLUS_TEST_BLOCK_S", "600")
    cancelled, hanging = threading.Event(), set[int]()

    def cancel_once_it_hangs() -> None:
        deadline = time.monotonic() + 30
        while not hanging and time.monotonic() < deadline:
            time.sleep(0.1)
            hanging.update(pid for pid in children(worker.pid or os.getpid()) if _is_plugin(pid))
        time.sleep(3)
        cancelled.set()

    threading.Thread(target=cancel_once_it_hangs).start()
    ending = render(worker, request(tmp_path, chain(fresh(plugins, "StylusHangRun", armed=1))), cancelled)
    assert isinstance(ending, JobWasCancelled)
    assert hanging
    deadline = time.monotonic() + 10
    while any(is_running(pid) for pid in hanging) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not [pid for pid in hanging if is_running(pid)]


def _is_plugin(pid: int) -> bool:
    """A spawned process; multiprocessing's resource tracker is another child."""
    try:
        return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
