"""Full disks: the state folder's disk is filled in the middle of renders and given room again. Root only: it mounts."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.reliability.deaths import is_whole, leftovers
from bench.reliability.house import House, until
from bench.reliability.measured import MIB, Row

DISK = "32m"  # room for the jobs, and filled within a moment
FULL_S, ROOM_S = 1.5, 2.0  # s that the disk stays full, and that it has room
FINISH_S = 300.0
GOAL = "alive, each job one outcome, 0 partial stems"


def disk_faults(source: House, jobs: int, times: int) -> list[Row]:
    """That many jobs, while the disk is filled to its last byte that many times."""
    question = f"{jobs} jobs while the disk fills up {times} times"
    place = source.home.parent / "disk"
    with _small_disk(place) as is_mounted:
        if not is_mounted:
            return [Row(question=question, goal=GOAL, measured="not tried: only root may mount a small disk")]
        house = source.moved_to(place / "home")
        try:
            return [_row(house, question, jobs, times)]
        finally:
            house.kill()


def _row(house: House, question: str, jobs: int, times: int) -> Row:
    names = [f"disk-{number}" for number in range(jobs)]
    for name in names:
        house.hand_in(name)
    house.start()
    assert house.app is not None
    until(lambda: any(house.is_rendering(name) or house.outcome(name) for name in names), FINISH_S)
    for _ in range(times):
        ballast = _fill(house.home.parent)
        time.sleep(FULL_S)
        ballast.unlink()
        time.sleep(ROOM_S)
    said = until(lambda: all(house.outcome(name) for name in names), FINISH_S)
    alive = house.app.poll() is None
    house.stop()
    outcomes = [house.outcome(name) for name in names]
    partial = sum(house.outcome(name) == "done" and not is_whole(house, name) for name in names)
    codes = sorted({code for name in names if (code := house.error_of(name))})
    measured = (
        f"alive: {alive}; {outcomes.count('done')} done, {outcomes.count('failed')} failed "
        f"({', '.join(codes) or 'none'}), {outcomes.count(None)} without an outcome, partial stems {partial}, "
        f"temporary files left {leftovers(house)}"
    )
    return Row(question=question, goal=GOAL, measured=measured, holds=said and alive and not partial)


def _fill(folder: Path) -> Path:
    """A file that takes all the room there is."""
    ballast, piece = folder / "ballast", bytes(MIB)
    handle = os.open(ballast, os.O_WRONLY | os.O_CREAT)
    try:
        for size in (MIB, 4_096, 1):
            try:
                while os.write(handle, piece[:size]):
                    """Until not even this fits."""
            except OSError:
                continue
    finally:
        os.close(handle)
    return ballast


@contextmanager
def _small_disk(place: Path) -> Iterator[bool]:
    """Whether a disk of that size is mounted there."""
    place.mkdir()
    mount = shutil.which("mount")
    command = [mount or "mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(place)]
    is_mounted = bool(mount) and os.geteuid() == 0 and not subprocess.run(command, capture_output=True).returncode
    try:
        yield is_mounted
    finally:
        if is_mounted:
            subprocess.run(["umount", "--lazy", str(place)], check=True)
