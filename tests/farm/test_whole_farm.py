"""The command line on a farm: scheduler, workers with the shipped model, batch, status, the app."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bench.material.signals import random_melody
from stylus_daw.app import RENDERER
from stylus_daw.farm.client import farm_worker
from stylus_daw.farm.farm_settings import keep_farm
from stylus_daw.jobs.job import JobDone, RenderRequest, StyleFile
from stylus_daw.jobs.process.worker import RenderWorker
from tests.support.farms import LocalFarm, Render
from tests.support.processes import COMMAND, RunningApp, environment, start_app, stop_app, write_tone

pytestmark = pytest.mark.farm


@pytest.fixture(scope="module")
def real_farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalFarm]:
    """Two workers with the shipped model, one thread each."""
    made = LocalFarm(tmp_path_factory.mktemp("real"))
    try:
        for name in ("one", "two"):
            made.start_real_worker(name)
        yield made
    finally:
        made.close()


def shares_made(farm: LocalFarm) -> int:
    """How many shares lie on the farm's workers; what was copied from one to the other counts once."""
    blobs = [path for path in farm.folder.rglob("blobs/*") if path.is_file()]
    return len({path.name for path in blobs if path.read_bytes()[:6] == b"\x93NUMPY"})


def write_melody(path: Path, seconds: float) -> Path:
    melody = random_melody(44_100, seconds, seed=4)
    soundfile.write(path, melody.samples.T, melody.rate, subtype="FLOAT")
    return path


def samples(path: Path) -> bytes:
    return soundfile.read(path, dtype="float32")[0].tobytes()


def request_for(tmp_path: Path, seconds: float, **settings: object) -> RenderRequest:
    source, style = write_tone(tmp_path / "a.wav", seconds=seconds), write_tone(tmp_path / "style.wav", seconds=2)
    request = RenderRequest(source=source, stem=tmp_path / "stem.wav", styles=(StyleFile(path=style),))
    return replace(request, settings=replace(request.settings, **settings))


def rendered_here(request: RenderRequest, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The stem of the same request without a farm, with as many threads as a worker has."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    local, here = RenderWorker(RENDERER), replace(request, stem=request.stem.with_name("here.wav"))
    assert isinstance(local.render("here", here, lambda event: None, threading.Event()), JobDone)
    local.close()
    return here.stem


def test_a_stem_of_the_farm_is_the_local_one_bit_for_bit(
    real_farm: LocalFarm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = request_for(tmp_path, 5.0)
    assert isinstance(Render(real_farm.client(), request).ended(120), JobDone)
    assert samples(request.stem) == samples(rendered_here(request, monkeypatch))


@pytest.mark.parametrize(("seconds", "share_s"), [(16.0, 6.0), pytest.param(600.0, 120.0, marks=pytest.mark.slow)])
def test_a_long_region_is_heard_by_both_workers_and_is_the_local_one_bit_for_bit(
    real_farm: LocalFarm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: float, share_s: float
) -> None:
    monkeypatch.setattr(farm_worker, "SHARE_S", share_s)
    source = write_melody(tmp_path / "long.wav", seconds)
    request = replace(request_for(tmp_path, 1.0), source=source)
    client, before = real_farm.client(), shares_made(real_farm)
    render = Render(client, request)
    assert isinstance(render.ended(seconds * 3), JobDone), render.ending
    assert shares_made(real_farm) == before + 2
    fractions = [event.fraction for event in render.progress]
    assert fractions == sorted(fractions)
    assert samples(request.stem) == samples(rendered_here(request, monkeypatch))
    again = Render(client, replace(request, stem=tmp_path / "again.wav", settings=replace(request.settings, seed=1)))
    assert isinstance(again.ended(seconds * 3), JobDone), again.ending
    assert shares_made(real_farm) == before + 2, "other knobs, the same shares"


def test_a_batch_renders_on_the_farm_in_use_and_here_with_local(real_farm: LocalFarm, tmp_path: Path) -> None:
    incoming = tmp_path / "in"
    incoming.mkdir()
    for number in range(6):
        soundfile.write(incoming / f"{number}.wav", np.random.default_rng(number).uniform(-0.3, 0.3, 9_600), 48_000)
    home = tmp_path / "home"
    keep_farm(home, real_farm.settings())
    batch = [*COMMAND, "batch", str(incoming), "--style", str(incoming / "0.wav"), "--json", "-o"]
    there = subprocess.run([*batch, str(tmp_path / "there")], capture_output=True, text=True, env=environment(home))
    assert there.returncode == 0, there.stderr + there.stdout
    assert json.loads(there.stdout.splitlines()[-1])["counts"] == {"new": 6}
    assert "Rendering on this machine" not in there.stderr
    here = subprocess.run(
        [*batch, str(tmp_path / "here"), "--local"],
        capture_output=True,
        text=True,
        env={**environment(home), "OMP_NUM_THREADS": "1"},
    )
    assert here.returncode == 0, here.stderr
    for path in (tmp_path / "there").glob("*.wav"):
        assert samples(path) == samples(tmp_path / "here" / path.name)


def test_a_host_notices_no_difference(real_farm: LocalFarm, tmp_path: Path) -> None:
    home = tmp_path / "home"
    keep_farm(home, real_farm.settings())
    app: RunningApp = start_app(home, "serve", "--port", "0", "--json")
    try:
        tone = write_tone(tmp_path / "tone.wav", seconds=0.4)
        answers = app.asked("render", tone, "--preset", "warm-strings", "--wait")
        assert answers[-1]["event"] == "done", answers
        assert soundfile.info(answers[-1]["stem_path"]).frames == 19_200
    finally:
        assert stop_app(app) == (0, "")


def test_status_shows_every_worker_and_what_it_does(real_farm: LocalFarm, tmp_path: Path) -> None:
    command = [*COMMAND, "farm", "status", real_farm.address, "--certificates", str(real_farm.certificates), "--json"]
    asked = subprocess.run(command, capture_output=True, text=True, env=environment(tmp_path))
    assert asked.returncode == 0, asked.stderr
    workers = [json.loads(line) for line in asked.stdout.splitlines()]
    assert [(one["name"], one["device"], one["fits"], one["now"]) for one in workers] == [
        ("one", "cpu", True, {}),
        ("two", "cpu", True, {}),
    ]


def test_a_hundred_megabytes_travel_both_ways_whole(real_farm: LocalFarm, tmp_path: Path) -> None:
    source = tmp_path / "long.wav"
    noise = np.random.default_rng(1).uniform(-0.1, 0.1, (100_000_000 // 8, 2)).astype(np.float32)
    soundfile.write(source, noise, 48_000, subtype="FLOAT")
    request = request_for(tmp_path, 1.0, strength=0.0)
    assert isinstance(Render(real_farm.client(), replace(request, source=source)).ended(120), JobDone)
    assert samples(request.stem) == noise.tobytes()
