"""Renders on real workers over TLS: what the queue sees of them is what it sees of a local process."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest
import soundfile

from stylus_daw.audio.files import read_provenance
from stylus_daw.farm.client.farm_worker import FarmWorker
from stylus_daw.farm.errors import FarmError
from stylus_daw.jobs.job import JobDone, JobFailed, JobWasCancelled
from stylus_daw.jobs.process.worker import GRACE_S, RenderWorker
from tests.support.farms import LocalFarm, Render
from tests.support.jobs.farm_renderer import RENDERER, begun, ended, request_for
from tests.support.jobs.listening import is_gone
from tests.support.waiting import eventually


def test_a_stem_comes_back_whole_to_its_place_with_its_provenance(
    farm: LocalFarm, source: Path, tmp_path: Path
) -> None:
    request = request_for(source, tmp_path / "stem.wav", tmp_path / "marks", style=source, seconds=0.3)
    render = Render(farm.client(), request)
    ending = render.ended()
    assert isinstance(ending, JobDone), ending
    assert (ending.stem.path, ending.stem.length, ending.stem.channels) == (request.stem, 4_800, 2)
    assert soundfile.read(request.stem)[0].tobytes() == soundfile.read(source)[0].tobytes()
    assert read_provenance(request.stem) is not None
    assert [event.fraction for event in render.progress] == sorted(event.fraction for event in render.progress)
    assert render.progress


def test_the_same_work_is_rendered_once_whoever_asks(farm: LocalFarm, source: Path, tmp_path: Path) -> None:
    request = request_for(source, tmp_path / "a.wav", tmp_path / "marks", seconds=0.5)
    one, other = farm.client(), farm.client()
    both = [Render(one, request), Render(other, replace(request, stem=tmp_path / "b.wav"))]
    assert all(isinstance(render.ended(), JobDone) for render in both)
    later = Render(farm.client(), replace(request, stem=tmp_path / "c.wav"))
    assert isinstance(later.ended(), JobDone)
    assert ended(tmp_path / "marks") == 1
    assert (tmp_path / "a.wav").read_bytes() == (tmp_path / "b.wav").read_bytes() == (tmp_path / "c.wav").read_bytes()


@pytest.mark.parametrize("deaf", [False, True], ids=["at its next step", "by force"])
def test_a_cancel_frees_the_machine(farm: LocalFarm, source: Path, tmp_path: Path, deaf: bool) -> None:
    request = request_for(source, tmp_path / "stem.wav", tmp_path / "marks", seconds=30, deaf=deaf)
    render = Render(farm.client(), request)
    eventually(lambda: begun(tmp_path / "marks"), 20)
    (child,) = begun(tmp_path / "marks")
    render.cancelled.set()
    asked_at = time.monotonic()
    assert isinstance(render.ended(), JobWasCancelled)
    if deaf:
        eventually(lambda: is_gone(child), 10)
        assert time.monotonic() - asked_at >= GRACE_S * 0.9
    quick = request_for(source, tmp_path / "next.wav", tmp_path / "next", seconds=0)
    both = [Render(farm.client(), replace(quick, device=device)) for device in ("auto", "cpu")]
    assert all(isinstance(one.ended(), JobDone) for one in both), "both workers are free again"
    assert ended(tmp_path / "marks") == 0
    assert not (tmp_path / "stem.wav").exists()


def test_who_asked_goes_and_the_worker_stops(farm: LocalFarm, source: Path, tmp_path: Path) -> None:
    client = farm.client()
    Render(client, request_for(source, tmp_path / "stem.wav", tmp_path / "marks", seconds=30, deaf=True))
    eventually(lambda: begun(tmp_path / "marks"), 20)
    (child,) = begun(tmp_path / "marks")
    client.close()
    eventually(lambda: is_gone(child), 10)


def test_a_render_that_fails_says_what_a_local_one_says(farm: LocalFarm, tmp_path: Path) -> None:
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"not audio")
    ending = Render(farm.client(), request_for(broken, tmp_path / "stem.wav", tmp_path / "marks")).ended()
    assert isinstance(ending, JobFailed)
    assert ending.code == "audio.format"
    missing = request_for(tmp_path / "missing.wav", tmp_path / "stem.wav", tmp_path / "marks")
    ending = Render(farm.client(), missing).ended()
    assert isinstance(ending, JobFailed)
    assert ending.code == "audio.missing"


def test_a_render_that_kills_its_process_is_tried_twice(farm: LocalFarm, source: Path, tmp_path: Path) -> None:
    request = request_for(source, tmp_path / "stem.wav", tmp_path / "marks", crash=True)
    ending = Render(farm.client(), request).ended()
    assert isinstance(ending, JobFailed)
    assert ending.code == "job.crashed"
    assert len(begun(tmp_path / "marks")) == 2


def test_while_the_farm_is_away_this_machine_renders_and_says_so(source: Path, tmp_path: Path, farm: LocalFarm) -> None:
    said: list[str] = []
    settings = replace(farm.settings(), scheduler="127.0.0.1:1")
    worker = FarmWorker(settings, RenderWorker(RENDERER), tell=said.append)
    try:
        ending = Render(worker, request_for(source, tmp_path / "stem.wav", tmp_path / "marks")).ended()
        assert isinstance(ending, JobDone), ending
        assert begun(tmp_path / "marks")
        assert ["Rendering on this machine." in sentence for sentence in said] == [True]
    finally:
        worker.close()
    alone = Render(FarmWorker(settings), request_for(source, tmp_path / "stem.wav", tmp_path / "marks")).ended()
    assert isinstance(alone, FarmError)
    assert "cannot be reached" in alone.message


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_worker_is_killed_and_its_job_is_done_once_elsewhere(source: Path, tmp_path: Path) -> None:
    farm = LocalFarm(tmp_path)
    try:
        first = farm.start_workers("first")
        request = request_for(source, tmp_path / "stem.wav", tmp_path / "marks", seconds=1.5)
        render = Render(farm.client(), request)
        eventually(lambda: begun(tmp_path / "marks"), 20)
        (child,) = begun(tmp_path / "marks")
        first.send_signal(signal.SIGKILL)
        farm.start_workers("second")  # after the kill: a busy machine takes longer for this than the job
        assert isinstance(render.ended(), JobDone), render.ending
        eventually(lambda: is_gone(child))
        assert (len(begun(tmp_path / "marks")), ended(tmp_path / "marks")) == (2, 1)
    finally:
        farm.close()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_the_scheduler_is_killed_and_comes_back_and_nothing_is_lost(source: Path, tmp_path: Path) -> None:
    farm = LocalFarm(tmp_path)
    try:
        workers = farm.start_workers("box", 2)
        client = farm.client()
        stems = [tmp_path / f"{number}.wav" for number in range(3)]
        renders = [
            Render(client, request_for(source, stem, tmp_path / "marks", seconds=1.0, number=number))
            for number, stem in enumerate(stems)
        ]
        eventually(lambda: begun(tmp_path / "marks"), 20)
        farm.scheduler.send_signal(signal.SIGKILL)
        farm.scheduler.wait(10)
        farm.start_scheduler()
        assert all(isinstance(render.ended(60), JobDone) for render in renders), [one.ending for one in renders]
        assert all(stem.exists() for stem in stems)
        assert workers.poll() is None
    finally:
        farm.close()


def test_a_worker_without_room_costs_seconds_and_its_jobs_go_elsewhere(source: Path, tmp_path: Path) -> None:
    """A file in the place of its folder refuses every write, as a full disk does."""
    farm = LocalFarm(tmp_path)
    try:
        farm.start_workers("full")
        (blobs,) = tmp_path.glob("full/**/blobs")
        blobs.rmdir()
        blobs.touch()
        said: list[str] = []
        alone = FarmWorker(farm.settings(), RenderWorker(RENDERER), tell=said.append)
        request = request_for(source, tmp_path / "alone.wav", tmp_path / "marks", number=1)
        assert isinstance(Render(alone, request).ended(20), JobDone)
        assert "has room" in said[0]
        alone.close()
        farm.start_workers("fine")
        requests = [request_for(source, tmp_path / f"{n}.wav", tmp_path / "marks", number=10 + n) for n in range(4)]
        renders = [Render(farm.client(), request) for request in requests]
        assert all(isinstance(render.ended(30), JobDone) for render in renders), [one.ending for one in renders]
    finally:
        farm.close()
