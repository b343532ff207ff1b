"""No more renders at once on a machine than it has cores: real processes, one or two cores of which are shared."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from stylus_daw.farm.client.farm_worker import FarmWorker
from stylus_daw.farm.farm_settings import FarmSettings
from stylus_daw.farm.worker import turns
from stylus_daw.farm.worker.processes import WorkerPlace
from stylus_daw.farm.worker.turns import WAITING, CoreTurns, cores_here
from stylus_daw.jobs.job import JobDone, JobWasCancelled
from tests.support.farms import LocalFarm, Render
from tests.support.jobs.farm_renderer import RENDERER, begun, ended, request_for
from tests.support.waiting import eventually

HOLDER = """
import sys, threading, time
from pathlib import Path
from stylus_daw.farm.worker.turns import CoreTurns
with CoreTurns(Path(sys.argv[1]), [0]).turn(threading.Event(), lambda: None):
    print("mine", flush=True)
    time.sleep(60)
"""
RACER = """
import os, sys, threading, time
from pathlib import Path
from stylus_daw.farm.worker.turns import CoreTurns
folder, cores = Path(sys.argv[1]), CoreTurns(Path(sys.argv[1]), [0, 1])
most = 0
print("ready", flush=True)
sys.stdin.readline()
for _ in range(40):
    with cores.turn(threading.Event(), lambda: None):
        mark = folder / f"in-{os.getpid()}"
        mark.touch()
        time.sleep(0.005)
        most = max(most, len(list(folder.glob("in-*"))))
        mark.unlink()
print(most)
"""


def process(code: str, folder: Path) -> subprocess.Popen[str]:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    pipe, command = subprocess.PIPE, [sys.executable, "-c", code, str(folder)]
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=env)


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Holds the only core."""
    with process(HOLDER, tmp_path) as held:
        assert held.stdout is not None
        assert held.stdout.readline() == "mine\n"
        yield held
        held.kill()


def has_to_wait(folder: Path, cancelled: threading.Event | None = None, cores: Sequence[int] = (0,)) -> bool:
    """Before a turn, which has been taken when this returns."""
    told = threading.Event()
    with CoreTurns(folder, cores).turn(cancelled or threading.Event(), told.set):
        return told.is_set()


def test_of_four_processes_on_two_cores_two_are_in_at_once_and_never_three(tmp_path: Path) -> None:
    with ExitStack() as stack:
        racers = [stack.enter_context(process(RACER, tmp_path)) for _ in range(4)]
        for racer in racers:
            assert racer.stdout is not None
            assert racer.stdout.readline() == "ready\n"
        for racer in racers:
            assert racer.stdin is not None
            racer.stdin.write("go\n")
            racer.stdin.flush()
        most = [int(racer.communicate(timeout=60)[0]) for racer in racers]
    assert max(most) == 2


def test_a_turn_begins_when_its_holder_is_killed(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    timer = threading.Timer(0.2, holder.kill)
    timer.start()
    assert has_to_wait(tmp_path)
    holder.wait(10)
    assert not has_to_wait(tmp_path), "nothing is left over"


@pytest.mark.usefixtures("holder")
def test_a_cancel_ends_the_wait(tmp_path: Path) -> None:
    cancelled = threading.Event()
    threading.Timer(0.2, cancelled.set).start()
    assert has_to_wait(tmp_path, cancelled)
    assert cancelled.is_set()


@pytest.mark.usefixtures("holder")
def test_who_is_bound_to_another_core_does_not_wait(tmp_path: Path) -> None:
    assert not has_to_wait(tmp_path, cores=[1])


@pytest.mark.usefixtures("holder")
def test_a_holder_that_was_stopped_does_not_stop_the_others_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "LONGEST_S", 0.1)
    assert has_to_wait(tmp_path)


def test_where_nothing_can_be_locked_a_render_takes_no_turn(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert not has_to_wait(tmp_path / "file")


def test_a_worker_on_a_gpu_takes_no_turns(tmp_path: Path) -> None:
    place = WorkerPlace(
        farm=FarmSettings(scheduler="127.0.0.1"),
        name="box",
        devices=("cuda:0", "cpu"),
        home=tmp_path,
        renderer=RENDERER,
        cores=cores_here(),
    )
    assert place.cores is not None
    assert [place.settings(number).cores for number in range(2)] == [None, place.cores]


def test_a_worker_without_a_turn_has_its_audio_says_what_it_waits_for_and_heeds_a_cancel(
    source: Path, tmp_path: Path
) -> None:
    farm = LocalFarm(tmp_path / "farm")
    try:
        workers = [farm.start_workers(name, cores=tmp_path / "cores") for name in ("one", "two")]
        client = farm.client()
        marks, other = tmp_path / "marks", tmp_path / "other"
        first = Render(client, request_for(source, tmp_path / "a.wav", marks, seconds=30))
        eventually(lambda: begun(marks), 20)
        second = Render(client, request_for(source, tmp_path / "b.wav", other, seconds=0.1))
        eventually(lambda: WAITING in stages(client), 20)
        assert len(list(farm.folder.glob("*/farm/*/blobs/*"))) == 2, "both have the audio"
        eventually(lambda: WAITING in [event.stage for event in second.progress])
        second.cancelled.set()
        assert isinstance(second.ended(), JobWasCancelled)
        eventually(lambda: WAITING not in stages(client))
        third = Render(client, request_for(source, tmp_path / "c.wav", other, seconds=0.2))
        eventually(lambda: WAITING in stages(client), 20)
        assert begun(other) == []
        first.cancelled.set()
        assert isinstance(third.ended(), JobDone), third.ending
        assert (len(begun(other)), ended(other)) == (1, 1)
        assert [worker.poll() for worker in workers] == [None, None]
    finally:
        farm.close()


def stages(client: FarmWorker) -> list[str]:
    """What the workers say that they do."""
    connection = client.connected()
    connection.forget_workers()
    return [str(said.now["stage"]) for said in connection.workers("stylus-mini") if said.now]
